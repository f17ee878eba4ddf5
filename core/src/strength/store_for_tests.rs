//! What the room's tests begin with: a store with a catalogue, and forms.

use std::sync::Arc;

use rusqlite::{Connection, Transaction};

use super::change;
use super::model::{ExerciseDefinitionDraft, ExerciseDraft, SetDraft, WorkoutLog, WorkoutLogDraft};
use super::rules;
use super::weight::Weight;
use crate::client::Ports;
use crate::context::{Context, Told};
use crate::database::Database;
use crate::domain::account::LOCAL_ACCOUNT;
use crate::domain::id::Id;
use crate::domain::manual_clock::ManualClock;
use crate::domain::program_day::ProgramDay;
use crate::domain::time::from_ms;
use crate::error::Result;
use crate::event::Events;
use crate::outbox::edit::{Debounce, Edit};
use crate::wake::Wakes;

/// 2026-01-01T00:00:00Z.
pub(crate) const START_MS: i64 = 1_767_225_600_000;

/// What a client's rooms share, over a new store.
pub(crate) fn open() -> (tempfile::TempDir, Arc<Context>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = Database::open(folder.path(), Id::from_u128(1)).expect("a new database");
    let wakes = Wakes::start().expect("a thread");
    let told = Told {
        events: Events::new(None, wakes.clone()).expect("no thread is needed"),
        wakes,
    };
    let ports = Ports {
        clock: ManualClock::new(from_ms(START_MS)),
        ..Ports::default()
    };
    let path = folder.path().to_owned();
    let account = LOCAL_ACCOUNT.to_owned();
    let context = Context::new(path, Arc::new(database), ports, told, Some("boot".to_owned()), account);
    (folder, Arc::new(context))
}

pub(crate) const SQUAT: Id = Id::from_u128(0x51);
pub(crate) const BENCH: Id = Id::from_u128(0xbe);

pub(crate) fn movement(id: Id, name: &str) -> ExerciseDefinitionDraft {
    ExerciseDefinitionDraft {
        id: Some(id),
        name: name.to_owned(),
        equipment: Some("barbell".to_owned()),
        muscle_group: None,
    }
}

/// An open store whose catalogue has squat and bench press.
pub(crate) fn with_catalogue() -> (tempfile::TempDir, Arc<Context>) {
    let (folder, context) = open();
    write(&context, |tx, by| {
        change::define(tx, &movement(SQUAT, "Squat"), by)?;
        change::define(tx, &movement(BENCH, "Bench press"), by)
    });
    (folder, context)
}

pub(crate) fn write<T: Send + 'static>(
    context: &Arc<Context>,
    job: impl FnOnce(&Transaction<'_>, &Edit) -> Result<T> + Send + 'static,
) -> T {
    let by = Edit::now(context, Debounce::Typing);
    context.database.write(move |tx| job(tx, &by)).wait().expect("written")
}

pub(crate) fn read<T: Send + 'static>(
    context: &Context,
    job: impl FnOnce(&Connection, &str) -> Result<T> + Send + 'static,
) -> T {
    let job = context.database.read(move |connection| job(connection, LOCAL_ACCOUNT));
    job.wait().expect("read")
}

pub(crate) fn exercise(definition_id: Id, sets: &[(u32, f64)]) -> ExerciseDraft {
    let set = |(reps, kg): &(u32, f64)| SetDraft {
        reps: Some(*reps),
        weight: Some(Weight::kg(*kg)),
        completed: true,
        ..SetDraft::default()
    };
    ExerciseDraft {
        id: None,
        definition_id,
        notes: None,
        body_weight: None,
        sets: sets.iter().map(set).collect(),
    }
}

/// The log of a day of `5x5`, begun so many hours after [`START_MS`].
pub(crate) fn log(day: u32, hours: Option<i64>, exercises: Vec<ExerciseDraft>) -> WorkoutLogDraft {
    WorkoutLogDraft {
        started_at: hours.map(|hours| from_ms(START_MS + hours * 3_600_000)),
        exercises,
        ..WorkoutLogDraft::new(ProgramDay::new("5x5", 1, day))
    }
}

pub(crate) fn save(context: &Arc<Context>, draft: WorkoutLogDraft) -> WorkoutLog {
    write(context, move |tx, by| change::save(tx, &rules::checked(draft)?, by)).0
}
