//! Which fixes become part of the track, and which do not, each with its reason.
//!
//! **The line that decides whether a fix is rejected is in [`Gate::offer`].** One fix is always held back until the next arrives: only
//! then is it known whether a more accurate one has the same timestamp, and whether a jump was a teleport.

use crate::domain::distance::distance_m;
use crate::domain::sample::{Fix, Row};

use crate::domain::tally::RejectReason;

/// The slack of a fix whose accuracy is unknown, in metres: what consumer receivers stay within outdoors.
const UNKNOWN_ACCURACY_M: f64 = 25.0;

/// Limits fixed at the start of the workout.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Fixes with a larger radius are rejected, in decimetres.
    pub max_horizontal_accuracy_dm: i32,
    /// Steps faster than this, beyond both radii, are teleports; m/s.
    pub max_speed_mps: f64,
}

/// A fix that passed the first look, as the row it will become.
#[derive(Clone, Copy, Debug)]
struct Held {
    row: Row,
    /// It jumped from the last committed row; the next fix confirms or refutes it.
    suspicious: bool,
}

/// What became of the fixes so far after one was offered.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Verdict {
    /// A row that now belongs to the track.
    pub committed: Option<Row>,
    /// A fix that was rejected: the offered one, or the one held before it.
    pub rejected: Option<RejectReason>,
    /// A row whose fix was dropped although readings of other sensors had been joined to it; they are still good.
    pub orphaned: Option<Row>,
}

impl Verdict {
    fn commit(row: Row) -> Self {
        Self {
            committed: Some(row),
            ..Self::default()
        }
    }

    fn reject(reason: RejectReason, row: Row) -> Self {
        Self {
            rejected: Some(reason),
            orphaned: Some(row),
            ..Self::default()
        }
    }
}

/// The state between two fixes.
#[derive(Clone, Debug)]
pub struct Gate {
    limits: Limits,
    /// The last committed fix of the open segment, which jumps are measured from; across a pause everything is possible.
    last: Option<Row>,
    held: Option<Held>,
    /// Nothing at or before this time may enter the track any more.
    closed_ms: i64,
    /// The next committed row starts a segment.
    break_pending: bool,
}

impl Gate {
    /// A gate that has seen nothing.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            last: None,
            held: None,
            closed_ms: i64::MIN,
            break_pending: true,
        }
    }

    /// Why a fix is bad whatever came before it; `None` if it may be good.
    #[must_use]
    pub fn reject_alone(&self, fix: &Fix) -> Option<RejectReason> {
        match fix.horizontal_accuracy_dm {
            Some(radius) if radius < 0 => Some(RejectReason::InvalidFix),
            _ if fix.latitude_e7 == 0 && fix.longitude_e7 == 0 => Some(RejectReason::ZeroPosition),
            Some(radius) if radius > self.limits.max_horizontal_accuracy_dm => Some(RejectReason::Inaccurate),
            _ => None,
        }
    }

    /// Decides on a fix that [`Self::reject_alone`] let pass, given as the row that it would become.
    pub fn offer(&mut self, row: Row) -> Verdict {
        if row.time_ms <= self.closed_ms {
            let reason = if row.time_ms == self.closed_ms {
                RejectReason::Duplicate
            } else {
                RejectReason::Late
            };
            return Verdict::reject(reason, row);
        }
        let Some(held) = self.held else {
            self.held = Some(Held {
                row,
                suspicious: self.jumps(self.last.as_ref(), &row),
            });
            return Verdict::default();
        };
        if row.time_ms < held.row.time_ms {
            return Verdict::reject(RejectReason::Late, row);
        }
        if row.time_ms == held.row.time_ms {
            return self.keep_more_accurate(held, row);
        }
        if !held.suspicious {
            let committed = self.commit(held.row);
            self.held = Some(Held {
                row,
                suspicious: self.jumps(self.last.as_ref(), &row),
            });
            return Verdict::commit(committed);
        }
        let agrees_with_last = !self.jumps(self.last.as_ref(), &row);
        if !agrees_with_last && !self.jumps(Some(&held.row), &row) {
            // The person really is there: a gap without distance.
            self.break_pending = true;
            let committed = self.commit(held.row);
            self.held = Some(Held { row, suspicious: false });
            return Verdict::commit(committed);
        }
        self.held = Some(Held {
            row,
            suspicious: !agrees_with_last,
        });
        Verdict::reject(RejectReason::Teleport, held.row)
    }

    /// Decides on the held fix without waiting for the next one. A jump that nothing confirmed is a teleport.
    pub fn settle(&mut self) -> Verdict {
        match self.held.take() {
            None => Verdict::default(),
            Some(held) if held.suspicious => Verdict::reject(RejectReason::Teleport, held.row),
            Some(held) => Verdict::commit(self.commit(held.row)),
        }
    }

    /// As `settle`; and the next row starts a segment, wherever it is (after a pause, a crash).
    pub fn close_segment(&mut self) -> Verdict {
        let verdict = self.settle();
        self.last = None;
        self.break_pending = true;
        verdict
    }

    /// Marks a row without position, which no fix claimed, as part of the track. Call `settle` first.
    pub fn pass(&mut self, mut row: Row) -> Option<Row> {
        if row.time_ms <= self.closed_ms {
            return None;
        }
        if std::mem::take(&mut self.break_pending) {
            row.flags |= Row::SEGMENT_START;
        }
        self.closed_ms = row.time_ms;
        Some(row)
    }

    /// The fix that is held back and will most likely be committed next, for the live view.
    #[must_use]
    pub fn provisional(&self) -> Option<&Row> {
        self.held.as_ref().filter(|held| !held.suspicious).map(|held| &held.row)
    }

    /// True if nothing is in the track and nothing is held.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        self.closed_ms == i64::MIN && self.held.is_none()
    }

    fn commit(&mut self, mut row: Row) -> Row {
        if std::mem::take(&mut self.break_pending) {
            row.flags |= Row::SEGMENT_START;
        }
        self.closed_ms = row.time_ms;
        self.last = Some(row);
        row
    }

    fn keep_more_accurate(&mut self, held: Held, row: Row) -> Verdict {
        let radius = |row: &Row| row.horizontal_accuracy_dm.unwrap_or(i32::MAX);
        let (better, worse, suspicious) = if radius(&row) < radius(&held.row) {
            (row, held.row, self.jumps(self.last.as_ref(), &row))
        } else {
            (held.row, row, held.suspicious)
        };
        self.held = Some(Held {
            row: fill(better, &worse),
            suspicious,
        });
        Verdict {
            rejected: Some(RejectReason::Duplicate),
            ..Verdict::default()
        }
    }

    /// True if nobody doing this could have come from `from` to `to` in that time, both radii granted.
    fn jumps(&self, from: Option<&Row>, to: &Row) -> bool {
        let Some((from, a, b)) = from.and_then(|from| Some((from, from.position_e7()?, to.position_e7()?))) else {
            return false;
        };
        let radius_m = |row: &Row| {
            row.horizontal_accuracy_dm
                .map_or(UNKNOWN_ACCURACY_M, |radius| f64::from(radius) / 10.0)
        };
        #[allow(clippy::cast_precision_loss, reason = "milliseconds within a workout")]
        let seconds = (to.time_ms - from.time_ms) as f64 / 1000.0;
        distance_m(a, b) > radius_m(from) + radius_m(to) + self.limits.max_speed_mps * seconds
    }
}

/// `row` with what it does not know taken from `other`.
fn fill(mut row: Row, other: &Row) -> Row {
    if row.altitude_cm.is_none() {
        row.altitude_cm = other.altitude_cm;
        row.flags |= other.flags & Row::BAROMETRIC;
    }
    row.speed_cmps = row.speed_cmps.or(other.speed_cmps);
    row.vertical_accuracy_dm = row.vertical_accuracy_dm.or(other.vertical_accuracy_dm);
    row.course_ddeg = row.course_ddeg.or(other.course_ddeg);
    row.heart_rate_bpm = row.heart_rate_bpm.or(other.heart_rate_bpm);
    row.cadence_rpm = row.cadence_rpm.or(other.cadence_rpm);
    row.power_w = row.power_w.or(other.power_w);
    row.distance_cm = row.distance_cm.or(other.distance_cm);
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample::LocationSource;

    const START_MS: i64 = 1_700_000_000_000;

    fn gate() -> Gate {
        Gate::new(Limits {
            max_horizontal_accuracy_dm: 500,
            max_speed_mps: 15.0,
        })
    }

    /// A fix `second` seconds into the workout, `metres` north of where it began.
    fn row(second: i64, metres: i32, radius_m: i32) -> Row {
        Row {
            time_ms: START_MS + second * 1000,
            latitude_e7: Some(480_000_000 + metres * 90),
            longitude_e7: Some(20_000_000),
            horizontal_accuracy_dm: Some(radius_m * 10),
            ..Row::default()
        }
    }

    /// Offers rows; gives the committed ones as (second, starts a segment) and the rejections.
    fn run(rows: &[Row]) -> (Vec<(i64, bool)>, Vec<RejectReason>) {
        let mut gate = gate();
        let mut verdicts: Vec<Verdict> = rows.iter().map(|row| gate.offer(*row)).collect();
        verdicts.push(gate.close_segment());
        let committed = verdicts.iter().filter_map(|verdict| verdict.committed);
        (
            committed
                .map(|row| ((row.time_ms - START_MS) / 1000, row.starts_segment()))
                .collect(),
            verdicts.iter().filter_map(|verdict| verdict.rejected).collect(),
        )
    }

    #[test]
    fn a_fix_is_rejected_alone_for_what_it_says_of_itself() {
        let fix = |latitude_e7, radius| Fix {
            time_ms: START_MS,
            elapsed_ms: None,
            latitude_e7,
            longitude_e7: 0,
            altitude_cm: None,
            horizontal_accuracy_dm: radius,
            vertical_accuracy_dm: None,
            speed_cmps: None,
            course_ddeg: None,
            source: LocationSource::Satellite,
        };
        let cases = [
            (1, None, None),
            (1, Some(500), None),
            (1, Some(501), Some(RejectReason::Inaccurate)),
            (1, Some(-1), Some(RejectReason::InvalidFix)),
            (0, Some(10), Some(RejectReason::ZeroPosition)),
        ];
        for (latitude, radius, reason) in cases {
            assert_eq!(gate().reject_alone(&fix(latitude, radius)), reason);
        }
    }

    #[test]
    fn a_late_fix_is_dropped() {
        let (committed, rejected) = run(&[row(0, 0, 5), row(2, 6, 5), row(1, 3, 5), row(3, 9, 5)]);
        assert_eq!(committed, [(0, true), (2, false), (3, false)]);
        assert_eq!(rejected, [RejectReason::Late]);
    }

    #[test]
    fn of_two_fixes_with_one_timestamp_the_more_accurate_stays() {
        let mut gate = gate();
        gate.offer(row(0, 0, 20));
        assert_eq!(gate.offer(row(0, 1, 5)).rejected, Some(RejectReason::Duplicate));
        assert_eq!(gate.offer(row(0, 2, 10)).rejected, Some(RejectReason::Duplicate));
        let kept = gate.close_segment().committed.unwrap();
        assert_eq!(kept.position_e7(), row(0, 1, 5).position_e7());
    }

    #[test]
    fn a_jump_that_the_next_fix_refutes_is_a_teleport() {
        let (committed, rejected) = run(&[row(0, 0, 5), row(1, 5_000, 5), row(2, 6, 5), row(3, 9, 5)]);
        assert_eq!(committed, [(0, true), (2, false), (3, false)]);
        assert_eq!(rejected, [RejectReason::Teleport]);
    }

    #[test]
    fn a_jump_that_the_next_fix_confirms_is_a_gap() {
        let (committed, rejected) = run(&[row(0, 0, 5), row(1, 5_000, 5), row(2, 5_003, 5), row(3, 5_006, 5)]);
        assert_eq!(committed, [(0, true), (1, true), (2, false), (3, false)]);
        assert!(rejected.is_empty());
    }

    #[test]
    fn jumps_that_agree_with_nothing_are_all_teleports() {
        let (committed, rejected) = run(&[
            row(0, 0, 5),
            row(1, 5_000, 5),
            row(2, 90_000, 5),
            row(3, -70_000, 5),
            row(4, 12, 5),
            row(5, 15, 5),
        ]);
        assert_eq!(committed, [(0, true), (4, false), (5, false)]);
        assert_eq!(rejected, [RejectReason::Teleport; 3]);
    }

    #[test]
    fn a_jump_at_the_very_end_stays_unconfirmed() {
        let (committed, rejected) = run(&[row(0, 0, 5), row(1, 3, 5), row(2, 5_000, 5)]);
        assert_eq!(committed.len(), 2);
        assert_eq!(rejected, [RejectReason::Teleport]);
    }

    #[test]
    fn across_a_pause_everything_is_possible() {
        let mut gate = gate();
        gate.offer(row(0, 0, 5));
        gate.close_segment();
        gate.offer(row(10, 50_000, 5));
        let committed = gate.offer(row(11, 50_003, 5)).committed.unwrap();
        assert!(committed.starts_segment());
    }

    #[test]
    fn a_slow_receiver_with_a_large_radius_is_no_teleport() {
        let (committed, rejected) = run(&[row(0, 0, 45), row(1, 80, 45), row(2, 83, 10)]);
        assert_eq!(committed.len(), 3);
        assert!(rejected.is_empty());
    }
}
