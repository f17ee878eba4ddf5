//! Are the stored activities whole? Chunks against their checksums, counts and sums against their parts, summaries against the track.
//!
//! A chunk that is damaged comes back from the backup if that still has it; else it is set aside, and the totals stay as they were
//! counted when the track was whole: they are truer than what the rest of the track would give.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::database::integrity::{
    Checked, Finding, FindingKind, Findings, RepairAction, RepairContext, Repaired, RoomCheck, go_on,
};
use crate::domain::cancel::CancelToken;
use crate::domain::id::Id;
use crate::domain::tally::Repair;
use crate::error::{Result, SteadfastError, TransactionCode};
use crate::track::model::{BoundingBox, Chunk};

use super::model::Activity;
use super::rules;
use super::save;
use super::table::{self, PARTS};
use crate::domain::lap::Lap;
use crate::domain::split::Split;
use crate::domain::time::TimerInterval;

/// What a summary is computed from.
#[derive(Clone, Copy, Debug)]
pub struct StoredTrack<'t> {
    /// The activity as it is stored.
    pub activity: &'t Activity,
    /// The splits as they are stored.
    pub splits: &'t [Split],
    /// The laps as they are stored.
    pub laps: &'t [Lap],
    /// The whole track, sound.
    pub chunks: &'t [Chunk],
    /// When the timer ran.
    pub timer_intervals: &'t [TimerInterval],
}

/// What a track gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Recomputed {
    /// The activity with every total computed again, all else as it was.
    pub activity: Activity,
    /// The splits computed again, in the unit of the stored ones.
    pub splits: Vec<Split>,
    /// The laps computed again, from the moments of the stored ones.
    pub laps: Vec<Lap>,
    /// Around all positions.
    pub bounding_box: Option<BoundingBox>,
}

/// Computes totals, splits and laps again from the track. An error means that the track cannot be read.
pub type SummaryOf = fn(&StoredTrack<'_>) -> Result<Recomputed>;

/// The check of the activities room.
#[derive(Clone, Copy, Debug)]
pub struct ActivitiesCheck {
    /// How to compute a summary again; without it summaries are not compared.
    pub summary_of: Option<SummaryOf>,
}

/// Sums may differ by rounding and by a newer version's finer arithmetic, not by more than this: 1 m or 1 s, and 0.1 %.
fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1.0 + 1e-3 * a.abs().max(b.abs())
}

/// What is wrong with one activity.
#[derive(Default)]
struct Diagnosis {
    findings: Vec<Finding>,
    damaged_chunks: Vec<u32>,
    chunk_count: u64,
    /// Rows of the sound chunks.
    rows: u64,
    recomputed: Option<Recomputed>,
}

impl RoomCheck for ActivitiesCheck {
    fn check(&self, connection: &Connection, cancel: Option<&CancelToken>) -> Result<Findings> {
        let keys = keys(connection)?;
        let (mut findings, mut chunk_count) = (Vec::new(), 0);
        for (account_id, id) in &keys {
            go_on(cancel)?;
            let diagnosis = self.diagnose(connection, account_id, *id)?;
            findings.extend(diagnosis.findings);
            chunk_count += diagnosis.chunk_count;
        }
        for part in PARTS {
            for (account_id, id) in orphans(connection, part)? {
                let detail = "it belongs to no stored activity";
                findings.push(finding(FindingKind::Orphan, part, &key(&account_id, id), detail));
            }
        }
        let checked = |table: &str, rows| Checked {
            table: table.to_owned(),
            rows,
        };
        Ok(Findings {
            findings,
            checked: vec![
                checked("activity", keys.len() as u64),
                checked("track_chunk", chunk_count),
            ],
        })
    }

    fn repair(&self, context: &RepairContext<'_>) -> Result<Vec<Repaired>> {
        let tx = context.transaction;
        let mut repaired = Vec::new();
        for (account_id, id) in keys(tx)? {
            go_on(context.cancel)?;
            let diagnosis = self.diagnose(tx, &account_id, id)?;
            for index in diagnosis.damaged_chunks {
                repaired.push(mend_chunk(context, &account_id, id, index)?);
            }
            // Once more: with a chunk back from the backup the sums may be right again.
            let diagnosis = self.diagnose(tx, &account_id, id)?;
            let is_readable = diagnosis
                .findings
                .iter()
                .all(|finding| finding.kind != FindingKind::Unreadable);
            if is_readable && !diagnosis.findings.is_empty() {
                repaired.extend(mend_summary(tx, &account_id, id, &diagnosis)?);
            }
        }
        for part in PARTS {
            for (account_id, id) in orphans(tx, part)? {
                set_aside_orphan(context, part, &account_id, id)?;
                let detail = "it belonged to no stored activity".to_owned();
                let key = key(&account_id, id);
                repaired.push(Repaired {
                    action: RepairAction::Quarantined,
                    table: part.to_owned(),
                    key,
                    detail,
                });
            }
        }
        Ok(repaired)
    }
}

impl ActivitiesCheck {
    fn diagnose(self, connection: &Connection, account_id: &str, id: Id) -> Result<Diagnosis> {
        let key = key(account_id, id);
        let mut found = Diagnosis::default();
        let activity = match table::get(connection, account_id, id) {
            Ok(Some(activity)) => activity,
            Ok(None) => return Ok(found),
            Err(SteadfastError::Transaction {
                code: TransactionCode::DataDamaged,
                detail,
            }) => {
                found
                    .findings
                    .push(finding(FindingKind::Unreadable, "activity", &key, &detail));
                return Ok(found);
            }
            Err(error) => return Err(error),
        };
        let is_whole = !has_chunks_set_aside(connection, account_id, id)?;
        let chunks = self.diagnose_chunks(connection, account_id, id, is_whole, &mut found)?;
        if found.damaged_chunks.is_empty() && found.rows != activity.sample_count {
            let detail = format!(
                "{} samples are stated, the track has {}",
                activity.sample_count, found.rows
            );
            found
                .findings
                .push(finding(FindingKind::CountWrong, "activity", &key, &detail));
        }
        if !is_whole || !found.damaged_chunks.is_empty() {
            return Ok(found);
        }
        let splits = table::splits(connection, account_id, id)?;
        let sum: f64 = splits.iter().map(|split| split.distance_m).sum();
        if !splits.is_empty() && !close(sum, activity.distance_m) {
            let detail = format!("the splits give {sum:.1} m, the activity {:.1} m", activity.distance_m);
            found
                .findings
                .push(finding(FindingKind::SumWrong, "split", &key, &detail));
        }
        let laps = table::laps(connection, account_id, id)?;
        if let Some(detail) = laps_difference(&laps, &activity) {
            found
                .findings
                .push(finding(FindingKind::SumWrong, "lap", &key, &detail));
        }
        if let Some(summary_of) = self.summary_of {
            let timer_intervals = table::timer_intervals(connection, account_id, id)?;
            let track = StoredTrack {
                activity: &activity,
                splits: &splits,
                laps: &laps,
                chunks: &chunks,
                timer_intervals: &timer_intervals,
            };
            match summary_of(&track) {
                Ok(recomputed) => {
                    if let Some(detail) = difference(&activity, &recomputed.activity) {
                        found
                            .findings
                            .push(finding(FindingKind::SummaryWrong, "activity", &key, &detail));
                    }
                    found.recomputed = Some(recomputed);
                }
                Err(error) => {
                    let unreadable = finding(FindingKind::Unreadable, "track_chunk", &key, &error.detail());
                    found.findings.push(unreadable);
                }
            }
        }
        Ok(found)
    }

    /// The sound chunks, if a summary is going to be computed from them.
    fn diagnose_chunks(
        self,
        connection: &Connection,
        account_id: &str,
        id: Id,
        is_whole: bool,
        found: &mut Diagnosis,
    ) -> Result<Vec<Chunk>> {
        let mut chunks = Vec::new();
        let (mut next_index, mut last_time_ms) = (0, i64::MIN);
        table::stored_chunks(connection, account_id, id, (i64::MIN, i64::MAX), |chunk| {
            let key = chunk_key(account_id, id, chunk.index);
            found.chunk_count += 1;
            let is_next = chunk.index == next_index || !is_whole;
            if !is_next || chunk.first_time_ms < last_time_ms || chunk.last_time_ms < chunk.first_time_ms {
                let detail = "chunks are missing or not in order of time";
                found
                    .findings
                    .push(finding(FindingKind::OrderWrong, "track_chunk", &key, detail));
            }
            (next_index, last_time_ms) = (chunk.index + 1, chunk.last_time_ms);
            if !chunk.is_sound() {
                let detail = "the bytes are not what the checksum says";
                found
                    .findings
                    .push(finding(FindingKind::ChecksumWrong, "track_chunk", &key, detail));
                found.damaged_chunks.push(chunk.index);
                return Ok(());
            }
            found.rows += u64::from(chunk.row_count);
            if self.summary_of.is_some() {
                chunks.push(chunk.to_chunk());
            }
            Ok(())
        })?;
        Ok(chunks)
    }
}

/// The first total that differs, in words.
fn difference(stored: &Activity, recomputed: &Activity) -> Option<String> {
    let (stored, recomputed) = (rules::fields(stored), rules::fields(recomputed));
    stored.iter().find_map(|(name, value)| {
        let other = recomputed.get(name)?;
        let same = match (value.as_f64(), other.as_f64()) {
            (Some(a), Some(b)) => close(a, b),
            _ => value == other,
        };
        (!same).then(|| format!("{name} is {value}, the track gives {other}"))
    })
}

/// The first sum of the laps that differs, in words.
fn laps_difference(laps: &[Lap], activity: &Activity) -> Option<String> {
    let metres: f64 = laps.iter().map(|lap| lap.distance_m).sum();
    let seconds: f64 = laps.iter().map(|lap| lap.duration_s).sum();
    [
        (metres, activity.distance_m, "m"),
        (seconds, activity.timer_s, "s of the timer"),
    ]
    .into_iter()
    .find(|(sum, whole, _)| !laps.is_empty() && !close(*sum, *whole))
    .map(|(sum, whole, unit)| format!("the laps give {sum:.1} {unit}, the activity {whole:.1}"))
}

/// Restores the chunk from the backup, or sets it aside.
fn mend_chunk(context: &RepairContext<'_>, account_id: &str, id: Id, index: u32) -> Result<Repaired> {
    let tx = context.transaction;
    let key = chunk_key(account_id, id, index);
    let repaired = |action, detail: &str| Repaired {
        action,
        table: "track_chunk".to_owned(),
        key: key.clone(),
        detail: detail.to_owned(),
    };
    if let Some(bytes) = context
        .backup
        .and_then(|backup| sound_copy(tx, backup, account_id, id, index))
    {
        tx.execute(
            "UPDATE track_chunk SET bytes = ?4, checksum = ?5 WHERE account_id = ?1 AND activity_id = ?2 AND \"index\" = ?3",
            params![account_id, id.as_bytes(), index, bytes, crc32fast::hash(&bytes)],
        )?;
        return Ok(repaired(RepairAction::RestoredFromBackup, "taken from the backup"));
    }
    tx.execute(
        "INSERT INTO quarantine (account_id, source_table, parent_id, key, reason, at_ms, bytes)
         SELECT account_id, 'track_chunk', activity_id, ?4, 'checksum_wrong', ?5, bytes FROM track_chunk
         WHERE account_id = ?1 AND activity_id = ?2 AND \"index\" = ?3",
        params![account_id, id.as_bytes(), index, key, context.now_ms],
    )?;
    tx.execute(
        "DELETE FROM track_chunk WHERE account_id = ?1 AND activity_id = ?2 AND \"index\" = ?3",
        params![account_id, id.as_bytes(), index],
    )?;
    Ok(repaired(
        RepairAction::Quarantined,
        "kept in quarantine; the activity's totals stay as they were recorded",
    ))
}

/// The same chunk in the backup, if it is sound there and is the same: by its rows and times, since either its bytes or its checksum
/// may be what was damaged here.
fn sound_copy(tx: &Connection, backup: &Connection, account_id: &str, id: Id, index: u32) -> Option<Vec<u8>> {
    const SQL: &str = "SELECT row_count, first_time_ms, last_time_ms, checksum, bytes FROM track_chunk
        WHERE account_id = ?1 AND activity_id = ?2 AND \"index\" = ?3";
    type Row = ((u32, i64, i64), u32, Vec<u8>);
    let read = |connection: &Connection| -> Option<Row> {
        let row = connection.query_row(SQL, params![account_id, id.as_bytes(), index], |row| {
            Ok(((row.get(0)?, row.get(1)?, row.get(2)?), row.get(3)?, row.get(4)?))
        });
        // A backup that cannot be read has no copy.
        row.optional().ok().flatten()
    };
    let ((here, ..), (there, checksum, bytes)) = (read(tx)?, read(backup)?);
    (here == there && crc32fast::hash(&bytes) == checksum).then_some(bytes)
}

/// Writes counts and sums again where the track gives others.
fn mend_summary(tx: &Transaction<'_>, account_id: &str, id: Id, diagnosis: &Diagnosis) -> Result<Vec<Repaired>> {
    let Some(stored) = table::get(tx, account_id, id)? else {
        return Ok(Vec::new());
    };
    let repaired = |table: &str, detail: String| Repaired {
        action: RepairAction::Recomputed,
        table: table.to_owned(),
        key: key(account_id, id),
        detail,
    };
    let wrong = |kind| diagnosis.findings.iter().any(|finding| finding.kind == kind);
    let wrong_sum = |table: &str| {
        let is_it = |finding: &Finding| finding.kind == FindingKind::SumWrong && finding.table == table;
        diagnosis.findings.iter().any(is_it)
    };
    let mut done = Vec::new();
    if let Some(recomputed) = &diagnosis.recomputed {
        if wrong(FindingKind::SummaryWrong) || wrong(FindingKind::CountWrong) {
            save::update_summary(tx, account_id, &recomputed.activity, recomputed.bounding_box)?;
            done.push(repaired(
                "activity",
                difference(&stored, &recomputed.activity).unwrap_or_default(),
            ));
        }
        if wrong_sum("split") {
            save::replace_splits(tx, account_id, id, &recomputed.splits)?;
            done.push(repaired(
                "split",
                format!("{} splits computed again", recomputed.splits.len()),
            ));
        }
        if wrong_sum("lap") {
            save::replace_laps(tx, account_id, id, &recomputed.laps)?;
            done.push(repaired(
                "lap",
                format!("{} laps computed again", recomputed.laps.len()),
            ));
        }
    } else if wrong(FindingKind::CountWrong) && diagnosis.damaged_chunks.is_empty() {
        let mut activity = stored;
        let detail = format!(
            "sample_count was {}, the track has {}",
            activity.sample_count, diagnosis.rows
        );
        if has_chunks_set_aside(tx, account_id, id)? {
            *activity.repairs.entry(Repair::PartSkipped).or_default() += 1;
        }
        activity.sample_count = diagnosis.rows;
        let area = table::bounding_box(tx, account_id, id)?;
        save::update_summary(tx, account_id, &activity, area)?;
        done.push(repaired("activity", detail));
    }
    Ok(done)
}

fn has_chunks_set_aside(connection: &Connection, account_id: &str, id: Id) -> Result<bool> {
    let mut statement = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM quarantine WHERE account_id = ?1 AND parent_id = ?2 AND reason = 'checksum_wrong')",
    )?;
    Ok(statement.query_row(params![account_id, id.as_bytes()], |row| row.get(0))?)
}

fn set_aside_orphan(context: &RepairContext<'_>, part: &str, account_id: &str, id: Id) -> Result<()> {
    // A chunk keeps its packed bytes, the small rows become JSON.
    let bytes = match part {
        "track_chunk" => "bytes",
        "split" => {
            "CAST(json_array(hex(id), \"index\", distance_m, duration_s, pace_s_per_km, elevation_gain_m, is_full) AS BLOB)"
        }
        "lap" => {
            "CAST(json_array(hex(id), \"index\", started_at_ms, distance_m, duration_s, pace_s_per_km, elevation_gain_m) AS BLOB)"
        }
        _ => "CAST(json_array(started_at_ms, ended_at_ms) AS BLOB)",
    };
    context.transaction.execute(
        &format!(
            "INSERT INTO quarantine (account_id, source_table, parent_id, key, reason, at_ms, bytes)
             SELECT account_id, ?3, activity_id, ?4, 'orphan', ?5, {bytes} FROM {part} WHERE account_id = ?1 AND activity_id = ?2"
        ),
        params![account_id, id.as_bytes(), part, key(account_id, id), context.now_ms],
    )?;
    context.transaction.execute(
        &format!("DELETE FROM {part} WHERE account_id = ?1 AND activity_id = ?2"),
        params![account_id, id.as_bytes()],
    )?;
    Ok(())
}

fn keys(connection: &Connection) -> Result<Vec<(String, Id)>> {
    read_keys(connection, "SELECT account_id, id FROM activity WHERE alive = 1")
}

fn orphans(connection: &Connection, part: &str) -> Result<Vec<(String, Id)>> {
    let sql = format!(
        "SELECT DISTINCT account_id, activity_id FROM {part} WHERE NOT EXISTS
           (SELECT 1 FROM activity WHERE activity.account_id = {part}.account_id AND id = activity_id AND alive = 1)"
    );
    read_keys(connection, &sql)
}

fn read_keys(connection: &Connection, sql: &str) -> Result<Vec<(String, Id)>> {
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, Id::from_bytes(row.get(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn finding(kind: FindingKind, table: &str, key: &str, detail: &str) -> Finding {
    Finding {
        kind,
        table: table.to_owned(),
        key: key.to_owned(),
        detail: detail.to_owned(),
    }
}

fn key(account_id: &str, id: Id) -> String {
    format!("{account_id}/{id}")
}

fn chunk_key(account_id: &str, id: Id, index: u32) -> String {
    format!("{account_id}/{id}/{index}")
}

#[cfg(test)]
#[path = "integrity_tests.rs"]
mod tests;
