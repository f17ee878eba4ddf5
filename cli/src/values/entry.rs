//! What the words about training days, metrics, habits and the outbox are read into.

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use serde::Deserialize;
use steadfast_core::domain::civil_date::CivilDate;
use steadfast_core::domain::time::from_ms;
use steadfast_core::habits::model::HabitField;
use steadfast_core::metrics::kind::MetricKind;
use steadfast_core::metrics::model::ProgressEntryField;
use steadfast_core::metrics::unit::MetricUnit;
use steadfast_core::outbox::model::OutboxStatus;
use steadfast_core::programs::model::Intensity;

use super::{IdPrefix, instant_ms};

/// A moment, with the offset of local time where it says one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant {
    /// When.
    pub at: SystemTime,
    /// Seconds east of Greenwich; `None` for what is written in UTC, which says nothing about the place.
    pub utc_offset_s: Option<i32>,
}

impl Instant {
    /// This moment on this machine's clock.
    pub fn now() -> Self {
        let now = chrono::Local::now();
        Self {
            at: from_ms(now.timestamp_millis()),
            utc_offset_s: Some(now.offset().local_minus_utc()),
        }
    }
}

impl FromStr for Instant {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let at = from_ms(instant_ms(text)?);
        let offset = chrono::DateTime::parse_from_rfc3339(text)
            .ok()
            .filter(|_| !text.ends_with(['Z', 'z']))
            .map(|instant| instant.offset().local_minus_utc());
        Ok(Self {
            at,
            utc_offset_s: offset,
        })
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A number with its unit: `80.5kg`, `177.5 lb`, `18%`, `7`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// How much. Whether it can be is the core's to say.
    pub value: f64,
    /// The unit, if it is named.
    pub unit: Option<MetricUnit>,
}

impl FromStr for Quantity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(value) = text.parse() {
            return Ok(Self { value, unit: None });
        }
        let lower = text.to_ascii_lowercase();
        // `1km` ends with m as well, but `1k` is no number.
        let named = MetricUnit::ALL.iter().map(|unit| (unit.name(), *unit));
        named
            .chain([("%", MetricUnit::Percent)])
            .find_map(|(name, unit)| {
                let value = lower.strip_suffix(name)?.trim_end().parse().ok()?;
                Some(Self {
                    value,
                    unit: Some(unit),
                })
            })
            .ok_or_else(|| {
                format!(
                    "a number, alone or with one of {}",
                    names(MetricUnit::ALL, MetricUnit::name)
                )
            })
    }
}

/// A training day and its new date: `1/3=2026-01-28`, or `1/3=-` for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheduled {
    /// The week of the program.
    pub week: u32,
    /// The day of the week.
    pub day: u32,
    /// The date; `None` takes it away.
    pub date: Option<CivilDate>,
}

impl FromStr for Scheduled {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let form = || "WEEK/DAY=DATE like 1/3=2026-01-28, or 1/3=- to take the date away".to_owned();
        let (days, when) = text.split_once('=').ok_or_else(form)?;
        let (week, day) = days.split_once('/').ok_or_else(form)?;
        Ok(Self {
            week: week.parse().map_err(|_| form())?,
            day: day.parse().map_err(|_| form())?,
            date: if when == "-" { None } else { Some(date(when)?) },
        })
    }
}

/// An event of the outbox: its number there, or the beginning of its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventName {
    /// Its place in the queue.
    Seq(u64),
    /// The beginning of its id.
    Id(IdPrefix),
}

impl FromStr for EventName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Ids are named by 8 characters or more, so that no number of a queue is taken for one.
        match text.parse() {
            Ok(seq) if text.len() < 8 => Ok(Self::Seq(seq)),
            _ => text.parse().map(Self::Id).map_err(|_: String| {
                "the number that the list gives, or at least the first 8 characters of the id".to_owned()
            }),
        }
    }
}

/// A day of the calendar.
///
/// # Errors
/// What it should have been.
pub fn date(text: &str) -> Result<CivilDate, String> {
    text.parse().map_err(|_| format!("{text:?} is no date like 2026-01-28"))
}

/// Milliseconds of so many minutes.
///
/// # Errors
/// What it should have been.
pub fn minutes_ms(text: &str) -> Result<u64, String> {
    let minutes: Option<f64> = text.parse().ok();
    minutes
        .and_then(|minutes| Duration::try_from_secs_f64(minutes * 60.0).ok())
        .and_then(|duration| u64::try_from(duration.as_millis()).ok())
        .ok_or_else(|| "a number of minutes, 0 or more".to_owned())
}

/// How hard it felt.
///
/// # Errors
/// All ratings there are.
pub fn intensity(text: &str) -> Result<Intensity, String> {
    known(text, &Intensity::ALL, Intensity::name)
}

/// What is measured.
///
/// # Errors
/// All metrics there are.
pub fn metric_kind(text: &str) -> Result<MetricKind, String> {
    known(text, &MetricKind::ALL, MetricKind::name)
}

/// A unit.
///
/// # Errors
/// All units there are.
pub fn metric_unit(text: &str) -> Result<MetricUnit, String> {
    known(text, MetricUnit::ALL, MetricUnit::name)
}

/// A field of a metric's entry that can be unset.
///
/// # Errors
/// All of them.
pub fn metric_field(text: &str) -> Result<ProgressEntryField, String> {
    known(text, &ProgressEntryField::ALL, ProgressEntryField::name)
}

/// A field of a habit log that can be unset, by its name or by the option that sets it.
///
/// # Errors
/// All of them.
pub fn habit_field(text: &str) -> Result<HabitField, String> {
    match text {
        "minutes" => Ok(HabitField::Duration),
        name => known(name, &HabitField::ALL, HabitField::name),
    }
}

/// Where an event stands.
///
/// # Errors
/// Every status there is.
pub fn status(text: &str) -> Result<OutboxStatus, String> {
    known(text, &OutboxStatus::ALL, OutboxStatus::name)
}

fn known<T: Copy>(text: &str, all: &[T], name: fn(T) -> &'static str) -> Result<T, String> {
    let found = all.iter().copied().find(|one| name(*one) == text);
    found.ok_or_else(|| format!("one of {}", names(all, name)))
}

fn names<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> String {
    all.iter().map(|one| name(*one)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_keeps_the_offset_that_it_was_written_with() {
        let offset = |text: &str| text.parse::<Instant>().map(|instant| instant.utc_offset_s);
        assert_eq!(offset("2026-01-28T15:30:00+01:00"), Ok(Some(3600)));
        assert_eq!(offset("2026-01-28T15:30:00Z"), Ok(None));
        assert_eq!(offset("2026-01-28"), Ok(None));
        assert!(offset("today").is_err());
    }

    #[test]
    fn a_quantity_is_a_number_with_or_without_its_unit() {
        let read = |text: &str| text.parse::<Quantity>().map(|quantity| (quantity.value, quantity.unit));
        assert_eq!(read("8000"), Ok((8000.0, None)));
        assert_eq!(read("80.5kg"), Ok((80.5, Some(MetricUnit::Kilogram))));
        assert_eq!(read("177.5 lb"), Ok((177.5, Some(MetricUnit::Pound))));
        assert_eq!(read("1km"), Ok((1.0, Some(MetricUnit::Kilometre))));
        assert_eq!(read("90min"), Ok((90.0, Some(MetricUnit::Minute))));
        assert_eq!(read("500kJ"), Ok((500.0, Some(MetricUnit::Kilojoule))));
        assert_eq!(read("18%"), Ok((18.0, Some(MetricUnit::Percent))));
        for wrong in ["", "kg", "80 quintals", "1e", "80kgkg"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_unit_is_read_after_a_number() {
        for unit in MetricUnit::ALL {
            let read = format!("1.5{}", unit.name()).parse::<Quantity>();
            assert_eq!(
                read,
                Ok(Quantity {
                    value: 1.5,
                    unit: Some(*unit)
                })
            );
        }
    }

    #[test]
    fn a_schedule_is_a_day_and_its_date_or_a_dash() {
        let read = |text: &str| {
            text.parse::<Scheduled>()
                .map(|it| (it.week, it.day, it.date.map(|date| date.to_string())))
        };
        assert_eq!(read("1/3=2026-01-28"), Ok((1, 3, Some("2026-01-28".to_owned()))));
        assert_eq!(read("2/1=-"), Ok((2, 1, None)));
        for wrong in ["", "1/3", "1/3=", "1=2026-01-28", "x/1=-", "1/-1=-", "1/3=2026-02-30"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_event_is_named_by_its_number_or_its_id() {
        let read = |text: &str| text.parse::<EventName>();
        assert_eq!(read("12"), Ok(EventName::Seq(12)));
        assert_eq!(read("01998877"), Ok(EventName::Id(IdPrefix("01998877".to_owned()))));
        for wrong in ["", "-1", "abc", "0198abc"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn minutes_are_a_number_that_time_can_have() {
        assert_eq!(minutes_ms("5"), Ok(300_000));
        assert_eq!(minutes_ms("2.5"), Ok(150_000));
        for wrong in ["-1", "NaN", "inf", "1e300", "five"] {
            assert!(minutes_ms(wrong).is_err(), "{wrong}");
        }
    }
}
