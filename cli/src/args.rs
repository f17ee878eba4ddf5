//! The command line: its commands and their options.
//!
//! - here: what is recorded and stored as a whole; `training`, `strength`: what a person enters; `outbox`, `sync`: what waits for the server

mod outbox;
mod strength;
mod sync;
mod training;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use steadfast_core::domain::kind::ActivityKind;
use steadfast_core::track::privacy::PrivacyZone;

pub use self::outbox::OutboxCommand;
pub use self::strength::StrengthCommand;
pub use self::sync::{ServerArguments, SyncCommand};
pub use self::training::{HabitCommand, HealthCommand, MetricCommand, ProgramCommand};
use crate::values::{ExportFormat, IdPrefix, Speed, Unit, UnitSystem, instant_ms, kind, privacy_zone, speed};

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
    /// Training days of programs: complete, rate, schedule, look at
    #[command(subcommand, visible_alias = "programs")]
    Program(ProgramCommand),
    /// Body mass, steps and other metrics: add, edit, delete, list, add up by day
    #[command(subcommand, visible_alias = "metrics")]
    Metric(MetricCommand),
    /// Habit logs: add, edit, delete, list, add up by day
    #[command(subcommand, visible_alias = "habits")]
    Habit(HabitCommand),
    /// Strength work of training days, and the catalogue of movements
    #[command(subcommand)]
    Strength(StrengthCommand),
    /// Records of a phone's health store
    #[command(subcommand)]
    Health(HealthCommand),
    /// Take over what an earlier store of the app held: all of it or nothing, as often as you like
    Migrate {
        /// The file (docs/formats/migration.md)
        file: PathBuf,
    },
    /// Changes that the server has yet to hear of: count, list, send again, give up
    #[command(subcommand)]
    Outbox(OutboxCommand),
    /// Bring them to the server
    #[command(subcommand)]
    Sync(SyncCommand),
    /// Sign in: from then on the account's data is shown
    Login {
        /// The account's id
        account: String,
        /// What was recorded without an account becomes the account's
        #[arg(long)]
        adopt: bool,
        /// It stays apart and is there again after logout (the default)
        #[arg(long, conflicts_with = "adopt")]
        keep: bool,
    },
    /// Sign out; what the server has yet to hear waits for the next login
    Logout {
        /// Give up what the server has yet to hear; workouts that only this device has are gone then
        #[arg(long)]
        discard: bool,
    },
    /// Who is signed in
    Account,
    /// A report to attach to a bug: counts and names of errors, nothing personal
    Diagnostics,
    /// Look whether everything stored is whole (exit code 1 if it is not)
    Check {
        /// Mend what can be mended; nothing is deleted
        #[arg(long)]
        repair: bool,
    },
    /// Copy the database to backup.db, if the last copy is a day old
    Backup,
    /// Put backup.db in the place of a database that cannot be opened; the damaged one is kept beside it
    RestoreBackup,
    /// Give unused room in the database back to the system
    FreeSpace,
}

/// Which part of a list, newest first.
#[derive(Debug, Args)]
pub struct PageArguments {
    /// Only those at or after this date or instant (UTC unless it says otherwise)
    #[arg(long, value_name = "INSTANT", value_parser = instant_ms)]
    pub from: Option<i64>,
    /// Only those before this date or instant
    #[arg(long, value_name = "INSTANT", value_parser = instant_ms)]
    pub until: Option<i64>,
    /// At most this many, 1 to 1000
    #[arg(long, default_value_t = 50)]
    pub limit: u32,
    /// Go on after a page: the `next` that it gave
    #[arg(long, value_name = "NEXT")]
    pub after: Option<String>,
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
        /// Which part of them.
        #[command(flatten)]
        page: PageArguments,
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
    /// The laps that were made with the lap button
    Laps {
        /// Its id, or the first 8 or more characters of it
        id: IdPrefix,
        /// Kilometres or miles
        #[arg(long, value_enum, default_value_t)]
        units: UnitSystem,
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
