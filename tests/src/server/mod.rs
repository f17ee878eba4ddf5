//! A sync server on a real socket that misbehaves on command.
//!
//! It is small and faithful where the client can tell: it applies each operation once, issues stamps, merges field by field, and answers
//! with the resulting rows. What it does wrong is scripted, a [`Fault`] a request. It keeps a record of what it was sent and by whom.
//!
//! Threads and plain sockets, no framework: a reply has to be cut, trickled or withheld at any byte.

pub mod certificates;
pub mod fault;
pub mod http;
pub mod store;

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use steadfast_protocol::push::{ChangesPage, PushReply, PushRequest};
use uuid::Uuid;

use fault::{Fault, Poison};
use http::{Request, Response};
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
    came: Vec<Came>,
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
        let mut server = Self::start_with(Some(made.server));
        server.root_certificate_pem = Some(made.root_pem);
        server
    }

    fn start_with(tls: Option<Arc<ServerConfig>>) -> Self {
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
                thread::spawn(move || drop(attend(stream, tls, &shared, &over)));
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

fn attend(
    stream: TcpStream,
    tls: Option<Arc<ServerConfig>>,
    state: &Mutex<State>,
    over: &AtomicBool,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    match tls {
        None => converse(stream, state, over),
        Some(config) => {
            let connection = ServerConnection::new(config).map_err(io::Error::other)?;
            converse(StreamOwned::new(connection, stream), state, over)
        }
    }
}

/// One request after the other, as long as the client keeps the connection.
fn converse(stream: impl Read + Write, state: &Mutex<State>, over: &AtomicBool) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(request) = http::read(&mut stream)? {
        if over.load(Ordering::SeqCst) {
            return Ok(());
        }
        let (response, fault) = respond(&request, state);
        if let Some(Fault::Late(by)) = fault {
            thread::sleep(by);
        }
        let stream = stream.get_mut();
        match fault {
            Some(Fault::LoseRequest | Fault::LoseReply) => return Ok(()),
            Some(Fault::CutOff) => return response.write_half(stream),
            Some(Fault::Trickle) => return response.trickle(stream, Duration::from_millis(100)),
            _ => response.write(stream, request.accepts_gzip)?,
        }
    }
    Ok(())
}

/// What is answered, and what goes wrong with it on its way.
fn respond(request: &Request, state: &Mutex<State>) -> (Response, Option<Fault>) {
    let mut state = lock(state);
    let push: Option<PushRequest> = serde_json::from_slice(&request.body).ok();
    state.came.push(Came {
        at: Instant::now(),
        items: push.as_ref().map_or(0, |push| push.items.len()),
        is_packed: request.is_packed,
    });
    let fault = match (&state.weather, &push) {
        (Some(weather), _) => Some(weather.clone()),
        (None, Some(_)) => state.script.pop_front(),
        (None, None) => None,
    };
    match &fault {
        Some(Fault::LoseRequest) => return (Response::default(), fault),
        Some(Fault::Answer(response)) => return (response.clone(), None),
        Some(Fault::Error(status, code, retry_after)) => {
            let response = Response::error(*status, code, now_ms(), state.epoch);
            return (response.retry_after(retry_after.as_deref()), None);
        }
        _ => {}
    }
    let Some(account) = request
        .token
        .as_ref()
        .and_then(|token| state.tokens.get(token))
        .cloned()
    else {
        return (Response::error(401, "token_expired", now_ms(), state.epoch), fault);
    };
    let response = match (request.target.as_str(), push) {
        ("POST /v1/push", Some(push)) => take(&mut state, &account, &push, fault.as_ref()),
        ("GET /v1/changes?cursor=0&limit=0", _) => Response::json(
            200,
            &ChangesPage {
                now: now_ms(),
                epoch: state.epoch,
                rows: Vec::new(),
                next_cursor: 0,
                has_more: false,
            },
        ),
        _ => Response::error(404, "not_found", now_ms(), state.epoch),
    };
    (response, fault)
}

fn take(state: &mut State, account: &str, push: &PushRequest, fault: Option<&Fault>) -> Response {
    let operations = push.items.iter().flat_map(|item| &item.operations);
    state.seen.extend(operations.clone().map(|operation| Seen {
        account: account.to_owned(),
        op_id: operation.op_id,
        entity_id: operation.entity_id,
    }));
    let epoch = state.epoch;
    if push.epoch != epoch {
        return Response::error(409, "epoch", now_ms(), epoch);
    }
    let poisons = operations.filter_map(|operation| state.poison.get(&operation.entity_id));
    for poison in poisons {
        match poison {
            Poison::Request(status) => return Response::error(*status, "invalid", now_ms(), epoch),
            Poison::Proxy(status) => return Response::page(*status),
            Poison::Rejected | Poison::Retry | Poison::Omitted => {}
        }
    }
    let poison = state.poison.clone();
    let store = state.accounts.entry(account.to_owned()).or_default();
    let mut results = Vec::new();
    for item in &push.items {
        let of_item = item
            .operations
            .iter()
            .find_map(|operation| poison.get(&operation.entity_id));
        match of_item {
            Some(Poison::Omitted) => {}
            Some(Poison::Rejected) => results.push(store::refused(item, false)),
            Some(Poison::Retry) => results.push(store::refused(item, true)),
            _ => results.push(store.take(item, push.device_id, epoch, now_ms())),
        }
    }
    let mut reply = PushReply {
        now: now_ms(),
        epoch,
        results,
    };
    match fault {
        Some(Fault::OmitResults) => reply.results.truncate(reply.results.len() / 2),
        Some(Fault::OmitRows) => reply.results.iter_mut().for_each(|result| result.rows.clear()),
        Some(Fault::OlderEpoch) => reply.epoch -= 1,
        _ => {}
    }
    Response::json(200, &reply)
}

fn now_ms() -> i64 {
    steadfast_core::domain::time::to_ms(std::time::SystemTime::now())
}
