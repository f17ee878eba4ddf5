//! The command line: its words, and what each of them is read into.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use steadfast_core::domain::id::Id;
use steadfast_core::domain::kind::ActivityKind;
use steadfast_core::domain::split::SplitUnit;
use steadfast_core::interchange::model::FileFormat;
use steadfast_core::track::privacy::PrivacyZone;

use crate::draw::model::Units;

/// Records workouts, survives being killed, keeps them.
#[derive(Debug, Parser)]
#[command(name = "steadfast", version, about = "Records workouts, survives being killed, keeps them", long_about = None, arg_required_else_help = true, max_term_width = 80)]
pub struct Arguments {
    /// The folder that holds everything [default: the platform's data folder]
    #[arg(
        long,
        global = true,
        env = "STEADFAST_DATA",
        value_name = "DIR",
        hide_env_values = true
    )]
    pub data: Option<PathBuf>,
    /// Print one JSON object instead of text, errors included
    #[arg(long, global = true)]
    pub json: bool,
    /// A file with the 32 bytes that encrypt recovery files, raw or as 64 hex digits
    #[arg(long, global = true, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The command groups.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Record a run, kill the recording process in the middle, and get everything back
    Demo {
        /// Keep the data folder and the pictures here; else only the picture stays, in the current folder
        #[arg(long, value_name = "DIR")]
        keep: Option<PathBuf>,
    },
    /// The process that the demo kills.
    #[command(hide = true)]
    DemoChild,
    /// Feed a recorded file in as if it came live from the sensors
    Record(RecordArguments),
    /// Unfinished workouts: list, resume, save, discard, export
    #[command(subcommand)]
    Recover(RecoverCommand),
    /// Emergency backups of workouts that could not be saved
    #[command(subcommand)]
    Backups(BackupsCommand),
    /// Import GPX, TCX and FIT files
    Import {
        /// Files; one that fails does not stop the others
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Files read at the same time [default: the number of processors]
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
        jobs: Option<u16>,
    },
    /// Finished workouts: list, show, edit, delete, export, draw
    #[command(subcommand, visible_alias = "activity")]
    Activities(ActivitiesCommand),
    /// Look whether everything stored is whole (exit code 1 if it is not)
    Check {
        /// Mend what can be mended; nothing is deleted
        #[arg(long)]
        repair: bool,
    },
    /// Copy the database to backup.db, if the last copy is a day old
    Backup,
    /// Give unused room in the database back to the system
    FreeSpace,
}

/// `record`.
#[derive(Debug, Args)]
pub struct RecordArguments {
    /// The recording to feed in: GPX, TCX or FIT
    #[arg(long, value_name = "FILE")]
    pub replay: PathBuf,
    /// How much faster than life, or `max`
    #[arg(long, default_value = "max", value_parser = speed)]
    pub speed: Speed,
    /// The sort of exercise, whatever the file says
    #[arg(long, value_parser = kind)]
    pub kind: Option<ActivityKind>,
    /// Print `ack N` as soon as N samples survive a kill
    #[arg(long)]
    pub acks: bool,
    /// End after N samples without saving, as if the app had been killed
    #[arg(long, value_name = "N")]
    pub stop_after: Option<u64>,
    /// The title to save under
    #[arg(long, default_value = "")]
    pub title: String,
    /// Notes to save
    #[arg(long, default_value = "")]
    pub notes: String,
}

/// How fast a recording is fed in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// As fast as the core takes it.
    Max,
    /// So many times faster than it happened.
    Times(f64),
}

/// `recover …`.
#[derive(Debug, Subcommand)]
pub enum RecoverCommand {
    /// Workouts that a kill or a crash left behind
    List,
    /// Go on with one, then save it
    Resume {
        /// Its id, or the first 8 or more characters of it
        id: IdPrefix,
        /// Feed the rest of this file in, after the samples that were acknowledged
        #[arg(long, value_name = "FILE")]
        replay: Option<PathBuf>,
        /// How much faster than life, or `max`
        #[arg(long, default_value = "max", value_parser = speed)]
        speed: Speed,
        /// Print `ack N` as soon as N samples survive a kill
        #[arg(long)]
        acks: bool,
    },
    /// Save one as it is
    Save {
        /// Its id, or the first 8 or more characters of it
        id: IdPrefix,
        /// The title to save under
        #[arg(long, default_value = "")]
        title: String,
        /// Notes to save
        #[arg(long, default_value = "")]
        notes: String,
    },
    /// Throw one away
    Discard {
        /// Its id, or the first 8 or more characters of it
        id: IdPrefix,
    },
    /// Write one to a file, without saving or changing it
    Export {
        /// Its id, or the first 8 or more characters of it
        id: IdPrefix,
        /// The file; its ending says the format
        path: PathBuf,
        /// The format, if the ending does not say it
        #[arg(long)]
        format: Option<ExportFormat>,
        /// Leave out what lies within RADIUS metres of a place; may be given several times
        #[arg(long, value_name = "LAT,LON,RADIUS", allow_hyphen_values = true, value_parser = privacy_zone)]
        privacy: Vec<PrivacyZone>,
    },
}

/// `backups …`.
#[derive(Debug, Subcommand)]
pub enum BackupsCommand {
    /// The emergency backups
    List,
    /// Move one back among the unfinished workouts
    Restore {
        /// Its id, or the first 8 or more characters of it
        id: IdPrefix,
    },
}

/// `activities …`.
#[derive(Debug, Subcommand)]
pub enum ActivitiesCommand {
    /// Newest first
    List {
        /// Only this kind
        #[arg(long, value_parser = kind)]
        kind: Option<ActivityKind>,
        /// Only those that started at or after this date or instant (UTC unless it says otherwise)
        #[arg(long, value_parser = instant_ms)]
        from: Option<i64>,
        /// Only those that started before this date or instant
        #[arg(long, value_parser = instant_ms)]
        until: Option<i64>,
        /// At most this many, 1 to 1000
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Go on after a page: the `next` that it gave
        #[arg(long, value_name = "NEXT")]
        after: Option<String>,
    },
    /// Everything about one
    Show {
        /// Its id, or the first 8 or more characters of it
        id: IdPrefix,
        /// Kilometres or miles
        #[arg(long, value_enum, default_value_t)]
        units: UnitSystem,
    },
    /// Its splits
    Splits {
        /// Its id, or the first 8 or more characters of it
        id: IdPrefix,
        /// The length of a split
        #[arg(long, value_enum, default_value_t)]
        unit: Unit,
    },
    /// Its track, a row a sample
    Track {
        /// Its id, or the first 8 or more characters of it
        id: IdPrefix,
        /// Leave out positions as long as the line stays within this many metres
        #[arg(long, value_name = "M", allow_negative_numbers = true)]
        tolerance: Option<f64>,
        /// Skip rows before this instant
        #[arg(long, value_parser = instant_ms)]
        from: Option<i64>,
        /// Skip rows from this instant on
        #[arg(long, value_parser = instant_ms)]
        until: Option<i64>,
    },
    /// Change title, notes or kind
    #[command(group = clap::ArgGroup::new("change").required(true).multiple(true))]
    Edit {
        /// Its id, or the first 8 or more characters of it
        id: IdPrefix,
        /// The new title; empty removes it
        #[arg(long, group = "change")]
        title: Option<String>,
        /// The new notes; empty removes them
        #[arg(long, group = "change")]
        notes: Option<String>,
        /// The new kind
        #[arg(long, group = "change", value_parser = kind)]
        kind: Option<ActivityKind>,
    },
    /// Delete one, with its track
    Delete {
        /// Its id, or the first 8 or more characters of it
        id: IdPrefix,
    },
    /// Write one to a file
    Export {
        /// Its id, or the first 8 or more characters of it
        id: IdPrefix,
        /// The format; else the ending of --out says it
        #[arg(long, required_unless_present = "out")]
        format: Option<ExportFormat>,
        /// The file [default: its date and kind, in the current folder]
        #[arg(long, value_name = "PATH")]
        out: Option<PathBuf>,
        /// Leave out what lies within RADIUS metres of a place; may be given several times
        #[arg(long, value_name = "LAT,LON,RADIUS", allow_hyphen_values = true, value_parser = privacy_zone)]
        privacy: Vec<PrivacyZone>,
    },
    /// Draw one on a page: route, profiles, splits
    Draw {
        /// Its id, or the first 8 or more characters of it
        id: IdPrefix,
        /// The picture: .png or .svg
        #[arg(long, value_name = "PATH")]
        out: PathBuf,
        /// Kilometres or miles
        #[arg(long, value_enum, default_value_t)]
        units: UnitSystem,
    },
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

fn speed(text: &str) -> Result<Speed, String> {
    if text == "max" {
        return Ok(Speed::Max);
    }
    match text.parse::<f64>() {
        Ok(times) if times.is_finite() && times > 0.0 => Ok(Speed::Times(times)),
        _ => Err("a number above 0, or `max`".to_owned()),
    }
}

fn kind(text: &str) -> Result<ActivityKind, String> {
    let known = || ActivityKind::ALL.map(ActivityKind::name).join(", ");
    ActivityKind::from_name(text).ok_or_else(|| format!("one of {}", known()))
}

fn privacy_zone(text: &str) -> Result<PrivacyZone, String> {
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
fn instant_ms(text: &str) -> Result<i64, String> {
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
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

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
