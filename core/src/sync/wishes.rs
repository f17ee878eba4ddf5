//! What the app wants of the worker, and the bell that wakes it.
//!
//! Whatever is said twice before the worker looks is said once; nothing here waits for anything.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};

use crate::domain::account::AccountId;

use super::link::Link;
use super::model::{Connectivity, MeteredPolicy, SyncOutcome};
use super::step::Limits;
use super::token::Token;
use super::transport::Transport;

/// A token that the app provided.
#[derive(Clone, Debug)]
pub struct Provided {
    /// The secret.
    pub token: Token,
    /// When it expires, as far as the app knows; UTC milliseconds.
    pub expires_at_ms: Option<i64>,
    /// Rises with every token of whatever account.
    pub serial: u64,
}

/// A call of `sync_once`.
pub struct Run {
    /// How long it may take, in milliseconds.
    pub deadline_ms: i64,
    /// Where its outcome goes.
    pub done: oneshot::Sender<SyncOutcome>,
    /// Set when the caller does not want it any more.
    pub is_cancelled: Arc<AtomicBool>,
}

/// Where the server is and how it is dealt with.
#[derive(Clone)]
pub struct Server {
    /// How it is reached.
    pub transport: Arc<Transport>,
    /// How the engine behaves.
    pub limits: Limits,
    /// Rises with every configuration.
    pub serial: u64,
}

/// What the app wants now.
#[derive(Clone)]
pub struct Wanted {
    /// True between `start` and `stop`.
    pub is_running: bool,
    /// Counts the calls of `start`.
    pub starts: u64,
    /// True while the storage is closed.
    pub is_suspended: bool,
    /// True once nothing is wanted any more.
    pub is_ended: bool,
    /// The connection.
    pub link: Link,
    /// Counts its changes.
    pub connections: u64,
    /// The server, once it is known.
    pub server: Option<Server>,
}

struct State {
    wanted: Wanted,
    tokens: HashMap<AccountId, Provided>,
    last_serial: u64,
    runs: Vec<Run>,
    acks: Vec<mpsc::Sender<()>>,
}

/// The desk between the app and the worker.
pub struct Wishes {
    state: Mutex<State>,
    bell: Notify,
    is_written: AtomicBool,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            state: Mutex::new(State {
                wanted: Wanted {
                    is_running: false,
                    starts: 0,
                    is_suspended: false,
                    is_ended: false,
                    link: Link {
                        connectivity: Connectivity::Unmetered,
                        metered: MeteredPolicy::Everything,
                        roaming: MeteredPolicy::UserActionsOnly,
                    },
                    connections: 0,
                    server: None,
                },
                tokens: HashMap::new(),
                last_serial: 0,
                runs: Vec::new(),
                acks: Vec::new(),
            }),
            bell: Notify::new(),
            is_written: AtomicBool::new(false),
        }
    }
}

impl Wishes {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the worker.
    pub fn ring(&self) {
        self.bell.notify_one();
    }

    /// Waits for the bell; at once if it rang since the last wait.
    pub async fn rung(&self) {
        self.bell.notified().await;
    }

    /// The outbox was written. Cheap, from any thread, under any lock.
    pub fn nudge(&self) {
        self.is_written.store(true, Ordering::SeqCst);
        self.ring();
    }

    /// True if the outbox was written since the last call.
    pub fn take_written(&self) -> bool {
        self.is_written.swap(false, Ordering::SeqCst)
    }

    /// Changes what is wanted.
    pub fn change(&self, change: impl FnOnce(&mut Wanted)) {
        change(&mut self.lock().wanted);
        self.ring();
    }

    /// The connection is this now. One that went and came back before the worker looks was another one all the same.
    pub fn connect(&self, connectivity: Connectivity) {
        self.change(|wanted| {
            wanted.connections += u64::from(wanted.link.connectivity != connectivity);
            wanted.link.connectivity = connectivity;
        });
    }

    /// Sets the server.
    pub fn set_server(&self, transport: Transport, limits: Limits) {
        let mut state = self.lock();
        state.last_serial += 1;
        state.wanted.server = Some(Server {
            transport: Arc::new(transport),
            limits,
            serial: state.last_serial,
        });
        drop(state);
        self.ring();
    }

    /// Keeps a token in memory until the next one of its account.
    pub fn provide(&self, account_id: AccountId, token: Token, expires_at_ms: Option<i64>) {
        let mut state = self.lock();
        state.last_serial += 1;
        let serial = state.last_serial;
        state.tokens.insert(
            account_id,
            Provided {
                token,
                expires_at_ms,
                serial,
            },
        );
        drop(state);
        self.ring();
    }

    /// The account's own token, and nobody else's.
    pub fn token_of(&self, account_id: &str) -> Option<Provided> {
        self.lock().tokens.get(account_id).cloned()
    }

    /// What is wanted now.
    pub fn wanted(&self) -> Wanted {
        self.lock().wanted.clone()
    }

    /// Asks for a single run. Nobody is left to answer it once the worker has ended; it is dropped then.
    pub fn run(&self, run: Run) {
        let mut state = self.lock();
        if !state.wanted.is_ended {
            state.runs.push(run);
        }
        drop(state);
        self.ring();
    }

    /// The runs that were asked for since the last call.
    pub fn take_runs(&self) -> Vec<Run> {
        std::mem::take(&mut self.lock().runs)
    }

    /// Waits until the worker has done what is wanted by now, at most for `deadline`. Blocks. False if it has not.
    pub fn wait_for_worker(&self, deadline: Duration) -> bool {
        let (sender, receiver) = mpsc::channel();
        self.lock().acks.push(sender);
        self.ring();
        receiver.recv_timeout(deadline).is_ok()
    }

    /// Who waits until the worker has done what was wanted when this is called.
    pub fn take_acks(&self) -> Vec<mpsc::Sender<()>> {
        std::mem::take(&mut self.lock().acks)
    }
}
