//! From a stopped session to the workout that is saved: the rules that a save checks, and the summary.

use std::collections::HashMap;
use std::time::SystemTime;

use crate::activities::model::{Activity, ActivityOrigin, FinishedWorkout};
use crate::domain::account::AccountId;
use crate::domain::reported::Reported;
use crate::domain::time::from_ms;
use crate::error::{Result, SteadfastError, ValidationCode};

use crate::track::model::{BoundingBox, Chunk};

use super::model::SaveOptions;
use super::session::Session;

/// An outdoor workout with less is a slip of the finger.
const MIN_POSITIONS: u64 = 2;
/// Metres; see above.
const MIN_DISTANCE_M: f64 = 10.0;
/// 1990 to 2100.
const SANE_MS: std::ops::Range<i64> = 631_152_000_000..4_102_444_800_000;

/// What the session itself does not know.
#[derive(Clone, Debug)]
pub struct Provenance {
    /// Whose workout it is.
    pub account_id: AccountId,
    /// Recorded or imported.
    pub origin: ActivityOrigin,
    /// The recording device or program, where a file named it.
    pub device: Option<String>,
    /// The file's own totals.
    pub reported: Reported,
    /// When the row is made.
    pub saved_at: SystemTime,
}

/// Checks a stopped session that was recorded here.
///
/// # Errors
/// A validation error with the rule's code; the session stays as it is.
pub fn validate(session: &Session, sample_limit: u64) -> Result<()> {
    validate_frame(session, sample_limit)?;
    let totals = session.totals();
    if session.options().kind.is_indoor() {
        if session.timer().reading_ms(session.newest_ms()) <= 0 {
            return Err(SteadfastError::validation(ValidationCode::DurationTooShort, ""));
        }
        return Ok(());
    }
    if totals.positions() < MIN_POSITIONS {
        let detail = format!("{} of {MIN_POSITIONS} positions", totals.positions());
        return Err(SteadfastError::validation(ValidationCode::TooFewSamples, detail));
    }
    if totals.distance_m() < MIN_DISTANCE_M {
        let detail = format!("{:.1} m of {MIN_DISTANCE_M} m", totals.distance_m());
        return Err(SteadfastError::validation(ValidationCode::DistanceTooShort, detail));
    }
    Ok(())
}

/// Checks a session of a file. Another device has decided already that it is a workout, so a transition of a triathlon is one, however
/// short.
///
/// # Errors
/// A validation error if nothing happens in it, if its dates are impossible, or if it has too many samples.
pub fn validate_imported(session: &Session, sample_limit: u64) -> Result<()> {
    validate_frame(session, sample_limit)?;
    let lasts = session.timer().reading_ms(session.newest_ms()) > 0;
    if session.totals().rows() == 0 || (!lasts && session.totals().rows() < MIN_POSITIONS) {
        let detail = format!("{} usable samples", session.totals().rows());
        return Err(SteadfastError::validation(ValidationCode::TooFewSamples, detail));
    }
    Ok(())
}

fn validate_frame(session: &Session, sample_limit: u64) -> Result<()> {
    let (start, end) = (session.started_at_ms(), session.newest_ms());
    if !SANE_MS.contains(&start) || !SANE_MS.contains(&end) || end < start {
        return Err(SteadfastError::validation(ValidationCode::InvalidDates, ""));
    }
    let rows = session.totals().rows();
    if rows > sample_limit {
        let detail = format!("{rows} samples, the limit is {sample_limit}");
        return Err(SteadfastError::validation(ValidationCode::TooManySamples, detail));
    }
    Ok(())
}

/// The workout that a save writes. Call `validate` first; the session must be stopped.
///
/// # Errors
/// If the track cannot be packed.
#[allow(clippy::cast_precision_loss, reason = "milliseconds of a workout")]
pub fn finish(session: &mut Session, options: &SaveOptions, provenance: Provenance) -> Result<FinishedWorkout> {
    let chunks = session.seal_track()?.to_vec();
    // On a copy: the workout may go on if the save fails.
    let mut totals = session.totals().clone();
    totals.finish();
    let (start, end) = (session.started_at_ms(), session.newest_ms());
    let timer_ms = session.timer().reading_ms(end);
    let (average_heart_rate_bpm, max_heart_rate_bpm) = totals.heart_rate_bpm();
    let activity = Activity {
        id: session.id(),
        kind: session.options().kind,
        origin: provenance.origin,
        title: options.title.clone(),
        notes: options.notes.clone(),
        started_at: from_ms(start),
        ended_at: from_ms(end),
        utc_offset_s: session.options().utc_offset_s,
        distance_m: totals.distance_m(),
        elevation_gain_m: totals.gain_m(),
        elevation_loss_m: totals.loss_m(),
        timer_s: timer_ms as f64 / 1000.0,
        elapsed_s: (end - start) as f64 / 1000.0,
        moving_s: totals.moving_s(),
        sample_count: totals.rows(),
        segment_count: totals.segments(),
        average_speed_mps: (totals.moving_s() > 0.0).then(|| totals.distance_m() / totals.moving_s()),
        max_speed_mps: totals.odometer().max_speed_mps(),
        average_heart_rate_bpm,
        max_heart_rate_bpm,
        average_cadence_rpm: totals.cadence_rpm(),
        average_power_w: totals.power_w(),
        device: provenance.device,
        reported: provenance.reported,
        rejected: session
            .rejected()
            .iter()
            .map(|(reason, count)| (*reason, *count))
            .collect::<HashMap<_, _>>(),
        repairs: session
            .repairs()
            .iter()
            .map(|(repair, count)| (*repair, *count))
            .collect(),
        created_at: provenance.saved_at,
        updated_at: provenance.saved_at,
    };
    Ok(FinishedWorkout {
        account_id: provenance.account_id,
        splits: totals.splits(session.id(), timer_ms),
        laps: totals.laps(session.id(), start, timer_ms),
        timer_intervals: session.timer().intervals().to_vec(),
        bounding_box: box_around(&chunks),
        activity,
        chunks,
    })
}

/// Around all positions: chunks follow each other along the way, so the corners of their boxes tell.
pub(super) fn box_around(chunks: &[Chunk]) -> Option<BoundingBox> {
    let corners = |area: BoundingBox| [(area.south_e7, area.west_e7), (area.north_e7, area.east_e7)];
    let corners: Vec<(i32, i32)> = chunks
        .iter()
        .filter_map(|chunk| chunk.bounding_box)
        .flat_map(corners)
        .collect();
    BoundingBox::around(&corners)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::Id;
    use crate::domain::kind::ActivityKind;
    use crate::domain::record::Record;
    use crate::domain::sample::{Fix, LocationSource};
    use crate::domain::start_options::StartOptions;
    use crate::domain::time::Moment;

    const START_MS: i64 = 1_700_000_000_000;

    /// A workout of `fixes` fixes a second apart, `step_e7` to the north each, stopped after `seconds`.
    fn session(kind: ActivityKind, start_ms: i64, fixes: i32, step_e7: i32, seconds: i64) -> Session {
        let moment = |ms| Moment {
            wall_ms: start_ms + ms,
            elapsed_ms: None,
        };
        let mut session = Session::new(Id::nil(), StartOptions::new(kind), &moment(0), None);
        for index in 0..fixes {
            session.apply(&Record::Fix(Fix {
                time_ms: start_ms + i64::from(index) * 1000,
                elapsed_ms: None,
                latitude_e7: 480_000_000 + index * step_e7,
                longitude_e7: 20_000_000,
                altitude_cm: None,
                horizontal_accuracy_dm: None,
                vertical_accuracy_dm: None,
                speed_cmps: None,
                course_ddeg: None,
                source: LocationSource::Satellite,
            }));
        }
        session.apply(&Record::Stop(moment(seconds * 1000)));
        session
    }

    fn code(session: &Session, limit: u64) -> String {
        validate(session, limit).map_or_else(|error| error.code_name(), |()| "ok".into())
    }

    #[test]
    fn each_rule_of_a_save_has_its_own_error() {
        let run = ActivityKind::Running;
        assert_eq!(code(&session(run, START_MS, 20, 300, 20), 1000), "ok");
        assert_eq!(code(&session(run, START_MS, 1, 300, 20), 1000), "too_few_samples");
        assert_eq!(code(&session(run, START_MS, 3, 300, 20), 1000), "distance_too_short");
        assert_eq!(code(&session(run, START_MS, 20, 300, 20), 19), "too_many_samples");
        assert_eq!(
            code(&session(run, 4_200_000_000_000, 20, 300, 20), 1000),
            "invalid_dates"
        );
        assert_eq!(
            code(&session(ActivityKind::IndoorOther, START_MS, 0, 0, 20), 1000),
            "ok"
        );
        assert_eq!(
            code(&session(ActivityKind::IndoorOther, START_MS, 0, 0, 0), 1000),
            "duration_too_short"
        );
    }

    #[test]
    fn a_short_transition_of_another_device_is_an_activity_and_an_empty_one_is_not() {
        assert!(validate_imported(&session(ActivityKind::Other, START_MS, 3, 10, 4), 1000).is_ok());
        let empty = validate_imported(&session(ActivityKind::Other, START_MS, 0, 0, 4), 1000);
        assert_eq!(empty.map_err(|error| error.code_name()), Err("too_few_samples".into()));
    }
}
