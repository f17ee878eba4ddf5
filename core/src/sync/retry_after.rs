//! The header `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date in one of three forms. Pure.

use chrono::{DateTime, NaiveDateTime};

/// How long the server wants to be left alone, in milliseconds from now; `None` for a header that says nothing.
///
/// A date is compared with the reply's own `Date`, since this device's clock may be an hour off; `now_ms` (UTC) stands in for a missing one.
#[must_use]
pub fn retry_after_ms(header: &str, date: Option<&str>, now_ms: i64) -> Option<i64> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a long time.
        return Some(header.parse::<i64>().unwrap_or(i64::MAX).saturating_mul(1_000));
    }
    let at_ms = http_date_ms(header)?;
    let since_ms = date.and_then(http_date_ms).unwrap_or(now_ms);
    Some(at_ms.saturating_sub(since_ms).max(0))
}

/// A date of HTTP (RFC 9110, section 5.6.7), in UTC milliseconds: today's form, RFC 850's, or that of C's `asctime`.
fn http_date_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    let naive = |format| {
        NaiveDateTime::parse_from_str(text, format)
            .ok()
            .map(|time| time.and_utc().timestamp_millis())
    };
    DateTime::parse_from_rfc2822(text)
        .ok()
        .map(|time| time.timestamp_millis())
        .or_else(|| naive("%A, %d-%b-%y %H:%M:%S GMT"))
        .or_else(|| naive("%a %b %e %H:%M:%S %Y"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sun, 06 Nov 1994 08:49:37 GMT, the date of the RFC's examples.
    const EXAMPLE_MS: i64 = 784_111_777_000;

    #[test]
    fn seconds_and_all_three_forms_of_a_date_are_understood() {
        assert_eq!(retry_after_ms("120", None, 0), Some(120_000));
        assert_eq!(retry_after_ms(" 0 ", None, 0), Some(0));
        assert_eq!(retry_after_ms("99999999999999999999", None, 0), Some(i64::MAX));
        for date in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(retry_after_ms(date, None, EXAMPLE_MS - 5_000), Some(5_000), "{date}");
        }
    }

    #[test]
    fn a_date_is_compared_with_the_server_s_clock_not_with_this_device_s() {
        let sent = Some("Sun, 06 Nov 1994 08:49:07 GMT");
        let an_hour_off = EXAMPLE_MS + 3_600_000;
        assert_eq!(
            retry_after_ms("Sun, 06 Nov 1994 08:49:37 GMT", sent, an_hour_off),
            Some(30_000)
        );
        assert_eq!(
            retry_after_ms("Sun, 06 Nov 1994 08:00:00 GMT", sent, 0),
            Some(0),
            "a date that has passed"
        );
    }

    #[test]
    fn what_is_neither_says_nothing() {
        for header in ["", "soon", "-5", "1.5", "Sun, 99 Nov 1994 08:49:37 GMT"] {
            assert_eq!(retry_after_ms(header, None, 0), None, "{header}");
        }
    }
}
