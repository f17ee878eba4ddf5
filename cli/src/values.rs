//! What the words of the command line are read into.

pub mod entry;

use clap::ValueEnum;
use steadfast_core::domain::id::Id;
use steadfast_core::domain::kind::ActivityKind;
use steadfast_core::domain::split::SplitUnit;
use steadfast_core::interchange::model::FileFormat;
use steadfast_core::track::privacy::PrivacyZone;

use crate::draw::model::Units;

/// How fast a recording is fed in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// As fast as the core takes it.
    Max,
    /// So many times faster than it happened.
    Times(f64),
}

/// A unit system.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum UnitSystem {
    /// Kilometres and metres.
    #[default]
    Metric,
    /// Miles and feet.
    Imperial,
}

impl UnitSystem {
    /// For everything printed.
    pub fn units(self) -> Units {
        match self {
            Self::Metric => Units::Metric,
            Self::Imperial => Units::Imperial,
        }
    }
}

/// The length of a split.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Unit {
    /// 1000 m.
    #[default]
    Km,
    /// 1609.344 m.
    Mi,
}

impl Unit {
    /// For the core.
    pub fn split_unit(self) -> SplitUnit {
        match self {
            Self::Km => SplitUnit::Kilometre,
            Self::Mi => SplitUnit::Mile,
        }
    }
}

/// A format that can be written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ExportFormat {
    /// GPS Exchange Format 1.1.
    Gpx,
    /// Garmin Training Center XML.
    Tcx,
    /// RFC 7946.
    Geojson,
}

impl ExportFormat {
    /// For the core.
    pub fn file_format(self) -> FileFormat {
        match self {
            Self::Gpx => FileFormat::Gpx,
            Self::Tcx => FileFormat::Tcx,
            Self::Geojson => FileFormat::GeoJson,
        }
    }

    /// The ending of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Gpx => "gpx",
            Self::Tcx => "tcx",
            Self::Geojson => "geojson",
        }
    }
}

/// The beginning of an id, or all of it: hex digits and hyphens, lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdPrefix(pub String);

impl std::str::FromStr for IdPrefix {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.to_ascii_lowercase();
        if let Ok(id) = text.parse::<Id>() {
            return Ok(Self(id.to_string()));
        }
        // What a person copied may lack the hyphens; the list prints them.
        if text.len() > 36 || !text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') {
            return Err("an id has 32 hex digits and 4 hyphens".to_owned());
        }
        if text.len() < 8 {
            return Err("give at least the first 8 characters of the id".to_owned());
        }
        Ok(Self(text))
    }
}

/// A number above 0, or `max`.
///
/// # Errors
/// What it should have been.
pub fn speed(text: &str) -> Result<Speed, String> {
    if text == "max" {
        return Ok(Speed::Max);
    }
    match text.parse::<f64>() {
        Ok(times) if times.is_finite() && times > 0.0 => Ok(Speed::Times(times)),
        _ => Err("a number above 0, or `max`".to_owned()),
    }
}

/// A kind by its name.
///
/// # Errors
/// All names there are.
pub fn kind(text: &str) -> Result<ActivityKind, String> {
    let known = || ActivityKind::ALL.map(ActivityKind::name).join(", ");
    ActivityKind::from_name(text).ok_or_else(|| format!("one of {}", known()))
}

/// `LAT,LON,RADIUS`: whether the numbers make a zone is the core's to say.
///
/// # Errors
/// What it should have been.
pub fn privacy_zone(text: &str) -> Result<PrivacyZone, String> {
    let numbers: Vec<f64> = text.split(',').map_while(|part| part.trim().parse().ok()).collect();
    match numbers[..] {
        // Whether the numbers make a zone is the core's to say.
        [latitude_deg, longitude_deg, radius_m] if text.split(',').count() == 3 => Ok(PrivacyZone {
            latitude_deg,
            longitude_deg,
            radius_m,
        }),
        _ => Err("three numbers: degrees north, degrees east, metres".to_owned()),
    }
}

/// Milliseconds since 1970 of `2026-05-02`, `2026-05-02T07:30:00`, `2026-05-02T07:30:00Z`, `2026-05-02T07:30:00+02:00`.
///
/// # Errors
/// What it should have been.
pub fn instant_ms(text: &str) -> Result<i64, String> {
    if let Ok(instant) = chrono::DateTime::parse_from_rfc3339(text) {
        return Ok(instant.timestamp_millis());
    }
    if let Ok(instant) = text.parse::<chrono::NaiveDateTime>() {
        return Ok(instant.and_utc().timestamp_millis());
    }
    let date = text
        .parse::<chrono::NaiveDate>()
        .map_err(|_| "a date like 2026-05-02, or an instant like 2026-05-02T07:30:00Z")?;
    Ok(date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_may_be_cut_to_eight_characters_and_no_further() {
        let read = |text: &str| text.parse::<IdPrefix>().map(|prefix| prefix.0);
        assert_eq!(read("0198ABCD"), Ok("0198abcd".to_owned()));
        let whole = "0198abcd-0000-7000-8000-000000000001";
        assert_eq!(read(&whole.replace('-', "")), Ok(whole.to_owned()));
        for wrong in ["0198abc", "", "activity-one", &format!("{whole}0")] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn instants_are_read_in_utc_unless_they_say_otherwise() {
        for same in [
            "2026-05-02",
            "2026-05-02T00:00:00",
            "2026-05-02T00:00:00Z",
            "2026-05-02T02:00:00+02:00",
        ] {
            assert_eq!(instant_ms(same), Ok(1_777_680_000_000), "{same}");
        }
        assert!(instant_ms("yesterday").is_err());
    }

    #[test]
    fn a_zone_is_three_numbers() {
        assert_eq!(
            privacy_zone("-33.8, 151.2,500"),
            Ok(PrivacyZone {
                latitude_deg: -33.8,
                longitude_deg: 151.2,
                radius_m: 500.0
            })
        );
        for wrong in ["", "1,2", "1,2,3,4", "1,2,three", "1,2,3,"] {
            assert!(privacy_zone(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_speed_is_a_number_above_zero_or_max() {
        assert_eq!(speed("max"), Ok(Speed::Max));
        assert_eq!(speed("60"), Ok(Speed::Times(60.0)));
        for wrong in ["0", "-1", "NaN", "inf", "fast"] {
            assert!(speed(wrong).is_err(), "{wrong}");
        }
    }
}
