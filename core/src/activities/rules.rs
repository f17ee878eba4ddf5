//! What an activity may hold, and which of its fields travel. Pure.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::domain::small_map::small_map;
use crate::domain::tally::{RejectReason, Repair};
use crate::domain::text::{check_line, check_notes};
use crate::domain::time::to_ms;
use crate::error::{Result, SteadfastError, TransactionCode, ValidationCode};

use super::model::{Activity, ActivityEdit, FinishedWorkout};

/// Checks an edit before anything is touched.
///
/// # Errors
/// `InvalidArgument` naming `title` or `notes`: too long, or with control characters (notes may have line breaks and tabs).
pub fn check_edit(edit: &ActivityEdit) -> Result<()> {
    if let Some(title) = &edit.title {
        check_line("title", title)?;
    }
    if let Some(notes) = &edit.notes {
        check_notes("notes", notes)?;
    }
    Ok(())
}

/// Checks that a workout can be written as it is: numbers are numbers, and the track is in order and as long as it says. What a
/// person may save (enough samples, enough distance) is the recording's question.
///
/// # Errors
/// `InvalidArgument` naming the field, `InvalidDates`, or `DataDamaged` for a chunk that is not what its checksum says.
pub fn check_workout(workout: &FinishedWorkout) -> Result<()> {
    let activity = &workout.activity;
    check_edit(&ActivityEdit {
        title: Some(activity.title.clone()),
        notes: Some(activity.notes.clone()),
        kind: None,
    })?;
    for (field, value) in [
        ("distance_m", activity.distance_m),
        ("elevation_gain_m", activity.elevation_gain_m),
        ("elevation_loss_m", activity.elevation_loss_m),
        ("timer_s", activity.timer_s),
        ("elapsed_s", activity.elapsed_s),
        ("moving_s", activity.moving_s),
    ] {
        if !(value.is_finite() && value >= 0.0) {
            return Err(SteadfastError::invalid(field, format!("{value} is no amount")));
        }
    }
    for (field, value) in optional_numbers(activity) {
        if value.is_some_and(|value| !value.is_finite()) {
            return Err(SteadfastError::invalid(field, "not a finite number"));
        }
    }
    for split in &workout.splits {
        let amounts = [
            split.distance_m,
            split.duration_s,
            split.elevation_gain_m,
            split.pace_s_per_km.unwrap_or(0.0),
        ];
        if !amounts.iter().all(|amount| amount.is_finite()) {
            return Err(SteadfastError::invalid(
                "splits",
                format!("split {} has a number that is not finite", split.index),
            ));
        }
    }
    for lap in &workout.laps {
        let amounts = [
            lap.distance_m,
            lap.duration_s,
            lap.elevation_gain_m,
            lap.pace_s_per_km.unwrap_or(0.0),
        ];
        if !amounts.iter().all(|amount| amount.is_finite()) {
            return Err(SteadfastError::invalid(
                "laps",
                format!("lap {} has a number that is not finite", lap.index),
            ));
        }
    }
    if activity.ended_at < activity.started_at {
        return Err(SteadfastError::validation(
            ValidationCode::InvalidDates,
            "it ends before it starts",
        ));
    }
    check_track(workout)
}

fn optional_numbers(activity: &Activity) -> [(&'static str, Option<f64>); 6] {
    [
        ("average_speed_mps", activity.average_speed_mps),
        ("max_speed_mps", activity.max_speed_mps),
        ("average_heart_rate_bpm", activity.average_heart_rate_bpm),
        ("max_heart_rate_bpm", activity.max_heart_rate_bpm),
        ("average_cadence_rpm", activity.average_cadence_rpm),
        ("average_power_w", activity.average_power_w),
    ]
}

fn check_track(workout: &FinishedWorkout) -> Result<()> {
    let rows: u64 = workout.chunks.iter().map(|chunk| u64::from(chunk.row_count)).sum();
    if rows != workout.activity.sample_count {
        let detail = format!("{} are stated, the track has {rows}", workout.activity.sample_count);
        return Err(SteadfastError::invalid("sample_count", detail));
    }
    for (index, chunk) in workout.chunks.iter().enumerate() {
        if crc32fast::hash(&chunk.bytes) != chunk.checksum {
            let detail = format!("chunk {index} is not what its checksum says");
            return Err(SteadfastError::transaction(TransactionCode::DataDamaged, detail));
        }
        let follows = index == 0 || workout.chunks[index - 1].last_time_ms <= chunk.first_time_ms;
        if chunk.row_count == 0 || chunk.last_time_ms < chunk.first_time_ms || !follows {
            return Err(SteadfastError::invalid(
                "chunks",
                format!("chunk {index} is empty or out of order"),
            ));
        }
    }
    let intervals = &workout.timer_intervals;
    let backwards = intervals
        .iter()
        .any(|interval| interval.ended_at_ms < interval.started_at_ms);
    let overlaps = intervals
        .windows(2)
        .any(|pair| pair[1].started_at_ms < pair[0].ended_at_ms);
    // The start is the row's key.
    let doubled = intervals
        .windows(2)
        .any(|pair| pair[1].started_at_ms == pair[0].started_at_ms);
    if backwards || overlaps || doubled {
        return Err(SteadfastError::invalid(
            "timer_intervals",
            "they are not sorted, or overlap",
        ));
    }
    Ok(())
}

/// The activity as an edit leaves it.
#[must_use]
pub fn edited(activity: &Activity, edit: &ActivityEdit, now: std::time::SystemTime) -> Activity {
    Activity {
        title: edit.title.clone().unwrap_or_else(|| activity.title.clone()),
        notes: edit.notes.clone().unwrap_or_else(|| activity.notes.clone()),
        kind: edit.kind.unwrap_or(activity.kind),
        updated_at: now,
        ..activity.clone()
    }
}

/// The fields that travel when an activity is saved: all but the id, which names the operation's row, and the moments of this
/// device's own row. Instants are UTC milliseconds under names in `_ms`; an unknown value is null.
#[must_use]
pub fn fields(activity: &Activity) -> BTreeMap<String, Value> {
    let Activity {
        id: _,
        created_at: _,
        updated_at: _,
        ..
    } = activity;
    let mut fields = BTreeMap::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put("alive", json!(true));
    put("kind", json!(activity.kind));
    put("origin", json!(activity.origin));
    put("title", json!(activity.title));
    put("notes", json!(activity.notes));
    put("started_at_ms", json!(to_ms(activity.started_at)));
    put("ended_at_ms", json!(to_ms(activity.ended_at)));
    put("utc_offset_s", json!(activity.utc_offset_s));
    put("distance_m", json!(activity.distance_m));
    put("elevation_gain_m", json!(activity.elevation_gain_m));
    put("elevation_loss_m", json!(activity.elevation_loss_m));
    put("timer_s", json!(activity.timer_s));
    put("elapsed_s", json!(activity.elapsed_s));
    put("moving_s", json!(activity.moving_s));
    put("sample_count", json!(activity.sample_count));
    put("segment_count", json!(activity.segment_count));
    for (name, value) in optional_numbers(activity) {
        put(name, json!(value));
    }
    put("device", json!(activity.device));
    put("reported", json!(activity.reported));
    put("rejected", json!(by_name(&activity.rejected, RejectReason::name)));
    put("repairs", json!(by_name(&activity.repairs, Repair::name)));
    fields
}

/// The fields of an edit that change something: none for an edit that says what is there already. An edit brings a deleted activity
/// back, so it says that it is alive.
#[must_use]
pub fn edited_fields(before: &Activity, after: &Activity) -> BTreeMap<String, Value> {
    // Only what [`edited`] can change: all fields as JSON, twice, are sixty values for the one that travels.
    let values = [
        ("kind", before.kind != after.kind, json!(after.kind)),
        ("title", before.title != after.title, json!(after.title)),
        ("notes", before.notes != after.notes, json!(after.notes)),
    ];
    let changed = values.into_iter().filter(|(_, is_changed, _)| *is_changed);
    let mut changed: BTreeMap<String, Value> = small_map(changed.map(|(name, _, value)| (name.to_owned(), value)));
    if !changed.is_empty() {
        changed.insert("alive".to_owned(), json!(true));
    }
    changed
}

/// The one field of a deletion.
#[must_use]
pub fn deleted_fields() -> BTreeMap<String, Value> {
    BTreeMap::from([("alive".to_owned(), json!(false))])
}

/// Counts under their names, sorted, so that equal counts have equal text.
pub(super) fn by_name<K: Copy>(
    counts: &std::collections::HashMap<K, u64>,
    name: impl Fn(K) -> &'static str,
) -> BTreeMap<&'static str, u64> {
    small_map(counts.iter().map(|(key, count)| (name(*key), *count)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activities::table::tests::workout;
    use crate::domain::kind::ActivityKind;

    fn edit(title: &str, notes: &str) -> ActivityEdit {
        ActivityEdit {
            title: Some(title.into()),
            notes: Some(notes.into()),
            kind: None,
        }
    }

    #[test]
    fn a_text_may_be_as_long_as_the_limit_and_not_longer() {
        assert!(check_edit(&edit(&"é".repeat(200), &"日".repeat(10_000))).is_ok());
        assert!(check_edit(&edit(&"é".repeat(201), "")).is_err());
        assert!(check_edit(&edit("", &"日".repeat(10_001))).is_err());
    }

    #[test]
    fn notes_have_lines_a_title_has_none_and_neither_has_other_control_characters() {
        assert!(check_edit(&edit("Morning run", "one\r\n\ttwo")).is_ok());
        assert!(check_edit(&edit("a\nb", "")).is_err());
        assert!(check_edit(&edit("", "a\u{0}b")).is_err());
        assert!(check_edit(&edit("\u{9b}", "")).is_err(), "a C1 control character");
    }

    #[test]
    fn a_workout_that_contradicts_itself_is_refused_by_the_field() {
        let refused = |change: fn(&mut FinishedWorkout)| {
            let mut workout = workout(1, 3);
            check_workout(&workout).expect("sound before the change");
            change(&mut workout);
            match check_workout(&workout).expect_err("contradicts itself") {
                SteadfastError::Validation { field, code, .. } => field.unwrap_or_else(|| format!("{code:?}")),
                other => other.code_name(),
            }
        };
        assert_eq!(refused(|workout| workout.activity.distance_m = f64::NAN), "distance_m");
        assert_eq!(refused(|workout| workout.activity.timer_s = -1.0), "timer_s");
        assert_eq!(
            refused(|workout| workout.activity.max_speed_mps = Some(f64::INFINITY)),
            "max_speed_mps"
        );
        assert_eq!(refused(|workout| workout.splits[0].duration_s = f64::NAN), "splits");
        assert_eq!(refused(|workout| workout.laps[0].distance_m = f64::NAN), "laps");
        assert_eq!(refused(|workout| workout.activity.sample_count += 1), "sample_count");
        assert_eq!(
            refused(|workout| workout.activity.ended_at = std::time::UNIX_EPOCH),
            "InvalidDates"
        );
        assert_eq!(refused(|workout| workout.chunks.swap(0, 1)), "chunks");
        assert_eq!(refused(|workout| workout.chunks[2].bytes[0] ^= 1), "data_damaged");
        assert_eq!(refused(|workout| workout.timer_intervals.reverse()), "timer_intervals");
        assert_eq!(refused(|workout| workout.activity.title = "x".repeat(201)), "title");
    }

    #[test]
    fn the_fields_that_travel_are_a_contract() {
        let text = serde_json::to_string(&fields(&workout(1, 3).activity)).expect("fields are JSON");
        insta::assert_snapshot!(text, @r#"{"alive":true,"average_cadence_rpm":null,"average_heart_rate_bpm":141.5,"average_power_w":null,"average_speed_mps":3.3,"device":"Watch","distance_m":2250.5,"elapsed_s":700.0,"elevation_gain_m":15.75,"elevation_loss_m":12.5,"ended_at_ms":1767229900000,"kind":"running","max_heart_rate_bpm":170.0,"max_speed_mps":4.5,"moving_s":680.0,"notes":"first line\nsecond line","origin":"recorded","rejected":{"inaccurate":3,"late":1},"repairs":{"sorted":2},"reported":{"distance_m":2260.0,"elapsed_s":null,"elevation_gain_m":null,"elevation_loss_m":null,"moving_s":null,"timer_s":null},"sample_count":12288,"segment_count":2,"started_at_ms":1767229200000,"timer_s":690.0,"title":"Workout 1","utc_offset_s":7200}"#);
    }

    #[test]
    fn every_field_that_an_edit_changes_travels() {
        let before = workout(1, 3).activity;
        for edit in [
            edit("Evening run", &before.notes),
            edit(&before.title, "Windy"),
            ActivityEdit {
                title: None,
                notes: None,
                kind: Some(ActivityKind::Sailing),
            },
            ActivityEdit {
                title: Some("Out".into()),
                notes: Some("Windy".into()),
                kind: Some(ActivityKind::Sailing),
            },
        ] {
            let after = edited(&before, &edit, std::time::UNIX_EPOCH);
            let (old, mut differing) = (fields(&before), fields(&after));
            differing.retain(|name, value| old.get(name) != Some(value) || name == "alive");
            assert_eq!(edited_fields(&before, &after), differing);
        }
    }

    #[test]
    fn an_edit_sends_what_it_changes() {
        let before = workout(1, 3).activity;
        let after = edited(&before, &edit("Evening run", &before.notes), std::time::UNIX_EPOCH);
        let text = serde_json::to_string(&edited_fields(&before, &after)).expect("fields are JSON");
        insta::assert_snapshot!(text, @r#"{"alive":true,"title":"Evening run"}"#);
        assert!(
            edited_fields(
                &before,
                &edited(&before, &ActivityEdit::default(), std::time::UNIX_EPOCH)
            )
            .is_empty()
        );
    }
}
