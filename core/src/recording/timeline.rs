//! One line of time for a workout, whatever the clocks do.
//!
//! Everything in a session stands on this line: UTC milliseconds that never run backwards because somebody set the clock. Where the
//! sleep-counting clock is known it decides, and the wall clock only says where the line starts; where it is not (an imported file)
//! the wall time is taken as it is.

use crate::domain::time::Moment;

/// A wall time and a sleep-counting time that differ by more than this have drifted apart by a jump, not by delivery: fixes reach the
/// app within a second of being taken.
const TOLERANCE_MS: i64 = 2_000;

/// Where the line is anchored.
#[derive(Clone, Debug)]
pub struct Timeline {
    anchor_wall_ms: i64,
    anchor_elapsed_ms: Option<i64>,
}

/// A place on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// UTC milliseconds on the line.
    pub at_ms: i64,
    /// True if the wall time was replaced because it had jumped.
    pub rebased: bool,
}

impl Timeline {
    /// A line that starts at `start`.
    #[must_use]
    pub fn new(start: &Moment) -> Self {
        Self {
            anchor_wall_ms: start.wall_ms,
            anchor_elapsed_ms: start.elapsed_ms,
        }
    }

    /// Where a pair of clock readings belongs.
    #[must_use]
    pub fn place(&self, wall_ms: i64, elapsed_ms: Option<i64>) -> Placed {
        let Some((elapsed, anchor)) = elapsed_ms.zip(self.anchor_elapsed_ms) else {
            return Placed {
                at_ms: wall_ms,
                rebased: false,
            };
        };
        let by_elapsed = self.anchor_wall_ms.saturating_add(elapsed.saturating_sub(anchor));
        // The wall time is kept while it agrees: satellites give it to the millisecond.
        if wall_ms.abs_diff(by_elapsed) <= TOLERANCE_MS.unsigned_abs() {
            Placed {
                at_ms: wall_ms,
                rebased: false,
            }
        } else {
            Placed {
                at_ms: by_elapsed,
                rebased: true,
            }
        }
    }

    /// Milliseconds by which satellite time differs from the line, if the line should be moved there: the phone's clock was wrong when
    /// the workout started. Only a fix that carries both clocks can tell.
    #[must_use]
    pub fn correction(&self, wall_ms: i64, elapsed_ms: Option<i64>) -> Option<i64> {
        let by_elapsed = self
            .anchor_wall_ms
            .saturating_add(elapsed_ms?.saturating_sub(self.anchor_elapsed_ms?));
        let difference = wall_ms.saturating_sub(by_elapsed);
        (difference.unsigned_abs() > TOLERANCE_MS.unsigned_abs()).then_some(difference)
    }

    /// Moves the whole line.
    pub fn shift(&mut self, by_ms: i64) {
        self.anchor_wall_ms = self.anchor_wall_ms.saturating_add(by_ms);
    }

    /// Anchors the line again after a silence, perhaps in another boot, never before `not_before_ms`. True if the wall clock had to
    /// be overruled for that.
    pub fn anchor(&mut self, moment: &Moment, same_boot: bool, not_before_ms: i64) -> Placed {
        let placed = if same_boot {
            self.place(moment.wall_ms, moment.elapsed_ms)
        } else {
            Placed {
                at_ms: moment.wall_ms,
                rebased: false,
            }
        };
        let at_ms = placed.at_ms.max(not_before_ms);
        self.anchor_wall_ms = at_ms;
        self.anchor_elapsed_ms = moment.elapsed_ms;
        Placed {
            at_ms,
            rebased: placed.rebased || at_ms != placed.at_ms,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(wall_ms: i64, elapsed_ms: i64) -> Moment {
        Moment {
            wall_ms,
            elapsed_ms: Some(elapsed_ms),
        }
    }

    #[test]
    fn a_wall_clock_that_agrees_is_kept() {
        let line = Timeline::new(&moment(1_000_000, 5_000));
        assert_eq!(
            line.place(1_010_300, Some(15_000)),
            Placed {
                at_ms: 1_010_300,
                rebased: false
            }
        );
    }

    #[test]
    fn a_wall_clock_that_jumped_a_year_is_replaced() {
        let line = Timeline::new(&moment(1_000_000, 5_000));
        for year_ms in [31_536_000_000_i64, -31_536_000_000] {
            let placed = line.place(1_010_000 + year_ms, Some(15_000));
            assert_eq!(
                placed,
                Placed {
                    at_ms: 1_010_000,
                    rebased: true
                }
            );
        }
    }

    #[test]
    fn without_a_second_clock_the_wall_time_stands() {
        let line = Timeline::new(&Moment {
            wall_ms: 1_000_000,
            elapsed_ms: None,
        });
        assert_eq!(
            line.place(99, Some(1)),
            Placed {
                at_ms: 99,
                rebased: false
            }
        );
    }

    #[test]
    fn another_boot_never_compares_its_clock_with_the_first() {
        let mut line = Timeline::new(&moment(1_000_000, 900_000));
        let placed = line.anchor(&moment(1_060_000, 20), false, 1_030_000);
        assert_eq!(
            placed,
            Placed {
                at_ms: 1_060_000,
                rebased: false
            }
        );
        assert_eq!(line.place(1_061_000, Some(1_020)).at_ms, 1_061_000);
    }

    #[test]
    fn a_clock_set_back_during_a_reboot_does_not_turn_the_line_back() {
        let mut line = Timeline::new(&moment(1_000_000, 900_000));
        assert_eq!(
            line.anchor(&moment(5, 20), false, 1_030_000),
            Placed {
                at_ms: 1_030_000,
                rebased: true
            }
        );
    }
}
