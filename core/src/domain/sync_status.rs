//! What bringing the changes to the server is doing.

use std::time::SystemTime;

use serde::Serialize;

/// What bringing the changes to the server is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// It was not started, or was stopped.
    Stopped,
    /// Nobody is signed in: the data stays on this device.
    SignedOut,
    /// The server has everything that it can have.
    Idle,
    /// Changes are on their way.
    Sending,
    /// Something waits for its time: an edit that may go on, a server that does not answer. `next_attempt_at` says when.
    Waiting,
    /// The device has no connection.
    Offline,
    /// What waits may not use this link, as the app decided.
    Held,
    /// Something has to be done first: `paused` says what.
    Paused,
}

impl SyncState {
    /// The name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::SignedOut => "signed_out",
            Self::Idle => "idle",
            Self::Sending => "sending",
            Self::Waiting => "waiting",
            Self::Offline => "offline",
            Self::Held => "held",
            Self::Paused => "paused",
        }
    }
}

/// Why nothing of an account is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// The token is missing, expired or refused: provide a fresh one.
    Authentication,
    /// The server does not understand this version of the app any more: update it. The queue waits.
    ClientTooOld,
    /// The account was deleted on the server. The data stays on this device.
    AccountDeleted,
}

impl PauseReason {
    /// Every reason.
    pub const ALL: [Self; 3] = [Self::Authentication, Self::ClientTooOld, Self::AccountDeleted];

    /// The name in SQL and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::ClientTooOld => "client_too_old",
            Self::AccountDeleted => "account_deleted",
        }
    }
}

/// Why the last request got nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, uniffi::Record)]
pub struct SyncFailure {
    /// `connection`, `timeout`, `too_slow`, `certificate`, `malformed_reply`, `status`, or a name that the server gave: `rate_limited`,
    /// `unavailable`, `token_expired`, …
    pub code: String,
    /// The HTTP status, if somebody answered.
    pub http_status: Option<u16>,
}

/// How bringing the changes to the server is getting on.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SyncStatus {
    /// What it is doing.
    pub state: SyncState,
    /// Why nothing is sent, if the app or its user has to do something about it.
    pub paused: Option<PauseReason>,
    /// When it goes on by itself; `None` if only an event (a change, a connection, a token) lets it.
    pub next_attempt_at: Option<SystemTime>,
    /// Changes that the server has yet to hear of, those on their way among them.
    pub pending: u64,
    /// Changes that the server refused, which need the app's attention.
    pub dead: u64,
    /// Changes that the server took since the queue was last empty: `taken` of `taken + pending` is the progress.
    pub taken: u64,
    /// When the server last answered as it should, UTC.
    pub last_success_at: Option<SystemTime>,
    /// Why the last request got nowhere; `None` once one succeeds.
    pub last_error: Option<SyncFailure>,
}

impl SyncStatus {
    /// Before anything was started.
    #[must_use]
    pub fn stopped() -> Self {
        Self {
            state: SyncState::Stopped,
            paused: None,
            next_attempt_at: None,
            pending: 0,
            dead: 0,
            taken: 0,
            last_success_at: None,
            last_error: None,
        }
    }
}
