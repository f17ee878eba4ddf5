//! The calls on plain values.

use serde::Deserialize;
use serde_json::Value;
use steadfast_core::domain::kind::ActivityKind;
use steadfast_core::metrics::kind::{MetricBounds, MetricKind};
use steadfast_core::metrics::unit::MetricUnit;

use super::arguments::Number;
use super::room_arguments::Name;
use super::seen::{Seen, record};
use super::strength::WrittenWeight;

/// The verbs that need no client.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum ValueVerb {
    IsIndoor {
        kind: ActivityKind,
    },
    MetricBaseUnit {
        kind: Name<MetricKind>,
    },
    MetricUnits {
        kind: Name<MetricKind>,
    },
    MetricBounds {
        kind: Name<MetricKind>,
    },
    QuantitySi {
        quantity: Number,
        unit: Name<MetricUnit>,
    },
    QuantityOfSi {
        quantity_si: Number,
        unit: Name<MetricUnit>,
    },
    Kilograms {
        weight: WrittenWeight,
    },
}

record!(MetricBounds { minimum_si, maximum_si });

/// What a value says of itself.
pub(super) fn look(verb: &ValueVerb) -> Value {
    match verb {
        ValueVerb::IsIndoor { kind: activity_kind } => activity_kind.is_indoor().seen(),
        ValueVerb::MetricBaseUnit { kind } => kind.0.base_unit().seen(),
        ValueVerb::MetricUnits { kind } => kind.0.units().seen(),
        ValueVerb::MetricBounds { kind } => kind.0.bounds().seen(),
        ValueVerb::QuantitySi { quantity, unit } => unit.0.quantity_si(quantity.0).seen(),
        ValueVerb::QuantityOfSi { quantity_si, unit } => unit.0.quantity_of_si(quantity_si.0).seen(),
        ValueVerb::Kilograms { weight } => weight.weight().kilograms().seen(),
    }
}
