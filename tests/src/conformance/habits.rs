//! The calls on habits.

use pollster::block_on;
use serde::Deserialize;
use steadfast_core::domain::id::Id;
use steadfast_core::domain::time::from_ms;
use steadfast_core::habits::model::{HabitField, HabitLogEdit, HabitLogQuery, NewHabitLog};

use super::actor::{Actor, Outcome, seen, token};
use super::room_arguments::{Date, Name, at, day};

/// The verbs of the room.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum HabitVerb {
    RecordHabit {
        log: Habit,
    },
    EditHabit {
        id: Id,
        edit: HabitEdit,
    },
    DeleteHabit {
        id: Id,
    },
    GetHabit {
        id: Id,
    },
    ListHabits {
        #[serde(default)]
        query: HabitQuery,
    },
    DailyHabit {
        kind: String,
        from_date: Date,
        to_date: Date,
    },
    MigrateHabits {
        logs: Vec<Habit>,
        #[serde(default)]
        cancel: bool,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Habit {
    kind: String,
    started_at_ms: Option<i64>,
    utc_offset_s: Option<i32>,
    date: Option<Date>,
    duration_ms: Option<u64>,
    method: Option<String>,
    notes: Option<String>,
    mood: Option<String>,
    potency: Option<i64>,
    source: Option<String>,
    external_id: Option<String>,
}

impl Habit {
    pub fn log(self, now_ms: i64) -> NewHabitLog {
        NewHabitLog {
            kind: self.kind,
            started_at: at(self.started_at_ms, now_ms),
            utc_offset_s: self.utc_offset_s,
            date: day(self.date),
            duration_ms: self.duration_ms,
            method: self.method,
            notes: self.notes,
            mood: self.mood,
            potency: self.potency,
            source: self.source,
            external_id: self.external_id,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HabitEdit {
    kind: Option<String>,
    started_at_ms: Option<i64>,
    utc_offset_s: Option<i32>,
    date: Option<Date>,
    duration_ms: Option<u64>,
    method: Option<String>,
    notes: Option<String>,
    mood: Option<String>,
    potency: Option<i64>,
    #[serde(default)]
    clear: Vec<Name<HabitField>>,
}

impl HabitEdit {
    pub fn edit(self) -> HabitLogEdit {
        HabitLogEdit {
            kind: self.kind,
            started_at: self.started_at_ms.map(from_ms),
            utc_offset_s: self.utc_offset_s,
            date: day(self.date),
            duration_ms: self.duration_ms,
            method: self.method,
            notes: self.notes,
            mood: self.mood,
            potency: self.potency,
            clear: self.clear.into_iter().map(|field| field.0).collect(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HabitQuery {
    kind: Option<String>,
    from_ms: Option<i64>,
    until_ms: Option<i64>,
    limit: Option<u32>,
    after: Option<String>,
}

impl HabitQuery {
    pub fn query(self) -> HabitLogQuery {
        HabitLogQuery {
            kind: self.kind,
            from: self.from_ms.map(from_ms),
            until: self.until_ms.map(from_ms),
            limit: self.limit.unwrap_or(HabitLogQuery::default().limit),
            after: self.after,
        }
    }
}

impl Actor {
    pub(super) fn log(&self, verb: HabitVerb) -> Outcome {
        let (habits, now_ms) = (self.client()?.habits(), self.now_ms());
        Ok(match verb {
            HabitVerb::RecordHabit { log } => block_on(habits.record(log.log(now_ms))).map(seen),
            HabitVerb::EditHabit { id, edit } => block_on(habits.edit(id, edit.edit())).map(seen),
            HabitVerb::DeleteHabit { id } => block_on(habits.delete(id)).map(seen),
            HabitVerb::GetHabit { id } => block_on(habits.get(id)).map(seen),
            HabitVerb::ListHabits { query } => block_on(habits.list(query.query())).map(seen),
            HabitVerb::DailyHabit {
                kind,
                from_date,
                to_date,
            } => block_on(habits.daily(kind, from_date.0, to_date.0)).map(seen),
            HabitVerb::MigrateHabits { logs, cancel } => {
                let logs = logs.into_iter().map(|log| log.log(now_ms)).collect();
                block_on(habits.migrate(logs, token(cancel))).map(seen)
            }
        })
    }
}
