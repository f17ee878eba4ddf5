//! The edits of an event, as the outbox stores them. Pure.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use steadfast_protocol::operation::{FieldEdit, FieldEdits};
use steadfast_protocol::stamp::Stamp;

use crate::error::{Result, SteadfastError, TransactionCode};

use super::grouped;

/// What the edits of one gesture share; see [`FieldEdit`].
#[derive(PartialEq, Serialize, Deserialize)]
struct Circumstances<'e> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    boot_id: Option<Cow<'e, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mono_ms: Option<i64>,
    wall_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    heard: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<i64>,
}

/// As it is stored: an edit is (value, number, base).
///
/// # Errors
/// None that an edit can cause.
pub fn to_text(edits: &FieldEdits) -> Result<String> {
    let entries = edits.iter().map(|(name, edit)| {
        let circumstances = Circumstances {
            boot_id: edit.boot_id.as_deref().map(Cow::Borrowed),
            mono_ms: edit.mono_ms,
            wall_ms: edit.wall_ms,
            heard: edit.heard,
            at: edit.at,
        };
        (name.as_str(), circumstances, (&edit.value, edit.number, edit.base))
    });
    grouped::to_text(entries).map_err(|error| damaged(&error))
}

/// From what [`to_text`] made, or from an object of edits as on the wire, which is how the first two versions of the schema stored them.
///
/// # Errors
/// `DataDamaged` for a text that no version wrote.
pub fn from_text(text: &str) -> Result<FieldEdits> {
    if text.starts_with('{') {
        return serde_json::from_str(text).map_err(|error| damaged(&error));
    }
    let groups = grouped::from_text::<Circumstances<'_>, (Value, u64, Option<Stamp>)>(text);
    let mut edits = FieldEdits::new();
    for (shared, entries) in groups.map_err(|error| damaged(&error))? {
        edits.extend(entries.into_iter().map(|(name, (value, number, base))| {
            let edit = FieldEdit {
                value,
                number,
                base,
                boot_id: shared.boot_id.as_deref().map(str::to_owned),
                mono_ms: shared.mono_ms,
                wall_ms: shared.wall_ms,
                heard: shared.heard,
                at: shared.at,
            };
            (name, edit)
        }));
    }
    Ok(edits)
}

fn damaged(error: &serde_json::Error) -> SteadfastError {
    SteadfastError::transaction(TransactionCode::DataDamaged, format!("an event's fields: {error}"))
}

#[cfg(test)]
mod tests {
    use proptest::collection::btree_map;
    use proptest::option;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn edit() -> impl Strategy<Value = FieldEdit> {
        let value = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from)
        ];
        let base = option::of((0..9_i64).prop_map(|n| Stamp { ms: n, n, epoch: 1 }));
        // Few different ones, so that some are shared.
        let circumstances = (
            option::of("[ab\"]"),
            option::of(0..2_i64),
            0..2_i64,
            option::of(0..2_i64),
            option::of(0..2_i64),
        );
        (value, any::<u64>(), base, circumstances).prop_map(
            |(value, number, base, (boot_id, mono_ms, wall_ms, heard, at))| FieldEdit {
                value,
                number,
                base,
                boot_id,
                mono_ms,
                wall_ms,
                heard,
                at,
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_stored_is_read_back(edits in btree_map("[a-e]", edit(), 0..6)) {
            let text = to_text(&edits).expect("a text");
            prop_assert_eq!(&from_text(&text).expect("our text"), &edits);
            let on_the_wire = serde_json::to_string(&edits).expect("JSON");
            prop_assert_eq!(from_text(&on_the_wire).expect("as earlier versions stored them"), edits);
        }
    }

    #[test]
    fn the_text_says_once_what_edits_share() {
        let edit = |value: Value, number, wall_ms| FieldEdit {
            value,
            number,
            base: (number == 3).then_some(Stamp { ms: 5, n: 6, epoch: 1 }),
            boot_id: Some("boot".to_owned()),
            mono_ms: Some(7),
            wall_ms,
            heard: None,
            at: None,
        };
        let edits = FieldEdits::from([
            ("alive".to_owned(), edit(json!(true), 1, 100)),
            ("kind".to_owned(), edit(json!("smoke"), 2, 100)),
            ("notes".to_owned(), edit(json!("at home"), 3, 200)),
        ]);
        insta::assert_snapshot!(to_text(&edits).expect("a text"));
        assert!(from_text("[[{},{}]]").is_err() && from_text("").is_err());
    }
}
