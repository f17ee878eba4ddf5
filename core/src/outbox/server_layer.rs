//! What the server has of one row, field by field, and how a newer word of it is taken up. Pure.
//!
//! It is stored as one text a row: a row a field took nine statements for a habit log where this takes one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use steadfast_protocol::push::ServerRow;
use steadfast_protocol::stamp::Stamp;

use crate::domain::id::Id;
use crate::error::{Result, SteadfastError, TransactionCode};

use super::grouped;

/// A field as the server has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Its value.
    pub value: Value,
    /// Who wrote it, when.
    pub written: Written,
    /// The writing device's number of the edit, if the server said it.
    pub number: Option<u64>,
}

/// The circumstances that the fields of one operation share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Written {
    /// The server's stamp.
    pub stamp: Stamp,
    /// The operation that wrote it, if the server said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub op_id: Option<Id>,
    /// The device that wrote it, if the server said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<Id>,
    /// The newest epoch of the server in which it said so; below the account's epoch, the server was restored since.
    pub confirmed_epoch: i64,
}

/// What the server has of one row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServerLayer {
    /// By name, `alive` among them; empty if the server never said anything of the row.
    pub fields: BTreeMap<String, Said>,
}

impl ServerLayer {
    /// Takes up what the server said under `epoch`, field by field where it is not older than what is known. True if anything changed.
    pub fn take(&mut self, row: &ServerRow, epoch: i64) -> bool {
        let mut changed = false;
        for (name, field) in &row.fields {
            let known = self.fields.get(name);
            if known.is_some_and(|known| known.written.stamp > field.stamp) {
                continue;
            }
            let said = Said {
                value: field.value.clone(),
                written: Written {
                    stamp: field.stamp,
                    op_id: field.op_id,
                    device_id: field.device_id,
                    confirmed_epoch: known.map_or(epoch, |known| known.written.confirmed_epoch.max(epoch)),
                },
                number: field.number,
            };
            if known != Some(&said) {
                self.fields.insert(name.clone(), said);
                changed = true;
            }
        }
        changed
    }

    /// The highest counter among the stamps; 0 without any.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.stamps().map(|stamp| stamp.n).max().unwrap_or(0)
    }

    /// The highest time among the stamps, UTC milliseconds; 0 without any.
    #[must_use]
    pub fn last_modified(&self) -> i64 {
        self.stamps().map(|stamp| stamp.ms).max().unwrap_or(0)
    }

    fn stamps(&self) -> impl Iterator<Item = Stamp> {
        self.fields.values().map(|said| said.written.stamp)
    }

    /// The lowest epoch that confirms a field; `None` without any.
    #[must_use]
    pub fn confirmed_epoch(&self) -> Option<i64> {
        self.fields.values().map(|said| said.written.confirmed_epoch).min()
    }

    /// As it is stored: a field is (value, number).
    ///
    /// # Errors
    /// None that a layer can cause.
    pub fn to_text(&self) -> Result<String> {
        let entries = self.fields.iter();
        let entries = entries.map(|(name, said)| (name.as_str(), &said.written, (&said.value, said.number)));
        grouped::to_text(entries).map_err(|error| damaged(&error))
    }

    /// From what [`Self::to_text`] made.
    ///
    /// # Errors
    /// `DataDamaged` for a text that no version wrote.
    pub fn from_text(text: &str) -> Result<Self> {
        let groups = grouped::from_text::<Written, (Value, Option<u64>)>(text).map_err(|error| damaged(&error))?;
        let mut fields = BTreeMap::new();
        for (written, entries) in groups {
            fields.extend(entries.into_iter().map(|(name, (value, number))| {
                let said = Said {
                    value,
                    written: written.clone(),
                    number,
                };
                (name, said)
            }));
        }
        Ok(Self { fields })
    }
}

fn damaged(error: &serde_json::Error) -> SteadfastError {
    SteadfastError::transaction(
        TransactionCode::DataDamaged,
        format!("the server's layer of a row: {error}"),
    )
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_map, vec};
    use proptest::option;
    use proptest::prelude::*;
    use serde_json::json;
    use steadfast_protocol::entity::EntityKind;
    use steadfast_protocol::push::ServerField;

    use super::*;

    fn field() -> impl Strategy<Value = ServerField> {
        let value = prop_oneof![
            Just(json!(null)),
            any::<i32>().prop_map(|number| json!(number)),
            ".{0,8}".prop_map(|text| json!(text))
        ];
        (
            value,
            (0..3_i64, 0..3_i64),
            option::of(0..3_u128),
            option::of(any::<u64>()),
        )
            .prop_map(|(value, (ms, n), op_id, number)| ServerField {
                value,
                stamp: Stamp { ms, n, epoch: 1 },
                op_id: op_id.map(Id::from_u128),
                device_id: op_id.map(Id::from_u128),
                number,
            })
    }

    fn row() -> impl Strategy<Value = (ServerRow, i64)> {
        let fields = btree_map("[a-d]", field(), 0..4);
        (fields, 1..4_i64).prop_map(|(fields, epoch)| {
            let row = ServerRow {
                entity_kind: EntityKind::HabitLog,
                entity_id: Id::from_u128(1),
                fields,
            };
            (row, epoch)
        })
    }

    proptest! {
        #[test]
        fn what_is_stored_is_read_back(rows in vec(row(), 0..4)) {
            let mut layer = ServerLayer::default();
            for (row, epoch) in &rows {
                layer.take(row, *epoch);
            }
            prop_assert_eq!(ServerLayer::from_text(&layer.to_text().expect("a text")).expect("our text"), layer);
        }

        #[test]
        fn each_field_is_what_the_highest_stamp_said_last(rows in vec(row(), 0..6)) {
            let mut layer = ServerLayer::default();
            for (row, epoch) in &rows {
                let before = layer.clone();
                prop_assert_eq!(layer.take(row, *epoch), layer != before);
            }
            for (name, said) in &layer.fields {
                let heard = || rows.iter().filter_map(|(row, _)| row.fields.get(name));
                let highest = heard().map(|field| field.stamp).max().expect("somebody said it");
                let last = heard().rfind(|field| field.stamp == highest).expect("the highest is one of them");
                prop_assert_eq!((said.written.stamp, &said.value), (highest, &last.value));
            }
        }
    }

    #[test]
    fn a_stamp_confirms_only_if_it_is_not_lower() {
        let mut layer = ServerLayer::default();
        let said = |ms, value: &str| ServerRow {
            entity_kind: EntityKind::HabitLog,
            entity_id: Id::from_u128(1),
            fields: BTreeMap::from([(
                "notes".to_owned(),
                ServerField {
                    value: json!(value),
                    stamp: Stamp { ms, n: ms, epoch: 1 },
                    op_id: None,
                    device_id: None,
                    number: None,
                },
            )]),
        };
        assert!(layer.take(&said(5, "a"), 1));
        assert!(!layer.take(&said(4, "b"), 2) && layer.confirmed_epoch() == Some(1));
        assert!(layer.take(&said(5, "a"), 2) && layer.confirmed_epoch() == Some(2));
        assert!(!layer.take(&said(5, "a"), 1), "an older epoch takes nothing back");
    }

    #[test]
    fn the_text_names_each_operation_once() {
        let written = |n: i64| Written {
            stamp: Stamp { ms: 7, n, epoch: 1 },
            op_id: Some(Id::from_u128(n.unsigned_abs().into())),
            device_id: None,
            confirmed_epoch: 1,
        };
        let said = |value, n, number| Said {
            value,
            written: written(n),
            number,
        };
        let layer = ServerLayer {
            fields: BTreeMap::from([
                ("alive".to_owned(), said(json!(true), 1, Some(3))),
                ("kind".to_owned(), said(json!("smoke"), 1, Some(4))),
                ("notes".to_owned(), said(json!("at home"), 2, None)),
            ]),
        };
        insta::assert_snapshot!(layer.to_text().expect("a text"));
        assert!(ServerLayer::from_text("[[{},{}]]").is_err() && ServerLayer::from_text("").is_err());
    }
}
