//! Performs a script on a client and says after every call what was acknowledged: the part of the app.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use pollster::block_on;
use steadfast_core::client::{Config, SteadfastClient};
use steadfast_core::domain::id::Id;
use steadfast_core::domain::kind::ActivityKind;
use steadfast_core::domain::recording_state::RecordingState;
use steadfast_core::domain::start_options::StartOptions;
use steadfast_core::error::{Result, SteadfastError, ValidationCode};
use steadfast_core::recording::api::Recorder;
use steadfast_core::recording::model::{LiveStatistics, SaveOptions};

use crate::run;
use crate::script::Step;
use crate::virtual_clock::{BOOT_ID, VirtualClock};

/// Seconds between two fixes, in milliseconds.
const SECOND_MS: i64 = 1000;

/// How the app is started.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The data folder.
    pub folder: PathBuf,
    /// What the clock shows at the start.
    pub now_ms: i64,
    /// Encrypts the recovery files.
    pub recovery_key: Option<Vec<u8>>,
    /// Milliseconds between two syncs; 0 syncs in every call.
    pub autosave_ms: u32,
    /// The file whose removal lifts the fault.
    pub gate: Option<PathBuf>,
}

impl Setting {
    /// Opens the client of this setting.
    ///
    /// # Errors
    /// As the client.
    pub fn open(&self) -> Result<(Arc<SteadfastClient>, Arc<VirtualClock>)> {
        let config = Config {
            recovery_key: self.recovery_key.clone(),
            autosave_interval_ms: self.autosave_ms,
            boot_id: Some(BOOT_ID.to_owned()),
            ..Config::new(self.folder.display().to_string())
        };
        let clock = VirtualClock::at(self.now_ms);
        let client = block_on(SteadfastClient::open_with(config, None, clock.ports()))?;
        Ok((client, clock))
    }
}

/// The app while it runs.
pub struct Performer<'s> {
    client: Arc<SteadfastClient>,
    recorder: Arc<Recorder>,
    clock: Arc<VirtualClock>,
    gate: Option<PathBuf>,
    say: &'s mut dyn FnMut(&str),
}

impl<'s> Performer<'s> {
    /// Opens the client. `say` is handed a line after every call, and before every one that changes a state.
    ///
    /// # Errors
    /// As the client.
    pub fn open(setting: &Setting, say: &'s mut dyn FnMut(&str)) -> Result<Self> {
        let (client, clock) = setting.open()?;
        say("opened");
        Ok(Self {
            recorder: client.recorder(),
            client,
            clock,
            gate: setting.gate.clone(),
            say,
        })
    }

    /// Performs one step. What fails is said and is no reason to stop, as in an app.
    pub fn perform(&mut self, step: Step) {
        if let Err(error) = self.attempt(step) {
            let path = error.path().unwrap_or_default();
            self.say(&format!("error {step} {} {path}", error.code_name()));
        }
    }

    fn say(&mut self, line: &str) {
        (self.say)(line);
    }

    fn attempt(&mut self, step: Step) -> Result<()> {
        match step {
            Step::Begin => self.begin()?,
            Step::Start => self.start()?,
            Step::Offer => drop(self.offered()?),
            Step::SaveRecovered => {
                for id in self.offered()? {
                    self.save_recovered(id)?;
                }
            }
            Step::DiscardRecovered => {
                for id in self.offered()? {
                    self.say(&format!("do discard {id}"));
                    self.recorder.discard_recovered(id)?;
                    self.say(&format!("discarded {id}"));
                }
            }
            Step::RestoreBackups => {
                for info in block_on(self.recorder.backups())? {
                    block_on(self.recorder.restore_backup(info.id))?;
                    self.say(&format!("restored {}", info.id));
                }
            }
            Step::Samples(count, batch) => self.samples(count, batch)?,
            Step::Bad(count) => {
                for nth in 0..count {
                    let at_ms = self.clock.advance(SECOND_MS);
                    let live = self.recorder.add_samples(vec![run::bad_fix(at_ms, nth)])?;
                    self.acknowledge("may", at_ms, 1, &live);
                }
            }
            Step::Readings(count) => {
                let at_ms: Vec<i64> = (0..count).map(|_| self.clock.advance(SECOND_MS)).collect();
                let live = self
                    .recorder
                    .add_readings(at_ms.iter().map(|at_ms| run::reading(*at_ms)).collect())?;
                self.acknowledge("may", at_ms.first().copied().unwrap_or_default(), count, &live);
            }
            Step::Pause => self.change("pause", Recorder::pause)?,
            Step::Resume => self.change("resume", Recorder::resume)?,
            Step::Lap => self.lap()?,
            Step::Stop => self.change("stop", Recorder::stop)?,
            Step::Save => self.save()?,
            Step::Discard => {
                let id = self.active();
                self.say(&format!("do discard {id}"));
                self.recorder.discard()?;
                self.say(&format!("discarded {id}"));
            }
            Step::Suspend => {
                self.client.suspend_storage(1000)?;
                self.client.resume_storage()?;
            }
            Step::Lift => {
                if let Some(gate) = &self.gate {
                    std::fs::remove_file(gate).map_err(|error| SteadfastError::from_io(&error, gate))?;
                }
                self.say("lifted");
            }
            Step::Mark => self.say("marked"),
            Step::Wait(ms) => std::thread::sleep(Duration::from_millis(ms.into())),
        }
        Ok(())
    }

    fn active(&self) -> Id {
        self.recorder.active_id().unwrap_or_default()
    }

    fn offered(&mut self) -> Result<Vec<Id>> {
        let mut ids = Vec::new();
        for info in block_on(self.recorder.recovery())? {
            self.say(&format!("offered {} {}", info.id, info.sample_count));
            ids.push(info.id);
        }
        Ok(ids)
    }

    fn begin(&mut self) -> Result<()> {
        let offered = self.offered()?;
        let Some((newest, older)) = offered.split_first() else {
            return self.start();
        };
        for id in older {
            self.save_recovered(*id)?;
        }
        self.say(&format!("do resume {newest}"));
        let live = self.recorder.resume_recovered(*newest)?;
        self.say(&format!("recovered {newest} {}", live.state.name()));
        if live.state != RecordingState::Recording {
            self.change("resume", Recorder::resume)?;
        }
        Ok(())
    }

    fn start(&mut self) -> Result<()> {
        self.say(&format!("do start {}", Id::nil()));
        let id = self.recorder.start(StartOptions::new(ActivityKind::Running))?;
        self.say(&format!("started {id}"));
        Ok(())
    }

    fn samples(&mut self, count: u32, batch: u32) -> Result<()> {
        let mut left = count;
        while left > 0 {
            let size = left.min(batch);
            let at_ms: Vec<i64> = (0..size).map(|_| self.clock.advance(SECOND_MS)).collect();
            let live = self
                .recorder
                .add_samples(at_ms.iter().map(|at_ms| run::fix(*at_ms)).collect())?;
            let counts = if live.state == RecordingState::Recording {
                "must"
            } else {
                "may"
            };
            self.acknowledge(counts, at_ms[0], size, &live);
            left -= size;
        }
        Ok(())
    }

    fn acknowledge(&mut self, counts: &str, first_ms: i64, count: u32, live: &LiveStatistics) {
        let active = self.active();
        self.say(&format!(
            "ack {active} {counts} {first_ms} {count} {}",
            live.unsaved_samples
        ));
    }

    fn change(&mut self, verb: &str, call: impl FnOnce(&Recorder) -> Result<LiveStatistics>) -> Result<()> {
        let id = self.active();
        self.clock.advance(SECOND_MS);
        self.say(&format!("do {verb} {id}"));
        let live = call(&self.recorder)?;
        self.say(&format!("did {verb} {id} {}", live.unsaved_samples));
        Ok(())
    }

    fn lap(&mut self) -> Result<()> {
        let id = self.active();
        let at_ms = self.clock.advance(SECOND_MS);
        self.say(&format!("do lap {id}"));
        self.recorder.lap()?;
        let unsaved = self.recorder.live().map_or(0, |live| live.unsaved_samples);
        self.say(&format!("lapped {id} {at_ms} {unsaved}"));
        Ok(())
    }

    fn save(&mut self) -> Result<()> {
        let id = self.active();
        self.clock.advance(SECOND_MS);
        self.say(&format!("do save {id}"));
        match block_on(self.recorder.save(SaveOptions::default(), None)) {
            Ok(activity) => self.say(&format!("saved {}", activity.id)),
            Err(
                error @ SteadfastError::Validation {
                    code: ValidationCode::NotRecording,
                    ..
                },
            ) => return Err(error),
            Err(error @ SteadfastError::Validation { .. }) => {
                self.say(&format!("refused {id} {}", error.code_name()));
                self.attempt(Step::Discard)?;
            }
            Err(error) => {
                self.say(&format!("unsaved {id}"));
                return Err(error);
            }
        }
        Ok(())
    }

    fn save_recovered(&mut self, id: Id) -> Result<()> {
        self.say(&format!("do save {id}"));
        match block_on(self.recorder.save_recovered(id, SaveOptions::default(), None)) {
            Ok(activity) => self.say(&format!("saved {}", activity.id)),
            Err(error @ SteadfastError::Validation { .. }) => {
                self.say(&format!("refused {id} {}", error.code_name()));
                self.say(&format!("do discard {id}"));
                self.recorder.discard_recovered(id)?;
                self.say(&format!("discarded {id}"));
            }
            Err(error) => {
                self.say(&format!("unsaved {id}"));
                return Err(error);
            }
        }
        Ok(())
    }
}
