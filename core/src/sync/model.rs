//! The words of the sync room; those of its status are in `domain::sync_status`.

use std::time::SystemTime;

use crate::domain::sync_status::{PauseReason, SyncFailure};

/// The connection that the device has, as the app knows it from the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum Connectivity {
    /// None: nothing is tried.
    Offline,
    /// One that the user pays by volume for, or that the system wants to be spared.
    Metered,
    /// A foreign network.
    Roaming,
    /// One that costs nothing.
    Unmetered,
}

/// What may use a connection that costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum MeteredPolicy {
    /// Everything.
    Everything,
    /// What the user did; imports and migrations wait.
    UserActionsOnly,
    /// Nothing.
    Nothing,
}

/// Where the server is, and how it is dealt with. Every field but the address has a default.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncConfig {
    /// The server's address: `https://sync.example.com`, with a path if it lives below one. `http://` only for this machine itself, or with
    /// `allow_cleartext`.
    pub base_url: String,
    /// A certificate in PEM that is trusted instead of the system's: for a server of one's own.
    #[uniffi(default = None)]
    pub root_certificate_pem: Option<String>,
    /// What may use a metered connection; everything if `None`.
    #[uniffi(default = None)]
    pub metered: Option<MeteredPolicy>,
    /// What may use a roaming connection; what the user did if `None`.
    #[uniffi(default = None)]
    pub roaming: Option<MeteredPolicy>,
    /// Allows `http://` to another machine: tokens and data can be read on the way. For development.
    #[uniffi(default = false)]
    pub allow_cleartext: bool,
    /// After the first failure the server is left alone for at most so many milliseconds, after every further one for at most twice as
    /// long, up to an hour.
    #[uniffi(default = 1000)]
    pub first_backoff_ms: u32,
    /// A request may take so many milliseconds, reply included.
    #[uniffi(default = 60000)]
    pub request_timeout_ms: u32,
    /// Items of one request at most, 1 to 1000; it begins with 10 and grows on a good link.
    #[uniffi(default = 100)]
    pub max_batch: u32,
}

/// Without the certificate, which is long and says nothing.
impl std::fmt::Debug for SyncConfig {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_struct("SyncConfig")
            .field("base_url", &self.base_url)
            .field("has_root_certificate", &self.root_certificate_pem.is_some())
            .field("metered", &self.metered)
            .field("roaming", &self.roaming)
            .field("allow_cleartext", &self.allow_cleartext)
            .field("first_backoff_ms", &self.first_backoff_ms)
            .field("request_timeout_ms", &self.request_timeout_ms)
            .field("max_batch", &self.max_batch)
            .finish()
    }
}

impl SyncConfig {
    /// The defaults for a server.
    #[must_use]
    pub fn new(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            root_certificate_pem: None,
            metered: None,
            roaming: None,
            allow_cleartext: false,
            first_backoff_ms: 1_000,
            request_timeout_ms: 60_000,
            max_batch: 100,
        }
    }
}

/// Why a call of `sync_once` ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum SyncEnd {
    /// The server has everything that it can have.
    Done,
    /// Its time was up. What was on its way is sent again next time, and applied once.
    Deadline,
    /// The caller cancelled, or the client was stopped.
    Cancelled,
    /// What is left has to wait longer than the deadline: `next_attempt_at` says how long.
    Waiting,
    /// The device has no connection.
    Offline,
    /// What is left may not use this link.
    Held,
    /// Something has to be done first: `paused` says what.
    Paused,
    /// Nobody is signed in, or no server is configured.
    SignedOut,
}

/// What a call of `sync_once` did. The numbers are of items: changes, a group of changes being one.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SyncOutcome {
    /// Items that were sent, each time counted.
    pub sent: u64,
    /// Items that the server took.
    pub taken: u64,
    /// Items that the server wants to see again later.
    pub failed: u64,
    /// Items that the server refused for good.
    pub dead: u64,
    /// Changes that the server has yet to hear of.
    pub remaining: u64,
    /// When the rest may be tried, UTC; `None` if nothing is left that time alone would let go.
    pub next_attempt_at: Option<SystemTime>,
    /// Why it ended.
    pub stopped_by: SyncEnd,
    /// What has to be done first, if it was stopped by that.
    pub paused: Option<PauseReason>,
    /// Why the last request got nowhere; `None` if it was answered as it should be.
    pub last_error: Option<SyncFailure>,
}
