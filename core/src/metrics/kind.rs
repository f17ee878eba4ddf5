//! What is measured. One table says each kind's name, its units, and the bounds of what can be. Pure.

use crate::error::{Result, SteadfastError};

use super::unit::MetricUnit as Unit;

/// What an entry measures.
///
/// `Steps`, `Distance`, `ActiveEnergy` and `ActiveDuration` together are a day's activity snapshot. Each of their entries is a part of its
/// day, and `daily` adds them up. Who keeps the day's total so far in one entry edits that entry; who records the total again and again
/// reads the day's `maximum_si` instead of `sum_si`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum MetricKind {
    /// The body's mass, base unit kilograms.
    BodyMass,
    /// The body's height, base unit metres.
    Height,
    /// The share of the body's mass that is fat, base unit fraction: 0 to 1.
    BodyFat,
    /// Steps taken, a count. Part of the day's activity snapshot.
    Steps,
    /// Heart rate, base unit beats per minute.
    HeartRate,
    /// How the person feels, a score from 0 (worst) to 10 (best). An app with a scale of its own maps it to this one: `v` from −1 to 1, as
    /// HealthKit's valence, is `5 · (v + 1)`.
    Mood,
    /// The way covered on foot, on wheels or in water, base unit metres. Part of the day's activity snapshot.
    Distance,
    /// Energy spent in activity, beyond what rest takes, base unit joules. Part of the day's activity snapshot.
    ActiveEnergy,
    /// Time spent in activity, base unit seconds. Part of the day's activity snapshot.
    ActiveDuration,
    /// A kind that a newer version wrote. It can be read, not recorded.
    Unknown,
}

/// The quantities that a metric can have, in its base unit, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, uniffi::Record)]
pub struct MetricBounds {
    /// The least.
    pub minimum_si: f64,
    /// The most.
    pub maximum_si: f64,
}

struct Rule {
    kind: MetricKind,
    name: &'static str,
    /// The base unit first.
    units: &'static [Unit],
    bounds: MetricBounds,
}

const fn rule(kind: MetricKind, name: &'static str, units: &'static [Unit], minimum_si: f64, maximum_si: f64) -> Rule {
    Rule {
        kind,
        name,
        units,
        bounds: MetricBounds { minimum_si, maximum_si },
    }
}

/// The bounds keep out what cannot be (a slipped decimal point, kilograms taken for grams), not what is rare: they lie well beyond every
/// record. Those of the activity snapshot hold for an entry, and an entry for at most a day, which has up to 25 hours.
const RULES: [Rule; 9] = {
    use MetricKind as Kind;
    [
        rule(
            Kind::BodyMass,
            "body_mass",
            &[Unit::Kilogram, Unit::Gram, Unit::Pound, Unit::Ounce, Unit::Stone],
            0.1,
            1_000.0,
        ),
        rule(
            Kind::Height,
            "height",
            &[Unit::Metre, Unit::Centimetre, Unit::Inch, Unit::Foot],
            0.1,
            3.0,
        ),
        rule(Kind::BodyFat, "body_fat", &[Unit::Fraction, Unit::Percent], 0.0, 1.0),
        rule(Kind::Steps, "steps", &[Unit::Count], 0.0, 1_000_000.0),
        rule(Kind::HeartRate, "heart_rate", &[Unit::BeatsPerMinute], 1.0, 350.0),
        rule(Kind::Mood, "mood", &[Unit::Score], 0.0, 10.0),
        rule(
            Kind::Distance,
            "distance",
            &[Unit::Metre, Unit::Kilometre, Unit::Mile, Unit::Yard, Unit::Foot],
            0.0,
            2_000_000.0,
        ),
        rule(
            Kind::ActiveEnergy,
            "active_energy",
            &[Unit::Joule, Unit::Kilojoule, Unit::Kilocalorie],
            0.0,
            418_400_000.0, // 100,000 kcal
        ),
        rule(
            Kind::ActiveDuration,
            "active_duration",
            &[Unit::Second, Unit::Minute, Unit::Hour],
            0.0,
            90_000.0,
        ),
    ]
};

impl MetricKind {
    /// Every kind that can be recorded.
    pub const ALL: [Self; 9] = [
        Self::BodyMass,
        Self::Height,
        Self::BodyFat,
        Self::Steps,
        Self::HeartRate,
        Self::Mood,
        Self::Distance,
        Self::ActiveEnergy,
        Self::ActiveDuration,
    ];

    fn rule(self) -> Option<&'static Rule> {
        RULES.iter().find(|rule| rule.kind == self)
    }

    /// The name in SQL and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.rule().map_or("unknown", |rule| rule.name)
    }

    /// The kind with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        RULES.iter().find(|rule| rule.name == name).map(|rule| rule.kind)
    }

    /// True if this kind is entered in `unit`.
    #[must_use]
    pub fn takes(self, unit: Unit) -> bool {
        self.rule().is_some_and(|rule| rule.units.contains(&unit))
    }

    /// The kind itself, if this version knows it.
    ///
    /// # Errors
    /// `InvalidArgument` naming `kind`.
    pub fn known(self) -> Result<Self> {
        match self {
            Self::Unknown => Err(SteadfastError::invalid("kind", "this version knows no such kind")),
            known => Ok(known),
        }
    }
}

#[uniffi::export]
impl MetricKind {
    /// The unit of `quantity_si` and of daily totals.
    #[must_use]
    pub fn base_unit(&self) -> Unit {
        self.rule().map_or(Unit::Unknown, |rule| rule.units[0])
    }

    /// The units in which it is entered, the base unit first; empty for a kind of a newer version.
    #[must_use]
    pub fn units(&self) -> Vec<Unit> {
        self.rule().map(|rule| rule.units.to_vec()).unwrap_or_default()
    }

    /// What a quantity of it can be; `None` for a kind of a newer version.
    #[must_use]
    pub fn bounds(&self) -> Option<MetricBounds> {
        self.rule().map(|rule| rule.bounds)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_kind_has_its_rule_and_its_name_leads_back() {
        assert_eq!(RULES.map(|rule| rule.kind), MetricKind::ALL);
        let names: HashSet<_> = MetricKind::ALL.map(MetricKind::name).into();
        assert_eq!(names.len(), MetricKind::ALL.len());
        for kind in MetricKind::ALL {
            assert_eq!(MetricKind::from_name(kind.name()), Some(kind));
            assert_eq!(kind.known(), Ok(kind));
        }
    }

    #[test]
    fn a_base_unit_is_one_of_itself_and_every_unit_belongs_to_a_kind() {
        for kind in MetricKind::ALL {
            assert_eq!(kind.base_unit().factor(), Some((1.0, 1.0)), "{kind:?}");
            assert!(kind.takes(kind.base_unit()));
            let bounds = kind.bounds().expect("a kind of this version");
            assert!(0.0 <= bounds.minimum_si && bounds.minimum_si < bounds.maximum_si && bounds.maximum_si.is_finite());
        }
        for unit in Unit::ALL {
            assert!(MetricKind::ALL.iter().any(|kind| kind.takes(*unit)), "{unit:?}");
        }
    }

    #[test]
    fn a_kind_of_a_newer_version_takes_nothing() {
        let unknown = MetricKind::Unknown;
        assert_eq!(
            (unknown.base_unit(), unknown.units(), unknown.bounds()),
            (Unit::Unknown, vec![], None)
        );
        assert_eq!(unknown.known().expect_err("refused").code_name(), "invalid_argument");
        assert_eq!(MetricKind::from_name(unknown.name()), None);
    }

    #[test]
    fn the_table_is_a_contract() {
        let table = MetricKind::ALL.map(|kind| {
            let units: Vec<_> = kind.units().into_iter().map(Unit::name).collect();
            let bounds = kind.bounds().expect("a kind of this version");
            let (minimum, maximum) = (bounds.minimum_si, bounds.maximum_si);
            format!("{}: {} ({minimum} to {maximum})", kind.name(), units.join(" "))
        });
        insta::assert_snapshot!(table.join("\n"), @r"
        body_mass: kg g lb oz st (0.1 to 1000)
        height: m cm in ft (0.1 to 3)
        body_fat: fraction percent (0 to 1)
        steps: count (0 to 1000000)
        heart_rate: bpm (1 to 350)
        mood: score (0 to 10)
        distance: m km mi yd ft (0 to 2000000)
        active_energy: j kj kcal (0 to 418400000)
        active_duration: s min h (0 to 90000)
        ");
    }
}
