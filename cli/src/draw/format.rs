//! Numbers as a reader writes them.

use super::model::{Rate, Units};

/// What stands where a number is unknown.
pub const UNKNOWN: &str = "–";

/// `h:mm:ss`, and `m:ss` below an hour. Rounded to the second before it is taken apart, so that 59.6 s is 1:00.
#[must_use]
pub fn duration(seconds: f64) -> String {
    if !seconds.is_finite() || !(0.0..1e9).contains(&seconds) {
        return UNKNOWN.to_owned();
    }
    let total = seconds.round() as u64;
    let (hours, minutes, seconds) = (total / 3600, total / 60 % 60, total % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// `h:mm` on an axis whose steps are whole minutes.
#[must_use]
pub fn hours_minutes(seconds: f64) -> String {
    if !seconds.is_finite() || !(0.0..1e9).contains(&seconds) {
        return UNKNOWN.to_owned();
    }
    let minutes = (seconds / 60.0).round() as u64;
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

/// A distance in km or mi: two decimals below 100, one below 1000, none above.
#[must_use]
pub fn distance(metres: f64, units: Units) -> String {
    let value = metres / units.long_m();
    if !value.is_finite() || value < 0.0 {
        return UNKNOWN.to_owned();
    }
    let decimals = if value < 99.995 { 2 } else { usize::from(value < 999.95) };
    grouped(value, decimals)
}

/// A height in whole m or ft, with a true minus.
#[must_use]
pub fn height(metres: f64, units: Units) -> String {
    grouped(metres / units.short_m(), 0)
}

/// A pace (`m:ss`) or a speed (one decimal) from m/s, without its unit.
#[must_use]
pub fn rate(speed_mps: f64, rate: Rate, units: Units) -> String {
    rate.of_speed(speed_mps, units)
        .map_or_else(|| UNKNOWN.to_owned(), |value| rate_value(value, rate))
}

/// A value of the rate's own axis, without its unit.
#[must_use]
pub fn rate_value(value: f64, rate: Rate) -> String {
    // Slower than 10 h/km is standing, not a pace.
    if rate.is_pace() && value > 36_000.0 {
        return UNKNOWN.to_owned();
    }
    if rate.is_pace() {
        duration(value)
    } else {
        grouped(value, 1)
    }
}

/// Decimals fixed, thin groups of three from 10,000 on, a true minus, never "−0".
#[must_use]
pub fn grouped(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return UNKNOWN.to_owned();
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((text.as_str(), ""));
    let mut out = String::with_capacity(text.len() + 4);
    if value < 0.0 && text.chars().any(|digit| ('1'..='9').contains(&digit)) {
        out.push('−');
    }
    for (place, digit) in whole.chars().enumerate() {
        if whole.len() > 4 && place > 0 && (whole.len() - place) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if decimals > 0 {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn durations_round_before_they_are_taken_apart() {
        let told = [
            0.0,
            59.6,
            61.0,
            3599.5,
            3661.2,
            360_000.0,
            -1.0,
            f64::NAN,
            f64::INFINITY,
        ]
        .map(duration);
        assert_eq!(
            told,
            ["0:00", "1:00", "1:01", "1:00:00", "1:01:01", "100:00:00", "–", "–", "–"]
        );
    }

    #[test]
    fn distances_lose_decimals_as_they_grow() {
        let told =
            [0.0, 421.0, 10_019.0, 99_994.0, 99_996.0, 204_593.0, 12_345_678.0].map(|m| distance(m, Units::Metric));
        assert_eq!(told, ["0.00", "0.42", "10.02", "99.99", "100.0", "204.6", "12,346"]);
        assert_eq!(distance(1609.344, Units::Imperial), "1.00");
        assert_eq!(distance(f64::NAN, Units::Metric), UNKNOWN);
    }

    #[test]
    fn rates_follow_the_sport() {
        assert_eq!(rate(1000.0 / 299.0, Rate::Pace, Units::Metric), "4:59");
        assert_eq!(rate(1609.344 / 480.0, Rate::Pace, Units::Imperial), "8:00");
        assert_eq!(rate(1.0, Rate::SwimPace, Units::Metric), "1:40");
        assert_eq!(rate(10.0, Rate::Speed, Units::Metric), "36.0");
        assert_eq!(rate(0.0, Rate::Speed, Units::Metric), "0.0");
        for standing in [0.0, -1.0, 1e-9, f64::NAN] {
            assert_eq!(rate(standing, Rate::Pace, Units::Metric), UNKNOWN);
        }
    }

    #[test]
    fn a_minus_is_a_minus_and_zero_has_none() {
        assert_eq!(height(-12.4, Units::Metric), "−12");
        assert_eq!(height(-0.4, Units::Metric), "0");
        assert_eq!(height(8848.0, Units::Imperial), "29,029");
    }

    proptest! {
        #[test]
        fn a_duration_reads_back_to_its_second(seconds in 0_u32..10_000_000) {
            let read = duration(f64::from(seconds)).split(':').fold(0, |sum, part| sum * 60 + part.parse::<u32>().unwrap_or(99));
            prop_assert_eq!(read, seconds);
        }

        #[test]
        fn no_number_prints_as_nan(value in proptest::num::f64::ANY) {
            for text in [duration(value), distance(value, Units::Metric), height(value, Units::Imperial), rate(value, Rate::Pace, Units::Metric)] {
                prop_assert!(!text.contains("NaN") && !text.contains("inf"), "{}", text);
            }
        }
    }
}
