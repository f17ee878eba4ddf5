//! Dates as a calendar shows them: without a time and without a zone.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate};

use crate::error::{Result, SteadfastError};

/// A day of the Gregorian calendar, wherever the person is. `2026-01-28` in JSON and SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, uniffi::Record)]
pub struct CivilDate {
    /// 1 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl CivilDate {
    /// The day.
    ///
    /// # Errors
    /// `InvalidArgument` naming `field` if the calendar has no such day.
    pub fn new(field: &str, year: u16, month: u8, day: u8) -> Result<Self> {
        Self { year, month, day }.checked(field)
    }

    /// The day itself, if the calendar has it: a record that comes from outside may hold anything.
    ///
    /// # Errors
    /// `InvalidArgument` naming `field`.
    pub fn checked(self, field: &str) -> Result<Self> {
        match self.naive() {
            Some(_) => Ok(self),
            None => Err(SteadfastError::invalid(field, format!("the calendar has no {self}"))),
        }
    }

    /// The day on which an instant falls, `utc_offset_s` seconds east of Greenwich; `None` beyond the years 1 to 9999.
    #[must_use]
    pub fn of_instant(instant_ms: i64, utc_offset_s: i32) -> Option<Self> {
        let local = DateTime::from_timestamp_millis(instant_ms.checked_add(i64::from(utc_offset_s) * 1000)?)?;
        Self::of_naive(local.date_naive())
    }

    /// The day `days` later; `None` beyond the year 9999.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Option<Self> {
        Self::of_naive(self.naive()?.checked_add_days(Days::new(days.into()))?)
    }

    fn naive(self) -> Option<NaiveDate> {
        (1..=9999)
            .contains(&self.year)
            .then(|| NaiveDate::from_ymd_opt(self.year.into(), self.month.into(), self.day.into()))
            .flatten()
    }

    fn of_naive(date: NaiveDate) -> Option<Self> {
        let year = u16::try_from(date.year())
            .ok()
            .filter(|year| (1..=9999).contains(year))?;
        Some(Self {
            year,
            month: u8::try_from(date.month()).ok()?,
            day: u8::try_from(date.day()).ok()?,
        })
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for CivilDate {
    type Err = SteadfastError;

    fn from_str(text: &str) -> Result<Self> {
        let parse = || {
            let (year, rest) = text.split_once('-')?;
            let (month, day) = rest.split_once('-')?;
            let is_plain = [year, month, day].map(str::len) == [4, 2, 2]
                && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit());
            let date = Self {
                year: year.parse().ok()?,
                month: month.parse().ok()?,
                day: day.parse().ok()?,
            };
            date.naive().filter(|_| is_plain).map(|_| date)
        };
        parse().ok_or_else(|| SteadfastError::invalid("date", format!("{text:?} is no date like 2026-01-28")))
    }
}

impl serde::Serialize for CivilDate {
    fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for CivilDate {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        String::deserialize(from)?
            .parse()
            .map_err(|error: SteadfastError| serde::de::Error::custom(error.detail()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDNIGHT_MS: i64 = 1_769_558_400_000; // 2026-01-28T00:00:00Z

    #[test]
    fn an_instant_falls_on_the_day_that_its_own_offset_says() {
        let date = |ms, offset| CivilDate::of_instant(ms, offset).expect("in range").to_string();
        assert_eq!(date(MIDNIGHT_MS, 0), "2026-01-28");
        assert_eq!(date(MIDNIGHT_MS - 1, 0), "2026-01-27");
        assert_eq!(date(MIDNIGHT_MS - 1, 3600), "2026-01-28");
        assert_eq!(date(MIDNIGHT_MS, -3600), "2026-01-27");
        assert_eq!(CivilDate::of_instant(i64::MAX, 0), None);
    }

    #[test]
    fn only_days_of_the_calendar_are_dates() {
        for wrong in [
            "",
            "2026-02-29",
            "2026-13-01",
            "2026-1-28",
            "0000-01-01",
            "+026-01-28",
            "2026-01-28T00:00",
        ] {
            assert!(wrong.parse::<CivilDate>().is_err(), "{wrong}");
        }
        let leap: CivilDate = "2028-02-29".parse().expect("a leap day");
        assert_eq!(leap.plus_days(1).expect("in range").to_string(), "2028-03-01");
        assert!(
            CivilDate {
                year: 2026,
                month: 2,
                day: 30
            }
            .checked("scheduled_date")
            .is_err()
        );
    }
}
