//! The commands about strength work.

use std::path::PathBuf;

use clap::Subcommand;
use steadfast_core::domain::id::Id;

use super::PageArguments;
use super::training::ProgramDayArguments;

/// `strength …`.
#[derive(Debug, Subcommand)]
pub enum StrengthCommand {
    /// Make the workout log of a training day what a file says
    #[command(after_long_help = DRAFT_FILE)]
    Save {
        /// A JSON file: the whole log; what it leaves out is deleted
        file: PathBuf,
    },
    /// The workout log of a training day
    Show {
        /// Which.
        #[command(flatten)]
        day: ProgramDayArguments,
    },
    /// Workout logs, newest first; or one movement's sets
    History {
        /// The sets of this movement instead: a name of the catalogue, or its id
        #[arg(long, value_name = "NAME", conflicts_with_all = ["program", "from", "until", "after"])]
        movement: Option<String>,
        /// Only those of this program
        #[arg(long)]
        program: Option<String>,
        /// Which part of them.
        #[command(flatten)]
        page: PageArguments,
    },
    /// Delete the workout log of a training day, with its exercises and sets
    Delete {
        /// Which.
        #[command(flatten)]
        day: ProgramDayArguments,
    },
    /// Put a movement into the catalogue, or change one
    Define {
        /// Its name
        name: String,
        /// What it is done with
        #[arg(long)]
        equipment: Option<String>,
        /// What it trains
        #[arg(long)]
        muscle_group: Option<String>,
        /// The whole id of the movement to change
        #[arg(long)]
        id: Option<Id>,
    },
    /// The catalogue of movements
    Definitions,
}

const DRAFT_FILE: &str = r#"The file is a JSON object:

  {
    "program_id": "5x5", "week": 1, "day": 3,
    "started_at": "2026-01-28T18:00:00+01:00",
    "is_workout_finished": true,
    "notes": "slept badly",
    "exercises": [
      {"movement": "Squat", "notes": "", "body_weight": "80kg",
       "sets": [
         {"reps": 5, "weight": "100kg", "completed": true},
         {"reps": 5, "weight": "225lb"}
       ]}
    ]
  }

movement     a name of the catalogue (see `strength define`), or its id
body_weight  where the person's own weight counts
weight       in kg or lb; negative for the help of a machine or a band

All but program_id, week, day and movement may be left out. An exercise may name
its `id` and a set its `index`, as `strength show --json` gives them; without
them exercises and sets are matched with the saved ones in order."#;
