//! The calls on training days, and on an earlier store's file.

use std::path::PathBuf;

use pollster::block_on;
use serde::Deserialize;
use steadfast_core::domain::program_day::ProgramDay;
use steadfast_core::domain::time::from_ms;
use steadfast_core::programs::model::{Completion, Intensity, ProgramSessionImport, ScheduledDay};

use super::actor::{Actor, Outcome, seen, token};
use super::room_arguments::{Date, at, day};

/// The verbs of the room.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum ProgramVerb {
    Complete {
        program_day: TrainingDay,
        #[serde(default)]
        completion: Done,
    },
    Uncomplete {
        program_day: TrainingDay,
    },
    Rate {
        program_day: TrainingDay,
        intensity: Intensity,
    },
    Schedule {
        days: Vec<Scheduled>,
    },
    Session {
        program_day: TrainingDay,
    },
    Progress {
        program_id: String,
    },
    Week {
        program_id: String,
        week: u32,
    },
    RemoveSession {
        program_day: TrainingDay,
    },
    MigratePrograms {
        sessions: Vec<EarlierSession>,
        #[serde(default)]
        cancel: bool,
    },
    MigrateFile {
        path: PathBuf,
        #[serde(default)]
        cancel: bool,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingDay {
    program_id: String,
    week: u32,
    day: u32,
}

impl TrainingDay {
    pub fn day(self) -> ProgramDay {
        ProgramDay::new(self.program_id, self.week, self.day)
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Done {
    completed_at_ms: Option<i64>,
    utc_offset_s: Option<i32>,
    intensity: Option<Intensity>,
    scheduled_date: Option<Date>,
}

impl Done {
    pub fn completion(&self, now_ms: i64) -> Completion {
        Completion {
            completed_at: at(self.completed_at_ms, now_ms),
            utc_offset_s: self.utc_offset_s,
            intensity: self.intensity,
            scheduled_date: day(self.scheduled_date),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheduled {
    program_day: TrainingDay,
    date: Option<Date>,
}

impl Scheduled {
    pub fn day(self) -> ScheduledDay {
        ScheduledDay {
            program_day: self.program_day.day(),
            date: day(self.date),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierSession {
    program_day: TrainingDay,
    completed_at_ms: Option<i64>,
    completed_utc_offset_s: Option<i32>,
    intensity: Option<Intensity>,
    scheduled_date: Option<Date>,
}

impl EarlierSession {
    pub fn import(self) -> ProgramSessionImport {
        ProgramSessionImport {
            program_day: self.program_day.day(),
            completed_at: self.completed_at_ms.map(from_ms),
            completed_utc_offset_s: self.completed_utc_offset_s,
            intensity: self.intensity,
            scheduled_date: day(self.scheduled_date),
        }
    }
}

impl Actor {
    pub(super) fn program(&self, verb: ProgramVerb) -> Outcome {
        let programs = self.client()?.programs();
        Ok(match verb {
            ProgramVerb::Complete {
                program_day,
                completion,
            } => block_on(programs.complete(program_day.day(), completion.completion(self.now_ms()))).map(seen),
            ProgramVerb::Uncomplete { program_day } => block_on(programs.uncomplete(program_day.day())).map(seen),
            ProgramVerb::Rate { program_day, intensity } => {
                block_on(programs.rate(program_day.day(), intensity)).map(seen)
            }
            ProgramVerb::Schedule { days } => {
                block_on(programs.schedule(days.into_iter().map(Scheduled::day).collect())).map(seen)
            }
            ProgramVerb::Session { program_day } => block_on(programs.session(program_day.day())).map(seen),
            ProgramVerb::Progress { program_id } => block_on(programs.progress(program_id)).map(seen),
            ProgramVerb::Week { program_id, week } => block_on(programs.week(program_id, week)).map(seen),
            ProgramVerb::RemoveSession { program_day } => block_on(programs.remove(program_day.day())).map(seen),
            ProgramVerb::MigratePrograms { sessions, cancel } => {
                let sessions = sessions.into_iter().map(EarlierSession::import).collect();
                block_on(programs.migrate(sessions, token(cancel))).map(seen)
            }
            ProgramVerb::MigrateFile { path, cancel } => {
                let migration = self.client()?.migration();
                block_on(migration.migrate_file(self.text(&path), token(cancel))).map(seen)
            }
        })
    }
}
