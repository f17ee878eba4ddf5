//! Writes of every kind that a training app makes, one after the other. The nth write of a seed is always the same, and so are the ids that
//! it makes, so that two stores that took the same writes hold the same rows.

use std::time::Duration;

use pollster::block_on;
use rusqlite::Connection;
use steadfast_core::client::SteadfastClient;
use steadfast_core::domain::civil_date::CivilDate;
use steadfast_core::domain::id::{self, Id};
use steadfast_core::domain::program_day::ProgramDay;
use steadfast_core::domain::time::from_ms;
use steadfast_core::error::Result;
use steadfast_core::habits::model::{HabitField, HabitLogEdit, NewHabitLog};
use steadfast_core::metrics::health::{HealthRecord, HealthSource};
use steadfast_core::metrics::kind::MetricKind;
use steadfast_core::metrics::model::{NewProgressEntry, ProgressEntryEdit};
use steadfast_core::metrics::unit::MetricUnit;
use steadfast_core::programs::model::{Completion, Intensity, ScheduledDay};
use steadfast_core::strength::model::{ExerciseDefinitionDraft, ExerciseDraft, SetDraft, WorkoutLogDraft};
use steadfast_core::strength::weight::{Weight, WeightUnit};

use crate::run::Dice;

/// When the first write is made, UTC milliseconds.
pub const EPOCH_MS: i64 = 1_767_225_600_000;
const SOURCE: &str = "test";
const MOVEMENTS: u64 = 4;

/// When the nth write is made.
#[must_use]
pub fn moment_ms(n: u64) -> i64 {
    EPOCH_MS + i64::try_from(n).unwrap_or(i64::MAX) * 1000
}

/// Makes the nth write. What it refuses (an entry that was deleted before) it refuses in every store that took the same writes.
///
/// # Errors
/// A storage error.
pub fn perform(client: &SteadfastClient, seed: u64, n: u64) -> Result<()> {
    let mut dice = Dice::new(seed.wrapping_mul(1_000_003).wrapping_add(n));
    if n < MOVEMENTS {
        return define(client, n);
    }
    let now = from_ms(moment_ms(n));
    let done = match dice.below(14) {
        0 => {
            let completion = Completion {
                completed_at: now,
                utc_offset_s: Some(3600),
                intensity: intensity(&mut dice),
                scheduled_date: None,
            };
            block_on(client.programs().complete(day(&mut dice), completion)).map(drop)
        }
        1 => block_on(client.programs().uncomplete(day(&mut dice))).map(drop),
        2 => block_on(client.programs().rate(day(&mut dice), Intensity::Perfect)).map(drop),
        3 => {
            let first = dice.below(5);
            let scheduled = (0..3).map(|offset| ScheduledDay {
                program_day: ProgramDay::new("5x5", 1, u32::try_from(first + offset).unwrap_or(0) + 1),
                date: Some(CivilDate {
                    year: 2026,
                    month: 1,
                    day: u8::try_from(1 + dice.below(28)).unwrap_or(1),
                }),
            });
            block_on(client.programs().schedule(scheduled.collect())).map(drop)
        }
        4 => block_on(client.programs().remove(day(&mut dice))).map(drop),
        5 | 6 => save_log(client, &mut dice, now),
        7 => block_on(client.strength().delete(day(&mut dice))).map(drop),
        8 => {
            let entry = NewProgressEntry {
                source: Some(SOURCE.to_owned()),
                external_id: Some(dice.below(200).to_string()),
                ..NewProgressEntry::new(MetricKind::BodyMass, 60.0 + small(&mut dice), MetricUnit::Kilogram, now)
            };
            block_on(client.metrics().record(entry)).map(drop)
        }
        9 => {
            let edit = ProgressEntryEdit {
                quantity: Some(60.0 + small(&mut dice)),
                ..ProgressEntryEdit::default()
            };
            block_on(client.metrics().edit(external(&mut dice), edit)).map(drop)
        }
        10 => {
            let records = (0..3).map(|_| HealthRecord {
                source: HealthSource::HealthKit,
                external_id: dice.below(100).to_string(),
                kind: MetricKind::Steps,
                quantity: small(&mut dice).round(),
                unit: MetricUnit::Count,
                started_at: now,
                ended_at: now + Duration::from_secs(60),
                utc_offset_s: Some(0),
                deleted: dice.below(4) == 0,
            });
            block_on(client.metrics().import_health(records.collect(), None)).map(drop)
        }
        11 => {
            let log = NewHabitLog {
                source: Some(SOURCE.to_owned()),
                external_id: Some(dice.below(200).to_string()),
                potency: Some(5),
                ..NewHabitLog::new("smoke", now)
            };
            block_on(client.habits().record(log)).map(drop)
        }
        12 => {
            let edit = HabitLogEdit {
                notes: Some(format!("write {n}")),
                clear: vec![HabitField::Potency],
                ..HabitLogEdit::default()
            };
            block_on(client.habits().edit(external(&mut dice), edit)).map(drop)
        }
        _ => block_on(client.habits().delete(external(&mut dice))).map(drop),
    };
    match done {
        Err(error) if error.code_name() == "not_found" => Ok(()),
        done => done,
    }
}

/// One transaction a write, or a kill between two of them would leave what no number of writes leaves.
fn define(client: &SteadfastClient, n: u64) -> Result<()> {
    let definition = ExerciseDefinitionDraft {
        id: Some(movement(n)),
        name: format!("Movement {n}"),
        equipment: None,
        muscle_group: None,
    };
    block_on(client.strength().define(definition)).map(drop)
}

fn movement(n: u64) -> Id {
    Id::from_u128(1 + u128::from(n))
}

fn save_log(client: &SteadfastClient, dice: &mut Dice, now: std::time::SystemTime) -> Result<()> {
    let mut exercises = Vec::new();
    for _ in 0..=dice.below(2) {
        let movement = movement(dice.below(MOVEMENTS));
        let sets = (0..dice.below(4)).map(|_| SetDraft {
            index: None,
            reps: Some(u32::try_from(1 + dice.below(12)).unwrap_or(1)),
            weight: Some(Weight {
                value: small(dice),
                unit: WeightUnit::Kilogram,
            }),
            completed: dice.below(2) == 0,
        });
        let sets = sets.collect();
        exercises.push(ExerciseDraft {
            id: None,
            definition_id: movement,
            notes: None,
            body_weight: None,
            sets,
        });
    }
    let draft = WorkoutLogDraft {
        started_at: Some(now),
        exercises,
        ..WorkoutLogDraft::new(day(dice))
    };
    block_on(client.strength().save(draft)).map(drop)
}

fn day(dice: &mut Dice) -> ProgramDay {
    ProgramDay::new("5x5", 1, 1 + u32::try_from(dice.below(7)).unwrap_or(0))
}

fn intensity(dice: &mut Dice) -> Option<Intensity> {
    [None, Some(Intensity::Easy), Some(Intensity::Hard)][usize::try_from(dice.below(3)).unwrap_or(0)]
}

fn external(dice: &mut Dice) -> Id {
    id::imported(SOURCE, dice.below(200).to_string().as_bytes())
}

#[allow(clippy::cast_precision_loss, reason = "below a thousand")]
fn small(dice: &mut Dice) -> f64 {
    dice.below(400) as f64 / 8.0
}

/// Every row that a person could see, as text, sorted: equal for two stores that took the same writes.
///
/// # Errors
/// What SQLite says.
pub fn visible(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut lines = Vec::new();
    for table in [
        "program_session",
        "exercise_definition",
        "workout_log",
        "exercise",
        "exercise_set",
        "progress_entry",
        "habit_log",
    ] {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table} ORDER BY account_id, id"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let values = (0..columns).map(|at| Ok(format!("{:?}", row.get_ref(at)?)));
            lines.push(format!(
                "{table} {}",
                values.collect::<rusqlite::Result<Vec<_>>>()?.join(" ")
            ));
        }
    }
    Ok(lines)
}
