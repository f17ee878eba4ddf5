//! The times of XML files: ISO 8601 as programs really write it.

use chrono::NaiveDate;

/// An instant and the offset it was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Instant {
    /// UTC, milliseconds since 1970.
    pub ms: i64,
    /// Seconds east of UTC, if the text names an offset other than `Z` and `+00:00`, which programs write for "UTC" wherever
    /// the activity was.
    pub offset_s: Option<i32>,
}

/// Reads `2019-05-01T04:31:11Z` and its relatives: a space instead of the `T`, a fraction of any length after a point or a comma,
/// an offset with or without colon or minutes, no zone at all (taken as UTC, which both formats demand), a leap second.
pub(super) fn parse(text: &str) -> Option<Instant> {
    let text = text.trim();
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let mut date = date.split('-');
    let (year, month, day) = (date.next()?, date.next()?, date.next()?);
    let date_ok = date.next().is_none() && year.len() == 4;
    let date = NaiveDate::from_ymd_opt(digits(year)?, digits(month)?, digits(day)?).filter(|_| date_ok)?;
    let time = time.trim_start();
    let zone_at = time.find(['Z', 'z', '+', '-', ' ']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone_at);
    let mut clock = clock.split(':');
    let (hour, minute): (i64, i64) = (digits(clock.next()?)?, digits(clock.next()?)?);
    let second = clock.next().unwrap_or("0").replace(',', ".");
    if clock.next().is_some() || second.starts_with(['+', '-']) {
        return None;
    }
    let second: f64 = second.parse().ok().filter(|second| (0.0..61.0).contains(second))?;
    if hour > 24 || minute > 59 {
        return None;
    }
    let offset_s = offset(zone.trim())?;
    let days = date.signed_duration_since(NaiveDate::default()).num_days();
    #[allow(clippy::cast_possible_truncation, reason = "at most 61,000")]
    let second_ms = (second * 1000.0).round() as i64;
    let local_ms = ((days * 24 + hour) * 60 + minute) * 60_000 + second_ms;
    Some(Instant { ms: local_ms - i64::from(offset_s) * 1000, offset_s: Some(offset_s).filter(|&offset| offset != 0) })
}

/// Only digits: `parse` alone would take a sign.
fn digits<N: std::str::FromStr>(text: &str) -> Option<N> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// Seconds east: `Z`, nothing, `+02:00`, `-0330`, `+1`. Offsets beyond ±18 h do not exist.
fn offset(zone: &str) -> Option<i32> {
    let Some(sign) = zone.chars().next().filter(|&sign| sign == '+' || sign == '-') else {
        return matches!(zone, "" | "Z" | "z").then_some(0);
    };
    let plain: String = zone[1..].chars().filter(|&c| c != ':').collect();
    let (hours, minutes): (i32, i32) = match plain.len() {
        1 | 2 => (digits(&plain)?, 0),
        4 => (digits(plain.get(..2)?)?, digits(plain.get(2..)?)?),
        _ => return None,
    };
    let seconds = (hours * 60 + minutes) * 60;
    (minutes < 60 && seconds <= 18 * 3600).then_some(if sign == '-' { -seconds } else { seconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_common_spelling_names_the_same_instant() {
        for text in [
            "2019-05-01T04:31:11Z",
            " 2019-05-01T04:31:11.000Z ",
            "2019-05-01 04:31:11",
            "2019-05-01T04:31:11",
            "2019-05-01T06:31:11+02:00",
            "2019-05-01T06:31:11.0000000+0200",
            "2019-05-01T01:01:11-03:30",
            "2019-05-01T04:31:11,0Z",
            "2019-05-01t04:31:11z",
        ] {
            assert_eq!(parse(text).map(|instant| instant.ms), Some(1_556_685_071_000), "{text}");
        }
        assert_eq!(parse("2019-05-01T06:31:11+02:00").and_then(|instant| instant.offset_s), Some(7200));
        assert_eq!(parse("2019-05-01T04:31:11Z").and_then(|instant| instant.offset_s), None);
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["", "T", "2019-05-01", "2019-13-01T00:00:00Z", "2019-05-01T25:00:00Z", "2019-05-01T00:00:99Z", "x-y-zTa:b:c"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn fractions_round_to_milliseconds() {
        assert_eq!(parse("1970-01-01T00:00:01.2345678Z").map(|instant| instant.ms), Some(1235));
    }
}
