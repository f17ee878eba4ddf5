//! What an app may pass as a moment: anything that a clock can show, however wrong the clock.
//!
//! Nothing is refused because a device believes that it is 1970 or 2090. What no device's clock shows is a mistake of the program: a
//! sentinel (`Date.distantPast`, `Date.distantFuture`, `Instant.MAX`) or seconds taken for milliseconds of milliseconds.

use std::time::SystemTime;

use super::time::to_ms;
use crate::error::{Result, SteadfastError};

/// 3000-01-01T00:00:00Z: the first millisecond that is no moment. `Date.distantFuture` is in the year 4001.
pub const END_MS: i64 = 32_503_680_000_000;

/// Hours beyond which there is no offset of local time; real ones run from −12 to +14. The limit of `java.time.ZoneOffset`.
const MAX_OFFSET_H: i32 = 18;

/// The moment in UTC milliseconds since 1970.
///
/// # Errors
/// `InvalidArgument` naming `field`: before 1970 or after 2999.
pub fn checked_ms(field: &str, time: SystemTime) -> Result<i64> {
    let ms = to_ms(time);
    if (0..END_MS).contains(&ms) {
        Ok(ms)
    } else {
        Err(SteadfastError::invalid(field, "it is not between 1970 and 2999"))
    }
}

/// Checks an offset of local time from UTC in seconds, positive east of Greenwich.
///
/// # Errors
/// `InvalidArgument` naming `field`: more than 18 hours.
pub fn check_utc_offset(field: &str, utc_offset_s: Option<i32>) -> Result<()> {
    match utc_offset_s {
        Some(offset) if offset.unsigned_abs() > (MAX_OFFSET_H * 3600).unsigned_abs() => Err(SteadfastError::invalid(
            field,
            format!("{offset} s is more than {MAX_OFFSET_H} hours"),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::civil_date::CivilDate;
    use crate::domain::time::from_ms;

    #[test]
    fn every_moment_that_a_clock_can_show_is_one_and_has_a_date_in_every_zone() {
        for ms in [0, 1, 1_769_558_400_000, 4_102_444_800_000, END_MS - 1] {
            assert_eq!(checked_ms("at", from_ms(ms)), Ok(ms));
            for offset in [-18 * 3600, 0, 18 * 3600] {
                assert!(CivilDate::of_instant(ms, offset).is_some());
            }
        }
    }

    #[test]
    fn what_no_clock_shows_is_refused_by_its_field() {
        // `Date.distantPast`, the millisecond before 1970, the end, `Date.distantFuture`.
        for ms in [-62_135_769_600_000, -1, END_MS, 64_092_211_200_000] {
            let refused = checked_ms("started_at", from_ms(ms)).expect_err("no moment");
            assert!(matches!(refused, SteadfastError::Validation { field: Some(field), .. } if field == "started_at"));
        }
    }

    #[test]
    fn an_offset_is_at_most_eighteen_hours() {
        for fits in [None, Some(0), Some(-18 * 3600), Some(18 * 3600)] {
            assert_eq!(check_utc_offset("utc_offset_s", fits), Ok(()));
        }
        for wrong in [18 * 3600 + 1, -18 * 3600 - 1, i32::MAX, i32::MIN] {
            assert!(check_utc_offset("utc_offset_s", Some(wrong)).is_err(), "{wrong}");
        }
    }
}
