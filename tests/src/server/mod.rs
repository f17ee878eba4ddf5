//! A sync server on a real socket that misbehaves on command.
//!
//! It is small and faithful where the client can tell: it applies each operation once, issues stamps, merges field by field, and answers
//! with the resulting rows. What it does wrong is scripted, a [`Fault`] a request. It keeps a record of what it was sent and by whom.
//!
//! Threads and plain sockets, no framework: a reply has to be cut, trickled or withheld at any byte.

pub mod certificates;
pub mod command;
pub mod fault;
pub mod http;
mod serve;
pub mod store;

use std::collections::{BTreeMap, VecDeque};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use uuid::Uuid;

use fault::{Fault, Poison};
use serve::Certificates;
use store::Store;

/// An operation as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The account whose token came with it.
    pub account: String,
    /// The operation.
    pub op_id: Uuid,
    /// The row that it changes.
    pub entity_id: Uuid,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Came {
    /// When.
    pub at: Instant,
    /// How many items it had; 0 for a question about the time.
    pub items: usize,
    /// True if its body was packed.
    pub is_packed: bool,
}

#[derive(Default)]
struct State {
    /// Which account a token is of.
    tokens: BTreeMap<String, String>,
    accounts: BTreeMap<String, Store>,
    epoch: i64,
    /// For the next pushes, one each.
    script: VecDeque<Fault>,
    /// For every request until it is over.
    weather: Option<Fault>,
    poison: BTreeMap<Uuid, Poison>,
    seen: Vec<Seen>,
    /// The field in which a row names its owner.
    owner_field: Option<String>,
    strays: Vec<Seen>,
    came: Vec<Came>,
    /// Connections on which no request could come.
    turned_away: usize,
    on_their_way: usize,
}

/// The server. It ends with the value.
pub struct Server {
    state: Arc<Mutex<State>>,
    address: SocketAddr,
    is_over: Arc<AtomicBool>,
    /// The certificate to be trusted, if it speaks TLS.
    pub root_certificate_pem: Option<String>,
}

impl Server {
    /// Starts one without TLS.
    ///
    /// # Panics
    /// If there is no port.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(None)
    }

    /// Starts one with TLS and a certificate of its own.
    ///
    /// # Panics
    /// If there is no port, or no certificate can be made.
    #[must_use]
    pub fn start_tls() -> Self {
        let made = certificates::make();
        let mut server = Self::start_with(Some(Certificates {
            own: made.server,
            impostor: certificates::make().server,
        }));
        server.root_certificate_pem = Some(made.root_pem);
        server
    }

    fn start_with(tls: Option<Certificates>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(Mutex::new(State {
            epoch: 1,
            ..State::default()
        }));
        let is_over = Arc::new(AtomicBool::new(false));
        let (shared, over) = (Arc::clone(&state), Arc::clone(&is_over));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let (shared, tls, over) = (Arc::clone(&shared), tls.clone(), Arc::clone(&over));
                // A client that goes away ends its connection, which is none of the others' business.
                thread::spawn(move || drop(serve::attend(stream, tls, &shared, &over)));
            }
        });
        Self {
            state,
            address,
            is_over,
            root_certificate_pem: None,
        }
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.root_certificate_pem.is_some() {
            "https"
        } else {
            "http"
        };
        // The name is in the certificate.
        format!("{scheme}://localhost:{}", self.address.port())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// From now on the token is the account's.
    pub fn accept(&self, token: &str, account: &str) {
        self.lock().tokens.insert(token.to_owned(), account.to_owned());
    }

    /// From now on the token is nobody's.
    pub fn expire(&self, token: &str) {
        self.lock().tokens.remove(token);
    }

    /// The next pushes go wrong, each in its way.
    pub fn script(&self, faults: impl IntoIterator<Item = Fault>) {
        self.lock().script.extend(faults);
    }

    /// Everything goes wrong in this way, until [`Self::heal`].
    pub fn weather(&self, fault: Fault) {
        self.lock().weather = Some(fault);
    }

    /// Nothing goes wrong any more, but for what is poisoned.
    pub fn heal(&self) {
        let mut state = self.lock();
        state.weather = None;
        state.script.clear();
    }

    /// Every request with a change of this row goes wrong.
    pub fn poison(&self, entity_id: Uuid, poison: Poison) {
        self.lock().poison.insert(entity_id, poison);
    }

    /// The row's changes are as good as any again.
    pub fn cure(&self, entity_id: Uuid) {
        self.lock().poison.remove(&entity_id);
    }

    /// Every row names its owner in this field: an operation that comes with another account's token is one of [`Self::strays`].
    pub fn owners_are_in(&self, field: &str) {
        self.lock().owner_field = Some(field.to_owned());
    }

    /// Operations that came with the token of an account which is not their own.
    #[must_use]
    pub fn strays(&self) -> Vec<Seen> {
        self.lock().strays.clone()
    }

    /// It was restored from a backup that held nothing: a new epoch, and every row gone.
    pub fn restore_from_nothing(&self) {
        let mut state = self.lock();
        state.epoch += 1;
        state.accounts.clear();
    }

    /// How many faults are still to come.
    #[must_use]
    pub fn faults_left(&self) -> usize {
        self.lock().script.len()
    }

    /// Every operation that came with a good token, each time it came.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.lock().seen.clone()
    }

    /// Every request that came.
    #[must_use]
    pub fn came(&self) -> Vec<Came> {
        self.lock().came.clone()
    }

    /// How often somebody tried: requests, and connections on which none could come.
    #[must_use]
    pub fn attempts(&self) -> usize {
        let state = self.lock();
        state.came.len() + state.turned_away
    }

    /// Requests that came and were not answered yet.
    #[must_use]
    pub fn on_their_way(&self) -> usize {
        self.lock().on_their_way
    }

    /// Looks into an account's store.
    pub fn with_store<T>(&self, account: &str, look: impl FnOnce(&mut Store) -> T) -> T {
        look(self.lock().accounts.entry(account.to_owned()).or_default())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for a connection.
        drop(TcpStream::connect(self.address));
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
