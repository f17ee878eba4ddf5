//! Serving: one thread a connection, one request after the other.

use std::io::{self, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;
use steadfast_protocol::operation::Operation;
use steadfast_protocol::push::{ChangesPage, PushReply, PushRequest};

use super::fault::{Fault, Poison};
use super::http::{self, Request, Response};
use super::{Came, Seen, State, lock, store};

/// What a server with TLS shows.
#[derive(Clone)]
pub(super) struct Certificates {
    pub own: Arc<ServerConfig>,
    /// Somebody else's, for the same name.
    pub impostor: Arc<ServerConfig>,
}

pub(super) fn attend(
    stream: TcpStream,
    tls: Option<Certificates>,
    state: &Mutex<State>,
    over: &AtomicBool,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let weather = lock(state).weather.clone();
    if matches!(weather, Some(Fault::Refuse | Fault::Impostor)) {
        lock(state).turned_away += 1;
    }
    let shown = match (weather, tls) {
        (Some(Fault::Refuse), _) => return Ok(()),
        (Some(Fault::Impostor), Some(certificates)) => certificates.impostor,
        (_, Some(certificates)) => certificates.own,
        (_, None) => return converse(stream, state, over),
    };
    let connection = ServerConnection::new(shown).map_err(io::Error::other)?;
    converse(StreamOwned::new(connection, stream), state, over)
}

/// Counts a request as being answered, for as long as it lives.
struct OnItsWay<'s>(&'s Mutex<State>);

impl<'s> OnItsWay<'s> {
    fn begin(state: &'s Mutex<State>) -> Self {
        lock(state).on_their_way += 1;
        Self(state)
    }
}

impl Drop for OnItsWay<'_> {
    fn drop(&mut self) {
        lock(self.0).on_their_way -= 1;
    }
}

/// One request after the other, as long as the client keeps the connection.
fn converse(stream: impl Read + Write, state: &Mutex<State>, over: &AtomicBool) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(request) = http::read(&mut stream)? {
        if over.load(Ordering::SeqCst) {
            return Ok(());
        }
        let _on_its_way = OnItsWay::begin(state);
        let (response, fault) = respond(&request, state);
        if let Some(Fault::Late(by)) = fault {
            thread::sleep(by);
        }
        let stream = stream.get_mut();
        match fault {
            Some(Fault::LoseRequest | Fault::LoseReply | Fault::Refuse | Fault::Impostor) => return Ok(()),
            Some(Fault::CutOff) => return response.write_half(stream),
            Some(Fault::Trickle) => return response.trickle(stream, Duration::from_millis(100)),
            Some(Fault::Echo) => {
                response.write(stream, request.accepts_gzip)?;
                response.write(stream, request.accepts_gzip)?;
            }
            Some(Fault::HalfJson) => response.halved().write(stream, request.accepts_gzip)?,
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
        // A connection from before the weather breaks.
        Some(Fault::LoseRequest | Fault::Refuse | Fault::Impostor) => return (Response::default(), fault),
        Some(Fault::Answer(response)) => return (response.clone(), None),
        Some(Fault::Error(status, code, retry_after)) => {
            let response = Response::error(*status, code, now_ms(), state.epoch);
            return (response.retry_after(*retry_after), None);
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
        ("POST /v1/push", Some(push)) => {
            if matches!(fault, Some(Fault::Twice)) {
                take(&mut state, &account, &push, None);
            }
            take(&mut state, &account, &push, fault.as_ref())
        }
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
    for operation in operations.clone() {
        let seen = Seen {
            account: account.to_owned(),
            op_id: operation.op_id,
            entity_id: operation.entity_id,
        };
        if is_stray(state.owner_field.as_deref(), account, operation) {
            state.strays.push(seen.clone());
        }
        state.seen.push(seen);
    }
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

/// True if the operation names an owner who is not the one whose token it came with.
fn is_stray(owner_field: Option<&str>, account: &str, operation: &Operation) -> bool {
    let owner = owner_field.and_then(|name| operation.fields.get(name));
    owner.is_some_and(|edit| edit.value != Value::String(account.to_owned()))
}

fn now_ms() -> i64 {
    steadfast_core::domain::time::to_ms(std::time::SystemTime::now())
}
