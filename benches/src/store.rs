//! A store of its own for every measurement, on the disk under `target/`, with a clock that the measurement moves.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use pollster::block_on;
use rusqlite::Connection;
use steadfast_core::activities::model::Activity;
use steadfast_core::client::{Config, Ports, SteadfastClient};
use steadfast_core::domain::kind::ActivityKind;
use steadfast_core::domain::randomness::SystemRandomness;
use steadfast_core::domain::start_options::StartOptions;
use steadfast_core::domain::time::{Clock, Moment};
use steadfast_core::recording::model::SaveOptions;
use tempfile::TempDir;

use crate::run::{Run, START_MS};

/// Shows what it was set to.
pub struct ScriptedClock(AtomicI64);

impl ScriptedClock {
    /// Shows the start of the run.
    pub fn new() -> Self {
        Self(AtomicI64::new(START_MS))
    }

    /// Shows this moment from now on.
    pub fn set(&self, wall_ms: i64) {
        self.0.store(wall_ms, Ordering::Relaxed);
    }
}

impl Clock for ScriptedClock {
    fn now(&self) -> Moment {
        let wall_ms = self.0.load(Ordering::Relaxed);
        Moment {
            wall_ms,
            elapsed_ms: Some(wall_ms - START_MS),
        }
    }
}

/// Where stores are made: a real disk, because durability is measured.
pub fn root() -> PathBuf {
    crate::target().join("bench")
}

/// A new folder that goes away with the value.
pub fn folder() -> TempDir {
    std::fs::create_dir_all(root()).expect("target is writable");
    tempfile::tempdir_in(root()).expect("target is writable")
}

/// A new client by the system's clock: what sends waits for time to pass.
pub fn by_the_system_clock(folder: &Path) -> Arc<SteadfastClient> {
    let data = folder.join("data");
    block_on(SteadfastClient::open(Config::new(data.to_string_lossy()), None)).expect("a new store opens")
}

/// A new database for a peer, as durable as ours.
pub fn bare_database(folder: &Path) -> Connection {
    let connection = Connection::open(folder.join("skeleton.db")).expect("a new database");
    connection
        .execute_batch("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
        .expect("valid SQL");
    connection
}

/// An open client in a folder of its own.
pub struct Store {
    /// The client; first, so that it closes before the folder goes.
    pub client: Arc<SteadfastClient>,
    /// Its clock.
    pub clock: Arc<ScriptedClock>,
    folder: TempDir,
}

impl Store {
    /// With the defaults, on the disk.
    pub fn open() -> Self {
        Self::open_with(folder(), |_| {})
    }

    /// With other settings, or elsewhere.
    pub fn open_with(folder: TempDir, change: impl FnOnce(&mut Config)) -> Self {
        let clock = Arc::new(ScriptedClock::new());
        let mut config = Config::new(folder.path().to_string_lossy());
        change(&mut config);
        let shared = Arc::clone(&clock);
        let ports = Ports {
            clock: shared,
            randomness: Arc::new(SystemRandomness),
        };
        let client = block_on(SteadfastClient::open_with(config, None, ports)).expect("a new store opens");
        Self { client, clock, folder }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Starts a run.
    pub fn start(&self) {
        self.client
            .recorder()
            .start(StartOptions::new(ActivityKind::Running))
            .expect("nothing is recorded yet");
    }

    /// Records the next seconds of a run as an app does: a call a sensor and second.
    pub fn record(&self, run: &mut Run, seconds: usize, with_readings: bool) {
        let recorder = self.client.recorder();
        for second in run.by_ref().take(seconds) {
            self.clock.set(second.time_ms);
            if with_readings {
                recorder.add_readings(vec![second.reading]).expect("a recording runs");
            }
            let live = recorder.add_samples(vec![second.fix]).expect("a recording runs");
            assert_eq!(live.unsaved_samples, 0, "the disk takes everything");
        }
    }

    /// A stopped run of `samples` samples with readings, ready to be saved.
    pub fn recorded(samples: usize) -> Self {
        let store = Self::open();
        store.start();
        store.record(&mut Run::new(), samples, true);
        store.client.recorder().stop().expect("a recording runs");
        store
    }

    /// Saves what was recorded.
    pub fn save(&self) -> Activity {
        block_on(self.client.recorder().save(SaveOptions::default(), None)).expect("a sound run is saved")
    }
}
