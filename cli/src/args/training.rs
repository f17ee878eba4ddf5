//! The commands about what a person enters: training days, metrics, habits.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use steadfast_core::domain::civil_date::CivilDate;
use steadfast_core::domain::program_day::ProgramDay;
use steadfast_core::habits::model::HabitField;
use steadfast_core::metrics::kind::MetricKind;
use steadfast_core::metrics::model::ProgressEntryField;
use steadfast_core::metrics::unit::MetricUnit;
use steadfast_core::programs::model::Intensity;

use super::PageArguments;
use crate::values::IdPrefix;
use crate::values::entry::{
    Instant, Quantity, Scheduled, date, habit_field, intensity, metric_field, metric_kind, metric_unit, minutes_ms,
};

/// A training day.
#[derive(Debug, Args)]
pub struct ProgramDayArguments {
    /// The app's id of the program
    program: String,
    /// The week of the program, from 1
    week: u32,
    /// The day of the week, from 1
    day: u32,
}

impl ProgramDayArguments {
    /// For the core.
    pub fn program_day(self) -> ProgramDay {
        ProgramDay::new(self.program, self.week, self.day)
    }
}

/// `program …`.
#[derive(Debug, Subcommand)]
pub enum ProgramCommand {
    /// Complete a training day
    Complete {
        /// Which.
        #[command(flatten)]
        day: ProgramDayArguments,
        /// When it was completed, like 2026-01-28T15:30:00+01:00 [default: now]
        #[arg(long, value_name = "INSTANT")]
        at: Option<Instant>,
        /// How hard it felt: easy, perfect or hard
        #[arg(long, value_parser = intensity)]
        intensity: Option<Intensity>,
        /// The date for which it was scheduled
        #[arg(long, value_parser = date)]
        date: Option<CivilDate>,
    },
    /// Take a completion back; rating and date stay
    Uncomplete {
        /// Which.
        #[command(flatten)]
        day: ProgramDayArguments,
    },
    /// Say how hard a training day felt
    Rate {
        /// Which.
        #[command(flatten)]
        day: ProgramDayArguments,
        /// easy, perfect or hard
        #[arg(value_parser = intensity)]
        intensity: Intensity,
    },
    /// Set, move or take away the dates of training days, all of them together
    Schedule {
        /// The app's id of the program
        program: String,
        /// A training day and its date, like 1/3=2026-01-28; 1/3=- takes the date away
        #[arg(required = true, value_name = "WEEK/DAY=DATE")]
        days: Vec<Scheduled>,
    },
    /// Everything said of a program's training days
    Progress {
        /// The app's id of the program
        program: String,
    },
    /// The same for one week
    Week {
        /// The app's id of the program
        program: String,
        /// The week of the program, from 1
        week: u32,
    },
    /// Remove what was said of a training day: completion, rating, date
    Remove {
        /// Which.
        #[command(flatten)]
        day: ProgramDayArguments,
    },
}

/// `metric …`.
#[derive(Debug, Subcommand)]
pub enum MetricCommand {
    /// Add an entry
    Add {
        /// What is measured: `body_mass`, `height`, `body_fat`, `steps`, `heart_rate`, `mood`, `distance`, `active_energy` or
        /// `active_duration`
        #[arg(value_parser = metric_kind)]
        kind: MetricKind,
        /// How much, like 80.5kg, 177.5lb, 18% or 8000; without a unit it is the metric's own
        #[arg(value_name = "QUANTITY[UNIT]", allow_hyphen_values = true)]
        quantity: Quantity,
        /// When it was measured, like 2026-01-28T07:00:00+01:00 [default: now]
        #[arg(long, value_name = "INSTANT")]
        at: Option<Instant>,
        /// The day that it counts for [default: that of the moment]
        #[arg(long, value_parser = date)]
        date: Option<CivilDate>,
        /// Notes
        #[arg(long)]
        notes: Option<String>,
    },
    /// Change what is named of an entry
    #[command(group = ArgGroup::new("change").required(true).multiple(true))]
    Edit {
        /// Its id, or the first 8 or more characters of it
        id: IdPrefix,
        /// How much, in the named unit or else in the entry's
        #[arg(long, group = "change", value_name = "QUANTITY[UNIT]", allow_hyphen_values = true)]
        quantity: Option<Quantity>,
        /// The unit that was meant; the number stays
        #[arg(long, group = "change", conflicts_with = "quantity", value_parser = metric_unit)]
        unit: Option<MetricUnit>,
        /// When it was measured
        #[arg(long, group = "change", value_name = "INSTANT")]
        at: Option<Instant>,
        /// The day that it counts for
        #[arg(long, group = "change", value_parser = date)]
        date: Option<CivilDate>,
        /// Notes
        #[arg(long, group = "change")]
        notes: Option<String>,
        /// Unset a field: `notes`, `utc_offset_s` or `backend_id`; may be given several times
        #[arg(long, group = "change", value_name = "FIELD", value_parser = metric_field)]
        clear: Vec<ProgressEntryField>,
    },
    /// Delete an entry
    Delete {
        /// Its id, or the first 8 or more characters of it
        id: IdPrefix,
    },
    /// Entries, newest first
    List {
        /// Only this metric
        #[arg(long, value_parser = metric_kind)]
        kind: Option<MetricKind>,
        /// Which part of them.
        #[command(flatten)]
        page: PageArguments,
    },
    /// The entry of a metric that was measured last
    Latest {
        /// What is measured
        #[arg(value_parser = metric_kind)]
        kind: MetricKind,
    },
    /// What the entries of a metric come to by day
    Daily {
        /// What is measured
        #[arg(value_parser = metric_kind)]
        kind: MetricKind,
        /// The first day
        #[arg(value_parser = date)]
        from: CivilDate,
        /// The last day
        #[arg(value_parser = date)]
        to: CivilDate,
    },
}

/// What is said of a habit log, but for its kind.
#[derive(Debug, Args)]
pub struct HabitArguments {
    /// When it began, like 2026-01-28T23:30:00-05:00 [default of a new one: now]
    #[arg(long, group = "change", value_name = "INSTANT")]
    pub at: Option<Instant>,
    /// The day to which it counts [default: that of the moment]
    #[arg(long, group = "change", value_parser = date)]
    pub date: Option<CivilDate>,
    /// How long it took
    #[arg(long = "minutes", group = "change", value_name = "N", allow_negative_numbers = true, value_parser = minutes_ms)]
    pub duration_ms: Option<u64>,
    /// How
    #[arg(long, group = "change")]
    pub method: Option<String>,
    /// How you felt
    #[arg(long, group = "change")]
    pub mood: Option<String>,
    /// How strong it was, 0 to 100
    #[arg(long, group = "change", allow_negative_numbers = true)]
    pub potency: Option<i64>,
    /// Notes
    #[arg(long, group = "change")]
    pub notes: Option<String>,
}

/// `habit …`.
#[derive(Debug, Subcommand)]
pub enum HabitCommand {
    /// Add an entry
    #[command(group = ArgGroup::new("change").multiple(true))]
    Add {
        /// Which habit, in your own word
        kind: String,
        /// What is said of it.
        #[command(flatten)]
        said: HabitArguments,
    },
    /// Change what is named of an entry
    #[command(group = ArgGroup::new("change").required(true).multiple(true))]
    Edit {
        /// Its id, or the first 8 or more characters of it
        id: IdPrefix,
        /// Which habit
        #[arg(long, group = "change")]
        kind: Option<String>,
        /// What is said of it.
        #[command(flatten)]
        said: HabitArguments,
        /// Unset a field: `minutes`, `method`, `mood`, `potency`, `notes` or `utc_offset_s`; may be given several times
        #[arg(long, group = "change", value_name = "FIELD", value_parser = habit_field)]
        clear: Vec<HabitField>,
    },
    /// Delete an entry
    Delete {
        /// Its id, or the first 8 or more characters of it
        id: IdPrefix,
    },
    /// Entries, newest first
    List {
        /// Only this habit
        #[arg(long)]
        kind: Option<String>,
        /// Which part of them.
        #[command(flatten)]
        page: PageArguments,
    },
    /// What the entries of a habit come to by day
    Daily {
        /// Which habit
        kind: String,
        /// The first day
        #[arg(value_parser = date)]
        from: CivilDate,
        /// The last day
        #[arg(value_parser = date)]
        to: CivilDate,
    },
}

/// `health …`.
#[derive(Debug, Subcommand)]
pub enum HealthCommand {
    /// Take in records of HealthKit or Health Connect, as often as you like
    #[command(after_long_help = HEALTH_FILE)]
    Import {
        /// A JSON file: a list of records
        file: PathBuf,
    },
}

const HEALTH_FILE: &str = r#"The file is a JSON list of records:

  [
    {"source": "health_kit", "external_id": "7A5C…", "kind": "body_mass",
     "quantity": 80.5, "unit": "kg",
     "started_at": "2026-01-28T07:00:00+01:00",
     "ended_at": "2026-01-28T07:00:00+01:00"},
    {"source": "health_connect", "external_id": "b1", "deleted": true}
  ]

source       health_kit or health_connect
external_id  the record's id there
kind, unit   as in `metric add`; without a unit it is the metric's own
started_at   an instant; its offset says which day it is
ended_at     if it lasted
deleted      true for a record that is gone: nothing else is needed then

A record that cannot be an entry is named and stops no other."#;
