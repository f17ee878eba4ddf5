//! What has to be written so that the stored log is the draft, and nothing else: insert, update, delete, reorder. Pure.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use steadfast_protocol::entity::EntityKind;

use crate::domain::id::{self, Id};
use crate::domain::time::to_ms;
use crate::error::{Result, SteadfastError};
use crate::outbox::edit::Change;
use crate::outbox::rows::Fields;

use super::model::{ExerciseDraft, ExerciseSet, SetDraft, WorkoutLogDraft};
use super::position;
use super::rules::MAX_SET_INDEX;
use super::stored::{LogRow, StoredExercise, StoredLog};
use super::weight::Weight;

/// The changes that make the stored log the draft; none where it is the draft already. The draft has been checked.
///
/// # Errors
/// `InvalidArgument` naming `exercises[…].id` or `exercises[…].definition_id` for an id that names no such exercise of this log.
pub fn difference(stored: &StoredLog, draft: &WorkoutLogDraft) -> Result<Vec<Change>> {
    let wanted = identified(stored, draft)?;
    let standing: Vec<Option<(&str, Id)>> = wanted
        .iter()
        .map(|wanted| wanted.live().map(|row| (row.exercise.position.as_str(), wanted.id)))
        .collect();
    let positions = position::placed(&standing);

    let mut changes = Changes {
        log_id: stored.id,
        all: Vec::new(),
    };
    changes.log(stored.row.as_ref(), draft);
    for (wanted, position) in wanted.iter().zip(&positions) {
        changes.exercise(wanted, position.as_deref());
        changes.sets(wanted)?;
    }
    let kept: BTreeSet<Id> = wanted.iter().map(|wanted| wanted.id).collect();
    for gone in &stored.exercises {
        if gone.alive && !kept.contains(&gone.exercise.id) {
            changes.delete_sets(&gone.exercise.sets);
            changes.delete(EntityKind::Exercise, gone.exercise.id);
        }
    }
    Ok(changes.all)
}

/// An exercise of the draft and the exercise of the log that it is.
struct Wanted<'d> {
    draft: &'d ExerciseDraft,
    id: Id,
    occurrence: u32,
    /// Its row, deleted or not; `None` if there never was one.
    row: Option<&'d StoredExercise>,
}

impl<'d> Wanted<'d> {
    fn of_row(draft: &'d ExerciseDraft, row: &'d StoredExercise) -> Self {
        Self {
            draft,
            id: row.exercise.id,
            occurrence: row.exercise.occurrence,
            row: Some(row),
        }
    }

    fn live(&self) -> Option<&'d StoredExercise> {
        self.row.filter(|row| row.alive)
    }
}

/// Says for every exercise of the draft which one of the log it is: the one that it names; else the next live one of the same movement;
/// else a new one.
///
/// A new one takes the lowest occurrence of its movement that is not live. That brings a deleted row back, with the draft's values and
/// sets alone, and it is meant to: an exercise is "the first squat of this log", so that two devices which add it apart add one.
fn identified<'d>(stored: &'d StoredLog, draft: &'d WorkoutLogDraft) -> Result<Vec<Wanted<'d>>> {
    let mut taken = BTreeSet::new();
    let mut wanted: Vec<Option<Wanted<'d>>> = Vec::with_capacity(draft.exercises.len());
    for (at, exercise) in draft.exercises.iter().enumerate() {
        let named = match exercise.id {
            Some(id) => Some(named(stored, exercise, id, at)?),
            None => None,
        };
        if let Some(named) = named.filter(|row| !taken.insert(row.exercise.id)) {
            let detail = format!("exercise {} is named twice", named.exercise.id);
            return Err(SteadfastError::invalid(&format!("exercises[{at}].id"), detail));
        }
        wanted.push(named.map(|row| Wanted::of_row(exercise, row)));
    }
    for (exercise, wanted) in draft.exercises.iter().zip(&mut wanted) {
        if wanted.is_none() {
            let next = stored.exercises.iter().find(|row| {
                row.alive && row.exercise.definition_id == exercise.definition_id && !taken.contains(&row.exercise.id)
            });
            *wanted = next.map(|row| Wanted::of_row(exercise, row));
            taken.extend(next.map(|row| row.exercise.id));
        }
    }
    let all = draft.exercises.iter().zip(wanted).map(|(exercise, wanted)| {
        wanted.unwrap_or_else(|| {
            let wanted = new(stored, exercise, &taken);
            taken.insert(wanted.id);
            wanted
        })
    });
    Ok(all.collect())
}

fn named<'d>(stored: &'d StoredLog, exercise: &ExerciseDraft, id: Id, at: usize) -> Result<&'d StoredExercise> {
    let row = stored
        .exercises
        .iter()
        .find(|row| row.exercise.id == id)
        .ok_or_else(|| {
            SteadfastError::invalid(
                &format!("exercises[{at}].id"),
                format!("the log never had an exercise {id}"),
            )
        })?;
    if row.exercise.definition_id == exercise.definition_id {
        return Ok(row);
    }
    Err(SteadfastError::invalid(
        &format!("exercises[{at}].definition_id"),
        "an exercise keeps its movement; without its id the draft makes another",
    ))
}

fn new<'d>(stored: &'d StoredLog, exercise: &'d ExerciseDraft, taken: &BTreeSet<Id>) -> Wanted<'d> {
    let mut occurrence = 0;
    let id = loop {
        let id = id::exercise(stored.id, exercise.definition_id, occurrence);
        if !taken.contains(&id) {
            break id;
        }
        occurrence += 1;
    };
    Wanted {
        draft: exercise,
        id,
        occurrence,
        row: stored.exercises.iter().find(|row| row.exercise.id == id),
    }
}

struct Changes {
    log_id: Id,
    all: Vec<Change>,
}

impl Changes {
    fn log(&mut self, row: Option<&LogRow>, draft: &WorkoutLogDraft) {
        let live = row.filter(|row| row.alive);
        let day = &draft.program_day;
        let started_at_ms = draft.started_at.map(to_ms);
        let mut fields = Edited::of(live.is_some());
        let has_day = live.and_then(|row| row.program_day.as_ref()) == Some(day);
        fields.set("program_id", has_day, || json!(day.program_id));
        fields.set("week", has_day, || json!(day.week));
        fields.set("day", has_day, || json!(day.day));
        fields.set(
            "started_at_ms",
            live.is_some_and(|row| row.started_at_ms == started_at_ms),
            || json!(started_at_ms),
        );
        fields.set(
            "utc_offset_s",
            live.is_some_and(|row| row.utc_offset_s == draft.utc_offset_s),
            || json!(draft.utc_offset_s),
        );
        let finished = draft.is_workout_finished;
        let same = live.is_some_and(|row| row.is_workout_finished == finished);
        fields.set("is_workout_finished", same, || json!(finished));
        fields.set("notes", live.is_some_and(|row| row.notes == draft.notes), || {
            json!(draft.notes)
        });
        if !fields.is_empty() {
            let change = Change::upsert(
                EntityKind::WorkoutLog,
                self.log_id,
                fields.into_fields(EntityKind::WorkoutLog),
            );
            self.all.push(change);
        }
    }

    fn exercise(&mut self, wanted: &Wanted<'_>, position: Option<&str>) {
        let (draft, live) = (wanted.draft, wanted.live().map(|row| &row.exercise));
        let mut fields = Edited::of(live.is_some());
        fields.set("workout_log_id", live.is_some(), || json!(self.log_id));
        fields.set("definition_id", live.is_some(), || json!(draft.definition_id));
        fields.set("occurrence", live.is_some(), || json!(wanted.occurrence));
        fields.set("position", position.is_none(), || json!(position));
        fields.set("notes", live.is_some_and(|row| row.notes == draft.notes), || {
            json!(draft.notes)
        });
        let same = live.is_some_and(|row| row.body_weight == draft.body_weight);
        fields.set_weight("body_weight", same, draft.body_weight);
        self.upsert(EntityKind::Exercise, wanted.id, fields);
    }

    fn sets(&mut self, wanted: &Wanted<'_>) -> Result<()> {
        let drafts = &wanted.draft.sets;
        let (none, unused) = (&Vec::new(), BTreeSet::new());
        let rows = wanted.row.map_or(none, |row| &row.exercise.sets);
        let used = wanted.row.map_or(&unused, |row| &row.used_indexes);
        let shown = wanted.live().map_or(none, |row| &row.exercise.sets);
        let by_order = drafts.iter().all(|draft| draft.index.is_none());
        let mut kept: BTreeSet<u32> = BTreeSet::new();
        for (at, draft) in drafts.iter().enumerate() {
            let known = draft
                .index
                .or_else(|| shown.get(at).filter(|_| by_order).map(|row| row.index));
            let index = match known {
                Some(index) => index,
                None => unused_index(used, &kept)?,
            };
            kept.insert(index);
            let row = rows.iter().find(|row| row.index == index);
            self.set(wanted.id, index, row, draft);
        }
        let gone: Vec<ExerciseSet> = rows.iter().filter(|row| !kept.contains(&row.index)).cloned().collect();
        self.delete_sets(&gone);
        Ok(())
    }

    fn set(&mut self, exercise_id: Id, index: u32, live: Option<&ExerciseSet>, draft: &SetDraft) {
        let mut fields = Edited::of(live.is_some());
        fields.set("workout_log_id", live.is_some(), || json!(self.log_id));
        fields.set("exercise_id", live.is_some(), || json!(exercise_id));
        fields.set("index", live.is_some(), || json!(index));
        fields.set("reps", live.is_some_and(|row| row.reps == draft.reps), || {
            json!(draft.reps)
        });
        let same = live.is_some_and(|row| row.weight == draft.weight);
        fields.set_weight("weight", same, draft.weight);
        let same = live.is_some_and(|row| row.completed == draft.completed);
        fields.set("completed", same, || json!(draft.completed));
        let id = live.map_or_else(|| id::exercise_set(exercise_id, index), |row| row.id);
        self.upsert(EntityKind::ExerciseSet, id, fields);
    }

    fn upsert(&mut self, kind: EntityKind, id: Id, fields: Edited) {
        if !fields.is_empty() {
            let change = Change::upsert(kind, id, fields.into_fields(kind));
            self.all.push(change.under(EntityKind::WorkoutLog, self.log_id));
        }
    }

    fn delete_sets(&mut self, sets: &[ExerciseSet]) {
        for set in sets {
            self.delete(EntityKind::ExerciseSet, set.id);
        }
    }

    fn delete(&mut self, kind: EntityKind, id: Id) {
        let change = Change::delete(kind, id);
        self.all.push(change.under(EntityKind::WorkoutLog, self.log_id));
    }
}

/// The index of a new set: above all that the exercise ever had, so that it is the last set and brings no deleted one back. Below them
/// where there is nothing above.
fn unused_index(used: &BTreeSet<u32>, kept: &BTreeSet<u32>) -> Result<u32> {
    let highest = used.last().max(kept.last());
    let above = highest.map_or(0, |highest| highest.saturating_add(1));
    (above..=MAX_SET_INDEX)
        .chain(0..above.min(MAX_SET_INDEX))
        .find(|index| !used.contains(index) && !kept.contains(index))
        .ok_or_else(|| SteadfastError::invalid("exercises", "an exercise had more sets than it can"))
}

/// The fields of a row that an edit changes.
struct Edited {
    is_live: bool,
    fields: Fields,
}

impl Edited {
    fn of(is_live: bool) -> Self {
        Self {
            is_live,
            fields: Fields::new(),
        }
    }

    /// A field that is not the same. A row that is made says nothing of what it leaves unknown or undone: another device may have made
    /// the same row, know it and have done it.
    fn set(&mut self, name: &str, is_same: bool, value: impl FnOnce() -> Value) {
        if is_same {
            return;
        }
        let value = value();
        if self.is_live || !matches!(value, Value::Null | Value::Bool(false)) {
            self.fields.insert(name.to_owned(), value);
        }
    }

    /// A weight that is not the same.
    fn set_weight(&mut self, name: &str, is_same: bool, weight: Option<Weight>) {
        if !is_same && (self.is_live || weight.is_some()) {
            Weight::put(weight, name, &mut self.fields);
        }
    }

    fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// With the other fields of every value that is said: a start without an offset has none, whatever another device says.
    fn into_fields(mut self, kind: EntityKind) -> Fields {
        for value in kind.values() {
            if value.iter().any(|name| self.fields.contains_key(*name)) && !self.is_live {
                for name in *value {
                    self.fields.entry((*name).to_owned()).or_insert(Value::Null);
                }
            }
        }
        self.fields
    }
}

#[cfg(test)]
#[path = "diff_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "diff_form_tests.rs"]
mod form_tests;
