//! The entries of an earlier store, each with the id that it had there. Pure.

use std::collections::BTreeMap;

use crate::domain::id::{self, Id};
use crate::domain::migration;
use crate::error::{Result, SteadfastError};
use crate::outbox::rows::Fields;

use super::model::NewProgressEntry;
use super::rules;

/// What an earlier store's ids are imported under, whatever the source of the single entry.
const SOURCE: &str = "migration";

/// The rows of a migration, checked: each entry's id, which follows from its external id, and its fields.
///
/// # Errors
/// `InvalidArgument` naming the field and the row, counted from 0: a value that cannot be, no external id, or that of an earlier entry which
/// says something else. One of the two would be lost.
pub fn rows(entries: &[NewProgressEntry]) -> Result<Vec<(Id, Fields)>> {
    let rows = migration::checked(entries, row)?;
    let mut seen = BTreeMap::new();
    for (index, (id, fields)) in rows.iter().enumerate() {
        if seen.insert(*id, fields).is_some_and(|earlier| earlier != fields) {
            let detail = format!("row {index}: an earlier one has the same and says something else");
            return Err(SteadfastError::invalid("external_id", detail));
        }
    }
    Ok(rows)
}

fn row(entry: &NewProgressEntry) -> Result<(Id, Fields)> {
    let fields = rules::fields(entry)?;
    match fields["external_id"].as_str() {
        Some(external_id) => Ok((id::imported(SOURCE, external_id.as_bytes()), fields)),
        None => Err(SteadfastError::invalid(
            "external_id",
            "the earlier store's id is missing",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::from_ms;
    use crate::metrics::kind::MetricKind;
    use crate::metrics::unit::MetricUnit;

    fn entry(external_id: &str, kg: f64) -> NewProgressEntry {
        NewProgressEntry {
            external_id: Some(external_id.to_owned()),
            ..NewProgressEntry::new(MetricKind::BodyMass, kg, MetricUnit::Kilogram, from_ms(0))
        }
    }

    fn refused(entries: &[NewProgressEntry]) -> String {
        match rows(entries).expect_err("refused") {
            SteadfastError::Validation {
                field: Some(field),
                detail,
                ..
            } => format!("{field}, {detail}"),
            other => other.to_string(),
        }
    }

    #[test]
    fn the_first_bad_entry_is_named_with_its_field() {
        let third = [entry("a", 80.0), entry("b", 80.0), entry("c", -1.0), entry("d", -1.0)];
        assert_eq!(refused(&third), "quantity, row 2: body_mass goes from 0.1 to 1000 kg");
        let nameless = NewProgressEntry {
            external_id: None,
            ..entry("", 80.0)
        };
        for nameless in [nameless, entry(" ", 80.0)] {
            assert_eq!(
                refused(&[nameless]),
                "external_id, row 0: the earlier store's id is missing"
            );
        }
    }

    #[test]
    fn one_id_stands_for_one_entry() {
        assert_eq!(
            refused(&[entry("a", 80.0), entry("a", 81.0)]),
            "external_id, row 1: an earlier one has the same and says something else"
        );
        let twice = rows(&[entry("a", 80.0), entry("b", 80.0), entry("a", 80.0)]).expect("sound");
        let ids: Vec<_> = twice.iter().map(|(id, _)| *id).collect();
        let (a, b) = (id::imported("migration", b"a"), id::imported("migration", b"b"));
        assert_eq!(ids, [a, b, a]);
    }
}
