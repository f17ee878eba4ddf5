//! Writing a finished workout: its row, its packed track, its timer, its splits and its laps, in the caller's transaction.

use rusqlite::{Connection, Transaction, params};
use serde::Serialize;

use crate::domain::cancel::CancelToken;
use crate::domain::id::Id;
use crate::domain::lap::Lap;
use crate::domain::tally::{RejectReason, Repair};
use crate::domain::time::to_ms;
use crate::error::{Result, SteadfastError, TransactionCode};
use crate::track::model::BoundingBox;

use super::model::{Activity, FinishedWorkout};
use super::rules::{self, by_name};
use super::table::{self, Presence};
use crate::domain::progress::{SavePhase, SaveProgress};
use crate::domain::split::Split;

/// What a save did.
#[derive(Clone, Debug, PartialEq)]
pub enum Saved {
    /// It is written.
    New,
    /// There is an activity with this id already; nothing was written.
    AlreadyStored(Box<Activity>),
    /// An activity with this id was deleted; nothing was written. `table::forget` makes room for it.
    Deleted,
}

/// Bytes that saving the workout writes, a little too high. For `Database::require_space`, twice.
#[must_use]
pub fn estimated_bytes(workout: &FinishedWorkout) -> u64 {
    let track: usize = workout.chunks.iter().map(|chunk| chunk.bytes.len() + 256).sum();
    let rest = 65_536 + 160 * (workout.splits.len() + workout.laps.len() + workout.timer_intervals.len());
    u64::try_from(track + rest).unwrap_or(u64::MAX)
}

/// Writes the workout. `progress` hears of every step: the activity, each chunk, the splits; with 10 chunks or more a step is under
/// 10 % of the whole. `cancel` is asked before each step.
///
/// # Errors
/// A validation error for a workout that contradicts itself, `Cancelled`, or what SQLite says. The caller's transaction must then be
/// rolled back.
pub fn insert(
    tx: &Transaction<'_>,
    workout: &FinishedWorkout,
    progress: &mut dyn FnMut(SaveProgress),
    cancel: Option<&CancelToken>,
) -> Result<Saved> {
    let total = workout.chunks.len() as u64 + 2;
    let mut step = |phase, done| {
        progress(SaveProgress { phase, done, total });
        if cancel.is_some_and(CancelToken::is_cancelled) {
            Err(SteadfastError::cancelled())
        } else {
            Ok(())
        }
    };
    let (account_id, id) = (workout.account_id.as_str(), workout.activity.id);
    step(SavePhase::Validating, 0)?;
    rules::check_workout(workout)?;
    match table::exists(tx, account_id, id)? {
        Presence::Absent => {}
        Presence::Deleted => return Ok(Saved::Deleted),
        Presence::Stored => {
            let stored = table::get(tx, account_id, id)?.ok_or_else(|| {
                SteadfastError::transaction(TransactionCode::DataDamaged, "a stored activity cannot be read")
            })?;
            return Ok(Saved::AlreadyStored(Box::new(stored)));
        }
    }
    step(SavePhase::Activity, 0)?;
    insert_activity(tx, account_id, &workout.activity, workout.bounding_box)?;
    let mut done = 1;
    insert_chunks(tx, workout, || {
        done += 1;
        step(SavePhase::Track, done - 1)
    })?;
    step(SavePhase::Splits, total - 1)?;
    insert_splits(tx, account_id, id, &workout.splits)?;
    insert_laps(tx, account_id, id, &workout.laps)?;
    insert_timer_intervals(tx, account_id, workout)?;
    step(SavePhase::Committing, total)?;
    Ok(Saved::New)
}

fn insert_activity(
    connection: &Connection,
    account_id: &str,
    activity: &Activity,
    area: Option<BoundingBox>,
) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO activity (account_id, id, kind, origin, title, notes, started_at_ms, ended_at_ms, utc_offset_s,
           distance_m, elevation_gain_m, elevation_loss_m, timer_s, elapsed_s, moving_s, sample_count, segment_count,
           average_speed_mps, max_speed_mps, average_heart_rate_bpm, max_heart_rate_bpm, average_cadence_rpm, average_power_w,
           device, reported, rejected, repairs, south_e7, west_e7, north_e7, east_e7, created_at_ms, updated_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,
           ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33)",
    )?;
    statement.execute(params![
        account_id,
        activity.id.as_bytes(),
        activity.kind.name(),
        table::origin_name(activity.origin),
        activity.title,
        activity.notes,
        to_ms(activity.started_at),
        to_ms(activity.ended_at),
        activity.utc_offset_s,
        activity.distance_m,
        activity.elevation_gain_m,
        activity.elevation_loss_m,
        activity.timer_s,
        activity.elapsed_s,
        activity.moving_s,
        i64::try_from(activity.sample_count).unwrap_or(i64::MAX),
        activity.segment_count,
        activity.average_speed_mps,
        activity.max_speed_mps,
        activity.average_heart_rate_bpm,
        activity.max_heart_rate_bpm,
        activity.average_cadence_rpm,
        activity.average_power_w,
        activity.device,
        to_json(&activity.reported)?,
        to_json(&by_name(&activity.rejected, RejectReason::name))?,
        to_json(&by_name(&activity.repairs, Repair::name))?,
        area.map(|area| area.south_e7),
        area.map(|area| area.west_e7),
        area.map(|area| area.north_e7),
        area.map(|area| area.east_e7),
        to_ms(activity.created_at),
        to_ms(activity.updated_at),
    ])?;
    Ok(())
}

fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| SteadfastError::transaction(TransactionCode::Failed, error.to_string()))
}

/// Writes the totals of an activity that is stored already; what the person wrote and the moments of the row stay.
pub(super) fn update_summary(
    tx: &Transaction<'_>,
    account_id: &str,
    activity: &Activity,
    area: Option<BoundingBox>,
) -> Result<()> {
    let mut statement = tx.prepare_cached(
        "UPDATE activity SET distance_m = ?3, elevation_gain_m = ?4, elevation_loss_m = ?5, timer_s = ?6, elapsed_s = ?7,
           moving_s = ?8, sample_count = ?9, segment_count = ?10, average_speed_mps = ?11, max_speed_mps = ?12,
           average_heart_rate_bpm = ?13, max_heart_rate_bpm = ?14, average_cadence_rpm = ?15, average_power_w = ?16,
           repairs = ?17, south_e7 = ?18, west_e7 = ?19, north_e7 = ?20, east_e7 = ?21
         WHERE account_id = ?1 AND id = ?2",
    )?;
    statement.execute(params![
        account_id,
        activity.id.as_bytes(),
        activity.distance_m,
        activity.elevation_gain_m,
        activity.elevation_loss_m,
        activity.timer_s,
        activity.elapsed_s,
        activity.moving_s,
        i64::try_from(activity.sample_count).unwrap_or(i64::MAX),
        activity.segment_count,
        activity.average_speed_mps,
        activity.max_speed_mps,
        activity.average_heart_rate_bpm,
        activity.max_heart_rate_bpm,
        activity.average_cadence_rpm,
        activity.average_power_w,
        to_json(&by_name(&activity.repairs, Repair::name))?,
        area.map(|area| area.south_e7),
        area.map(|area| area.west_e7),
        area.map(|area| area.north_e7),
        area.map(|area| area.east_e7),
    ])?;
    Ok(())
}

/// Writes the splits of an activity in the place of those that are stored.
pub(super) fn replace_splits(tx: &Transaction<'_>, account_id: &str, id: Id, splits: &[Split]) -> Result<()> {
    tx.execute(
        "DELETE FROM split WHERE account_id = ?1 AND activity_id = ?2",
        params![account_id, id.as_bytes()],
    )?;
    insert_splits(tx, account_id, id, splits)
}

/// Writes the laps of an activity in the place of those that are stored.
pub(super) fn replace_laps(tx: &Transaction<'_>, account_id: &str, id: Id, laps: &[Lap]) -> Result<()> {
    tx.execute(
        "DELETE FROM lap WHERE account_id = ?1 AND activity_id = ?2",
        params![account_id, id.as_bytes()],
    )?;
    insert_laps(tx, account_id, id, laps)
}

fn insert_chunks(
    connection: &Connection,
    workout: &FinishedWorkout,
    mut before_each: impl FnMut() -> Result<()>,
) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO track_chunk (account_id, activity_id, \"index\", first_time_ms, last_time_ms, row_count,
           south_e7, west_e7, north_e7, east_e7, checksum, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    for (index, chunk) in (0_i64..).zip(&workout.chunks) {
        before_each()?;
        let area = chunk.bounding_box;
        statement.execute(params![
            workout.account_id,
            workout.activity.id.as_bytes(),
            index,
            chunk.first_time_ms,
            chunk.last_time_ms,
            chunk.row_count,
            area.map(|area| area.south_e7),
            area.map(|area| area.west_e7),
            area.map(|area| area.north_e7),
            area.map(|area| area.east_e7),
            chunk.checksum,
            chunk.bytes,
        ])?;
    }
    Ok(())
}

fn insert_splits(connection: &Connection, account_id: &str, id: Id, splits: &[Split]) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO split (account_id, activity_id, \"index\", id, distance_m, duration_s, pace_s_per_km, elevation_gain_m, is_full)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for split in splits {
        statement.execute(params![
            account_id,
            id.as_bytes(),
            split.index,
            split.id.as_bytes(),
            split.distance_m,
            split.duration_s,
            split.pace_s_per_km,
            split.elevation_gain_m,
            split.is_full,
        ])?;
    }
    Ok(())
}

fn insert_laps(connection: &Connection, account_id: &str, id: Id, laps: &[Lap]) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO lap (account_id, activity_id, \"index\", id, started_at_ms, distance_m, duration_s, pace_s_per_km, elevation_gain_m)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for lap in laps {
        statement.execute(params![
            account_id,
            id.as_bytes(),
            lap.index,
            lap.id.as_bytes(),
            to_ms(lap.started_at),
            lap.distance_m,
            lap.duration_s,
            lap.pace_s_per_km,
            lap.elevation_gain_m,
        ])?;
    }
    Ok(())
}

fn insert_timer_intervals(connection: &Connection, account_id: &str, workout: &FinishedWorkout) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO timer_interval (account_id, activity_id, started_at_ms, ended_at_ms) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for interval in &workout.timer_intervals {
        let id = workout.activity.id.as_bytes();
        statement.execute(params![account_id, id, interval.started_at_ms, interval.ended_at_ms])?;
    }
    Ok(())
}
