//! What the arguments of several rooms are made of: names of cases, dates, instants.

use std::fmt::Debug;
use std::time::SystemTime;

use serde::{Deserialize, Deserializer};
use steadfast_core::accounts::model::{LocalData, SignOut};
use steadfast_core::domain::civil_date::CivilDate;
use steadfast_core::domain::time::from_ms;
use steadfast_core::habits::model::HabitField;
use steadfast_core::metrics::health::HealthSource;
use steadfast_core::metrics::kind::MetricKind;
use steadfast_core::metrics::model::ProgressEntryField;
use steadfast_core::metrics::unit::MetricUnit;
use steadfast_core::outbox::model::ConflictChoice;
use steadfast_core::strength::weight::WeightUnit;
use steadfast_core::sync::model::{Connectivity, MeteredPolicy};

use super::seen::snake_case;

/// A case by its own name in snake case, which is not the one that it travels under.
#[derive(Clone, Copy)]
pub struct Name<T>(pub T);

/// An enumeration that the scenarios name.
pub trait Named: Copy + Debug {
    /// Its cases.
    fn cases() -> Vec<Self>;
}

macro_rules! cases {
    ($($type:ty: $cases:expr),* $(,)?) => {
        $(impl Named for $type {
            fn cases() -> Vec<Self> {
                Vec::from_iter($cases)
            }
        })*
    };
}
cases!(
    MetricKind: MetricKind::ALL.into_iter().chain([MetricKind::Unknown]),
    MetricUnit: MetricUnit::ALL.iter().copied().chain([MetricUnit::Unknown]),
    ProgressEntryField: ProgressEntryField::ALL,
    HealthSource: HealthSource::ALL,
    HabitField: HabitField::ALL,
    LocalData: [LocalData::Adopt, LocalData::Keep],
    SignOut: [SignOut::Keep, SignOut::Discard],
    WeightUnit: WeightUnit::ALL,
    Connectivity: [Connectivity::Offline, Connectivity::Metered, Connectivity::Roaming, Connectivity::Unmetered],
    MeteredPolicy: [MeteredPolicy::Everything, MeteredPolicy::UserActionsOnly, MeteredPolicy::Nothing],
    ConflictChoice: [ConflictChoice::Kept, ConflictChoice::Lost],
);

impl<'de, T: Named> Deserialize<'de> for Name<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let found = T::cases().into_iter().find(|case| snake_case(case) == name);
        found
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom(format!("there is no {name}")))
    }
}

/// `2026-01-28`; also a day that the calendar does not have.
#[derive(Clone, Copy)]
pub struct Date(pub CivilDate);

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parts: Vec<&str> = text.split('-').collect();
        let date = match parts[..] {
            [year, month, day] => year
                .parse()
                .and_then(|year| Ok((year, month.parse()?, day.parse()?)))
                .ok(),
            _ => None,
        };
        let (year, month, day) = date.ok_or_else(|| serde::de::Error::custom(format!("{text} is no date")))?;
        Ok(Self(CivilDate { year, month, day }))
    }
}

/// An instant as the scenarios write it; now if it is missing.
pub(super) fn at(ms: Option<i64>, now_ms: i64) -> SystemTime {
    from_ms(ms.unwrap_or(now_ms))
}

/// The case itself.
pub(super) fn plain<T: Copy>(name: Option<Name<T>>) -> Option<T> {
    name.map(|name| name.0)
}

/// An instant as the scenarios write it.
pub(super) fn instant(ms: Option<i64>) -> Option<SystemTime> {
    ms.map(from_ms)
}

/// The day itself.
pub(super) fn day(date: Option<Date>) -> Option<CivilDate> {
    date.map(|date| date.0)
}
