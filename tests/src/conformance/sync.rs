//! The calls on sync.

use pollster::block_on;
use serde::Deserialize;
use serde_json::{Value, json};
use steadfast_core::domain::sync_status::{PauseReason, SyncFailure, SyncState, SyncStatus};
use steadfast_core::domain::time::from_ms;
use steadfast_core::outbox::model::{Conflict, ConflictChoice, ConflictPage, ConflictQuery};
use steadfast_core::sync::model::{Connectivity, MeteredPolicy, SyncConfig, SyncEnd, SyncOutcome};

use super::actor::{Actor, Outcome, seen, token};
use super::room_arguments::{Name, plain};
use super::seen::{Seen, named, record, snake_case};

/// The verbs of the room.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum SyncVerb {
    SyncConfigure {
        config: Server,
    },
    SyncStart {},
    SyncStop {},
    SyncStatus {},
    SyncOnce {
        deadline_ms: u32,
        #[serde(default)]
        cancel: bool,
    },
    SetConnectivity {
        connectivity: Name<Connectivity>,
    },
    ProvideToken {
        account_id: String,
        token: String,
        expires_at_ms: Option<i64>,
    },
    SyncConflicts {
        limit: Option<u32>,
        after: Option<u64>,
    },
    ResolveConflict {
        id: u64,
        choice: Name<ConflictChoice>,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Server {
    base_url: String,
    root_certificate_pem: Option<String>,
    metered: Option<Name<MeteredPolicy>>,
    roaming: Option<Name<MeteredPolicy>>,
    #[serde(default)]
    allow_cleartext: bool,
    first_backoff_ms: Option<u32>,
    request_timeout_ms: Option<u32>,
    max_batch: Option<u32>,
}

impl Server {
    fn config(self) -> SyncConfig {
        let default = SyncConfig::new(self.base_url);
        SyncConfig {
            root_certificate_pem: self.root_certificate_pem,
            metered: plain(self.metered),
            roaming: plain(self.roaming),
            allow_cleartext: self.allow_cleartext,
            first_backoff_ms: self.first_backoff_ms.unwrap_or(default.first_backoff_ms),
            request_timeout_ms: self.request_timeout_ms.unwrap_or(default.request_timeout_ms),
            max_batch: self.max_batch.unwrap_or(default.max_batch),
            ..default
        }
    }
}

named!(SyncState, PauseReason, SyncEnd);
record!(SyncStatus {
    state,
    paused,
    next_attempt_at,
    pending,
    dead,
    taken,
    last_success_at,
    last_error,
});
record!(SyncFailure { code, http_status });
record!(SyncOutcome {
    sent,
    taken,
    failed,
    dead,
    remaining,
    next_attempt_at,
    stopped_by,
    paused,
    last_error,
});

record!(ConflictPage { conflicts, next });
record!(Conflict {
    id,
    entity_kind,
    entity_id,
    field,
    kept_value,
    lost_value,
    at,
});

impl Actor {
    pub(super) fn sync(&self, verb: SyncVerb) -> Outcome {
        let sync = self.client()?.sync();
        Ok(match verb {
            SyncVerb::SyncConfigure { config } => sync.configure(config.config()).map(seen),
            SyncVerb::SyncStart {} => sync.start().map(seen),
            SyncVerb::SyncStop {} => {
                sync.stop();
                Ok(Value::Null)
            }
            SyncVerb::SyncStatus {} => Ok(sync.status().seen()),
            SyncVerb::SyncOnce { deadline_ms, cancel } => {
                block_on(sync.sync_once(deadline_ms, token(cancel))).map(seen)
            }
            SyncVerb::SetConnectivity { connectivity } => {
                sync.set_connectivity(connectivity.0);
                Ok(Value::Null)
            }
            SyncVerb::ProvideToken {
                account_id,
                token,
                expires_at_ms,
            } => sync
                .provide_token(account_id, token, expires_at_ms.map(from_ms))
                .map(seen),
            SyncVerb::SyncConflicts { limit, after } => {
                let limit = limit.unwrap_or(ConflictQuery::default().limit);
                block_on(sync.conflicts(ConflictQuery { limit, after })).map(seen)
            }
            SyncVerb::ResolveConflict { id, choice } => block_on(sync.resolve_conflict(id, choice.0)).map(seen),
        })
    }
}
