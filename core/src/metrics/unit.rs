//! The units in which a quantity is entered, and what each is in the base unit of its sort. Pure.

macro_rules! units {
    ($($(#[$doc:meta])* $unit:ident = $name:literal, $numerator:literal / $denominator:literal;)*) => {
        /// A unit in which a quantity is entered. Which units a metric takes is `MetricKind.units`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
        pub enum MetricUnit {
            $($(#[$doc])* $unit,)*
            /// A unit that a newer version wrote. It can be read, not recorded; the entry's `quantity_si` is what that version computed.
            Unknown,
        }

        impl MetricUnit {
            /// Every unit that can be recorded.
            pub const ALL: &'static [Self] = &[$(Self::$unit,)*];

            /// The name in SQL and JSON.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$unit => $name,)*
                    Self::Unknown => "unknown",
                }
            }

            /// One of this unit in the base unit, as an exact fraction of whole numbers; `None` for a unit of a newer version.
            #[must_use]
            pub fn factor(self) -> Option<(f64, f64)> {
                match self {
                    $(Self::$unit => Some(($numerator, $denominator)),)*
                    Self::Unknown => None,
                }
            }
        }
    };
}

// Names are those of HealthKit's unit strings and Health Connect's units, in lower case, where they have one. Factors are from NIST Special
// Publication 811 (2008), appendix B.8, where every factor below that is not a power of ten or a count of seconds stands in bold: exact.
// They are fractions because a double cannot hold 0.45359237, but holds both whole numbers: one product and one quotient are rounded, and
// nothing else.
units! {
    /// Kilograms, the base unit of mass.
    Kilogram = "kg", 1.0 / 1.0;
    /// Grams.
    Gram = "g", 1.0 / 1_000.0;
    /// Pounds (avoirdupois), exactly 0.45359237 kg.
    Pound = "lb", 45_359_237.0 / 100_000_000.0;
    /// Ounces (avoirdupois), a sixteenth of a pound.
    Ounce = "oz", 45_359_237.0 / 1_600_000_000.0;
    /// Stones of 14 pounds.
    Stone = "st", 635_029_318.0 / 100_000_000.0;
    /// Metres, the base unit of length.
    Metre = "m", 1.0 / 1.0;
    /// Centimetres.
    Centimetre = "cm", 1.0 / 100.0;
    /// Kilometres.
    Kilometre = "km", 1_000.0 / 1.0;
    /// Inches, exactly 2.54 cm.
    Inch = "in", 254.0 / 10_000.0;
    /// Feet, exactly 0.3048 m.
    Foot = "ft", 3_048.0 / 10_000.0;
    /// Yards, exactly 0.9144 m.
    Yard = "yd", 9_144.0 / 10_000.0;
    /// Miles, exactly 1609.344 m.
    Mile = "mi", 1_609_344.0 / 1_000.0;
    /// Parts of one, 0 to 1: the base unit of shares, and what HealthKit calls percent.
    Fraction = "fraction", 1.0 / 1.0;
    /// Parts of a hundred, 0 to 100.
    Percent = "percent", 1.0 / 100.0;
    /// A count.
    Count = "count", 1.0 / 1.0;
    /// Beats per minute: the base unit of heart rates here, as nobody reads them in hertz.
    BeatsPerMinute = "bpm", 1.0 / 1.0;
    /// A score on the metric's own scale.
    Score = "score", 1.0 / 1.0;
    /// Joules, the base unit of energy.
    Joule = "j", 1.0 / 1.0;
    /// Kilojoules.
    Kilojoule = "kj", 1_000.0 / 1.0;
    /// Kilocalories (thermochemical), exactly 4184 J.
    Kilocalorie = "kcal", 4_184.0 / 1.0;
    /// Seconds, the base unit of time.
    Second = "s", 1.0 / 1.0;
    /// Minutes.
    Minute = "min", 60.0 / 1.0;
    /// Hours.
    Hour = "h", 3_600.0 / 1.0;
}

impl MetricUnit {
    /// The unit with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|unit| unit.name() == name)
    }
}

#[uniffi::export]
impl MetricUnit {
    /// `quantity` of this unit in the base unit of its sort (kilograms, metres, fraction, joules, seconds …); `None` for a unit of a newer
    /// version.
    #[must_use]
    pub fn quantity_si(&self, quantity: f64) -> Option<f64> {
        let (numerator, denominator) = self.factor()?;
        Some(quantity * numerator / denominator)
    }

    /// A quantity in the base unit of its sort, such as an entry's `quantity_si`, in this unit; `None` for a unit of a newer version.
    #[must_use]
    pub fn quantity_of_si(&self, quantity_si: f64) -> Option<f64> {
        let (numerator, denominator) = self.factor()?;
        Some(quantity_si * denominator / numerator)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_distinct_and_lead_back() {
        let mut names: Vec<_> = MetricUnit::ALL.iter().map(|unit| unit.name()).collect();
        for unit in MetricUnit::ALL {
            assert_eq!(MetricUnit::from_name(unit.name()), Some(*unit));
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), MetricUnit::ALL.len());
        assert_eq!(MetricUnit::from_name(MetricUnit::Unknown.name()), None);
    }

    #[test]
    fn known_quantities_come_out_to_the_last_bit() {
        use MetricUnit::{
            Centimetre, Foot, Gram, Hour, Inch, Kilocalorie, Kilojoule, Kilometre, Mile, Minute, Ounce, Percent, Pound,
            Stone, Yard,
        };
        for (quantity, unit, quantity_si) in [
            (1.0, Pound, 0.453_592_37),
            (150.0, Pound, 68.038_855_5),
            (1.0, Ounce, 0.028_349_523_125),
            (11.0, Stone, 69.853_224_98),
            (72_500.0, Gram, 72.5),
            (180.0, Centimetre, 1.8),
            (71.0, Inch, 1.803_4),
            (6.0, Foot, 1.828_8),
            (25.0, Yard, 22.86),
            (26.0, Mile, 41_842.944),
            (42.195, Kilometre, 42_195.0),
            (18.0, Percent, 0.18),
            (500.0, Kilocalorie, 2_092_000.0),
            (2.5, Kilojoule, 2_500.0),
            (90.0, Minute, 5_400.0),
            (1.5, Hour, 5_400.0),
        ] {
            assert_eq!(
                unit.quantity_si(quantity).map(f64::to_bits),
                Some(f64::to_bits(quantity_si)),
                "{quantity} {unit:?}"
            );
        }
        assert_eq!(MetricUnit::Unknown.quantity_si(1.0), None);
        assert_eq!(MetricUnit::Unknown.quantity_of_si(1.0), None);
    }

    #[test]
    fn a_factor_is_a_fraction_of_whole_numbers_that_a_double_holds() {
        for unit in MetricUnit::ALL {
            let (numerator, denominator) = unit.factor().expect("every unit of this version has one");
            for number in [numerator, denominator] {
                assert!(
                    (1.0..9_007_199_254_740_992.0).contains(&number) && number.fract() == 0.0,
                    "{unit:?}"
                );
            }
        }
    }

    proptest! {
        /// Four roundings lie on the way there and back, each half a unit in the last place.
        #[test]
        fn there_and_back_is_the_same_but_for_the_last_bits(
            quantity in 1e-6_f64..1e9,
            unit in proptest::sample::select(MetricUnit::ALL),
        ) {
            let back = unit.quantity_si(quantity).and_then(|si| unit.quantity_of_si(si)).expect("a unit of this version");
            prop_assert!((back - quantity).abs() <= 2.0 * f64::EPSILON * quantity, "{quantity} {unit:?} -> {back}");
        }

        #[test]
        fn a_larger_quantity_is_never_smaller_in_another_unit(
            quantity in 0.0_f64..1e9,
            more in 0.0_f64..1e9,
            unit in proptest::sample::select(MetricUnit::ALL),
        ) {
            prop_assert!(unit.quantity_si(quantity + more) >= unit.quantity_si(quantity));
        }
    }
}
