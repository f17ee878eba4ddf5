//! A device with a store, an account and sync, without the rooms that are none of sync's business.
#![allow(dead_code, reason = "each test uses its part")]

mod device;

use std::thread;
use std::time::{Duration, Instant};

use steadfast_core::domain::id::Id;
use steadfast_core::sync::model::SyncConfig;
use steadfast_protocol::entity::EntityKind;
use steadfast_tests::scratch::scratch;
use steadfast_tests::server::Server;
use tempfile::TempDir;

pub use device::Device;

/// What these tests write: it has a column a field and nothing else to it.
pub const KIND: EntityKind = EntityKind::HabitLog;
/// Long enough for a machine that does something else meanwhile.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A device in a folder of its own, signed in as `ada`, with a token that `server` knows, configured and not started.
pub fn device(server: &Server) -> (TempDir, Device) {
    device_with(server, config(server))
}

/// As [`device`], with a configuration of one's own.
pub fn device_with(server: &Server, config: SyncConfig) -> (TempDir, Device) {
    let folder = scratch();
    let device = Device::open(folder.path());
    device.sync.configure(config).expect("configured");
    device.sign_in("ada", server);
    (folder, device)
}

/// A server's address with waits that a test can wait for.
pub fn config(server: &Server) -> SyncConfig {
    SyncConfig {
        root_certificate_pem: server.root_certificate_pem.clone(),
        first_backoff_ms: 20,
        request_timeout_ms: 3_000,
        ..SyncConfig::new(server.url())
    }
}

/// Waits for something to become true.
pub fn eventually(what: &str, mut is_true: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is_true() {
        assert!(Instant::now() < until, "it never came about that {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// The server has every row as the device shows it, and each operation took effect once.
pub fn agrees(server: &Server, device: &Device, ids: &[Id]) {
    let shown = device.rows(ids);
    assert_eq!(shown.len(), ids.len());
    server.with_store("ada", |store| {
        for (id, fields) in &shown {
            let mut kept = store.rows()[&(KIND, *id)].clone();
            kept.retain(|_, value| !value.is_null());
            assert_eq!(kept, *fields, "row {id}");
        }
        assert!(
            store.effects().values().all(|times| *times == 1),
            "an operation took effect twice"
        );
    });
}
