//! A weight as the person entered it, and its kilograms. Pure.

use serde_json::{Value, json};

use crate::outbox::rows::Fields;

/// Avoirdupois pounds in so many kilograms, exactly (international yard and pound agreement, 1959): 0.45359237 kg a pound as a fraction of
/// whole numbers, which a double holds.
const POUNDS: f64 = 100_000_000.0;
/// See [`POUNDS`].
const KILOGRAMS: f64 = 45_359_237.0;

/// The unit of a weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum WeightUnit {
    /// Kilograms.
    Kilogram,
    /// Avoirdupois pounds: 0.45359237 kg.
    Pound,
}

impl WeightUnit {
    /// Every unit.
    pub const ALL: [Self; 2] = [Self::Kilogram, Self::Pound];

    /// The name in SQL and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Kilogram => "kg",
            Self::Pound => "lb",
        }
    }

    /// The unit with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.name() == name)
    }

    fn kilograms(self, value: f64) -> f64 {
        match self {
            Self::Kilogram => value,
            Self::Pound => value * KILOGRAMS / POUNDS,
        }
    }
}

/// A weight as it was entered.
#[derive(Clone, Copy, Debug, PartialEq, uniffi::Record)]
pub struct Weight {
    /// How many of the unit.
    pub value: f64,
    /// The unit.
    pub unit: WeightUnit,
}

#[uniffi::export]
impl Weight {
    /// The weight in kilograms.
    #[must_use]
    pub fn kilograms(&self) -> f64 {
        self.unit.kilograms(self.value)
    }
}

impl Weight {
    /// So many kilograms.
    #[must_use]
    pub fn kg(value: f64) -> Self {
        Self {
            value,
            unit: WeightUnit::Kilogram,
        }
    }

    /// So many pounds.
    #[must_use]
    pub fn lb(value: f64) -> Self {
        Self {
            value,
            unit: WeightUnit::Pound,
        }
    }

    /// The weight of a row's three columns; `None` if they say none.
    ///
    /// The kilograms decide: every version can read them. A weight in a unit of a later version is shown in kilograms; so is one whose
    /// value and unit do not agree with its kilograms, as when another program wrote a part of it.
    #[must_use]
    pub fn from_columns(value: Option<f64>, unit: Option<&str>, kg: Option<f64>) -> Option<Self> {
        let named = unit.and_then(WeightUnit::from_name);
        let Some(kg) = kg else {
            return Some(Self {
                value: value?,
                unit: named?,
            });
        };
        let agrees = |value: f64, unit: WeightUnit| {
            let difference = (unit.kilograms(value) - kg).abs();
            difference <= kg.abs() * 1e-9
        };
        value
            .and_then(|value| {
                let unit = named
                    .into_iter()
                    .chain(WeightUnit::ALL)
                    .find(|unit| agrees(value, *unit))?;
                Some(Self { value, unit })
            })
            .or(Some(Self::kg(kg)))
    }

    /// Writes the three columns of a weight under `name`; nulls for none.
    pub fn put(weight: Option<Self>, name: &str, fields: &mut Fields) {
        let columns: [Value; 3] = match weight {
            Some(weight) => [
                json!(weight.value),
                json!(weight.unit.name()),
                json!(weight.kilograms()),
            ],
            None => [Value::Null, Value::Null, Value::Null],
        };
        for (suffix, column) in ["", "_unit", "_kg"].into_iter().zip(columns) {
            fields.insert(format!("{name}{suffix}"), column);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_pound_is_exactly_its_kilograms() {
        let kilograms = (Weight::lb(100.0).kilograms(), Weight::kg(100.0).kilograms());
        assert_eq!(kilograms, (45.359_237, 100.0));
    }

    #[test]
    fn a_weight_whose_parts_do_not_agree_is_read_by_its_kilograms() {
        // 65 kg over the unit of 130 lb.
        assert_eq!(
            Weight::from_columns(Some(65.0), Some("lb"), Some(65.0)),
            Some(Weight::kg(65.0))
        );
        // 60 lb over the value of 62.5 kg.
        let kg = Weight::lb(60.0).kilograms();
        assert_eq!(
            Weight::from_columns(Some(62.5), Some("lb"), Some(kg)),
            Some(Weight::kg(kg))
        );
    }

    #[test]
    fn what_arrived_in_part_or_from_a_later_version_is_still_a_weight() {
        assert_eq!(
            Weight::from_columns(Some(10.0), Some("st"), Some(63.5)),
            Some(Weight::kg(63.5))
        );
        assert_eq!(Weight::from_columns(None, None, Some(63.5)), Some(Weight::kg(63.5)));
        assert_eq!(Weight::from_columns(Some(5.0), Some("lb"), None), Some(Weight::lb(5.0)));
        assert_eq!(Weight::from_columns(Some(5.0), None, None), None);
        assert_eq!(Weight::from_columns(None, None, None), None);
    }

    proptest! {
        #[test]
        fn a_weight_comes_back_as_it_was_entered(value in -2000.0..2000.0_f64, unit in 0..2_usize) {
            let weight = Weight { value, unit: WeightUnit::ALL[unit] };
            let mut fields = Fields::new();
            Weight::put(Some(weight), "weight", &mut fields);
            let read = Weight::from_columns(
                fields["weight"].as_f64(),
                fields["weight_unit"].as_str(),
                fields["weight_kg"].as_f64(),
            );
            prop_assert_eq!(read, Some(weight));
        }
    }
}
