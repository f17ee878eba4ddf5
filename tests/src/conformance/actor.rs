//! Performs the steps of a scenario on a client: the part of the app.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pollster::block_on;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use steadfast_core::client::{Config, SteadfastClient};
use steadfast_core::domain::cancel::CancelToken;
use steadfast_core::domain::manual_clock::ManualClock;
use steadfast_core::domain::time::{from_ms, to_ms};
use steadfast_core::error::{Result as CoreResult, error_codes, raise_error};
use steadfast_core::event::EventListener;

use super::arguments::{OpenArguments, Thresholds};
use super::events::Kept;
use super::habits::HabitVerb;
use super::matching::matches;
use super::metrics::MetricVerb;
use super::outbox::OutboxVerb;
use super::programs::ProgramVerb;
use super::scenario::Step;
use super::seen::Seen;
use super::seen_error::error_seen;
use super::server_process::{ServerProcess, ServerVerb};
use super::strength::StrengthVerb;
use super::sync::SyncVerb;
use super::values::{self, ValueVerb};
use super::verb::Verb;
use super::verb_names::{names, read};

/// 2026-05-01T08:00:00Z.
const START_MS: i64 = 1_777_622_400_000;

/// What goes on in the next process after a kill.
#[derive(Serialize, Deserialize)]
struct State {
    now_ms: i64,
    names: Map<String, Value>,
}

/// An app that does as a scenario says.
pub struct Actor {
    work: PathBuf,
    pub(super) clock: Arc<ManualClock>,
    names: Map<String, Value>,
    events: Arc<Kept>,
    client: Option<Arc<SteadfastClient>>,
    pub(super) server_program: PathBuf,
    /// After the client, which closes its connections first.
    pub(super) server: Option<ServerProcess>,
}

/// What a call gave, or why the step itself makes no sense.
pub(super) type Outcome = Result<CoreResult<Value>, String>;

impl Actor {
    /// An app in a folder; it goes on where the one that was killed there stood.
    pub fn new(work: &Path, server_program: &Path) -> Result<Self, String> {
        let state = match fs::read(work.join("state.json")) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| error.to_string())?,
            Err(_) => State {
                now_ms: START_MS,
                names: Map::from_iter([("work".to_owned(), json!(work))]),
            },
        };
        Ok(Self {
            work: work.to_owned(),
            clock: ManualClock::new(from_ms(state.now_ms)),
            names: state.names,
            events: Arc::default(),
            client: None,
            server_program: server_program.to_owned(),
            server: None,
        })
    }

    /// Performs a step and holds what is seen against what is expected.
    pub fn perform(&mut self, step: &Step) -> Result<(), String> {
        let arguments = self.resolve(&Value::Object(step.arguments.clone()));
        match (self.call_named(&step.verb, &arguments)?, &step.error) {
            (Ok(_), Some(_)) => return Err("it succeeded and should have failed".into()),
            (Ok(seen), None) => {
                if let Some(name) = &step.binds {
                    let value = seen.get("id").unwrap_or(&seen).clone();
                    self.names.insert(name.clone(), value);
                }
                if let Some(expect) = &step.expect {
                    matches(&self.resolve(expect), &seen)?;
                }
            }
            (Err(error), None) => return Err(format!("{} {error}", error.code_name())),
            (Err(error), Some(expect)) => matches(&self.resolve(expect), &error_seen(&error)?)?,
        }
        self.keep_state()
    }

    fn keep_state(&self) -> Result<(), String> {
        let state = State {
            now_ms: self.now_ms(),
            names: self.names.clone(),
        };
        fs::write(self.work.join("state.json"), json!(state).to_string()).map_err(|error| error.to_string())
    }

    /// Puts values in the place of names.
    fn resolve(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.resolve_text(text),
            Value::Array(elements) => elements.iter().map(|element| self.resolve(element)).collect(),
            Value::Object(members) => {
                let members = members.iter();
                Value::Object(
                    members
                        .map(|(name, value)| (name.clone(), self.resolve(value)))
                        .collect(),
                )
            }
            _ => value.clone(),
        }
    }

    fn resolve_text(&self, text: &str) -> Value {
        if let Some(value) = text.strip_prefix('$').and_then(|name| self.names.get(name)) {
            return value.clone();
        }
        let mut parts = text.split('$');
        let mut resolved = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(|char: char| !char.is_ascii_lowercase() && char != '_');
            let (name, rest) = part.split_at(end.unwrap_or(part.len()));
            match self.names.get(name).and_then(Value::as_str) {
                Some(value) => resolved += value,
                None => resolved.extend(["$", name]),
            }
            resolved += rest;
        }
        json!(resolved)
    }

    pub(super) fn now_ms(&self) -> i64 {
        to_ms(self.clock.time())
    }

    pub(super) fn path(&self, path: &Path) -> PathBuf {
        if path.starts_with("files") {
            return super::folder().join(path);
        }
        self.work.join(path)
    }

    pub(super) fn text(&self, path: &Path) -> String {
        self.path(path).display().to_string()
    }

    pub(super) fn client(&self) -> Result<&Arc<SteadfastClient>, String> {
        self.client.as_ref().ok_or_else(|| "no client is open".to_owned())
    }

    fn config(&self, arguments: &OpenArguments) -> Config {
        let mut config = Config::new(self.text(&arguments.data_dir));
        config.boot_id = Some("scenario".into());
        config.recovery_key = arguments
            .config
            .recovery_key
            .as_ref()
            .map(|key| key.as_bytes().to_vec());
        if let Some(interval_ms) = arguments.config.autosave_interval_ms {
            config.autosave_interval_ms = interval_ms;
        }
        config.alert_thresholds = arguments.config.alert_thresholds.map(Thresholds::thresholds);
        config
    }

    fn open(&self, arguments: &OpenArguments) -> CoreResult<Arc<SteadfastClient>> {
        let listener = Arc::clone(&self.events) as Arc<dyn EventListener>;
        block_on(SteadfastClient::open_with_clock(
            self.config(arguments),
            Some(listener),
            Arc::clone(&self.clock),
        ))
    }

    /// Finds the room whose verb it is.
    fn call_named(&mut self, verb: &str, arguments: &Value) -> Outcome {
        if let Some(verb) = read::<ProgramVerb>(verb, arguments)? {
            return self.program(verb);
        }
        if let Some(verb) = read::<MetricVerb>(verb, arguments)? {
            return self.measure(verb);
        }
        if let Some(verb) = read::<HabitVerb>(verb, arguments)? {
            return self.log(verb);
        }
        if let Some(verb) = read::<OutboxVerb>(verb, arguments)? {
            return self.queue(verb);
        }
        if let Some(verb) = read::<StrengthVerb>(verb, arguments)? {
            return self.lift(verb);
        }
        if let Some(verb) = read::<SyncVerb>(verb, arguments)? {
            return self.sync(verb);
        }
        if let Some(verb) = read::<ServerVerb>(verb, arguments)? {
            return self.serve(verb);
        }
        if let Some(verb) = read::<ValueVerb>(verb, arguments)? {
            return Ok(Ok(values::look(&verb)));
        }
        match read::<Verb>(verb, arguments)? {
            Some(verb) => self.call(verb),
            None => Err(format!("nobody knows the verb {verb}")),
        }
    }

    fn call(&mut self, verb: Verb) -> Outcome {
        match verb {
            Verb::Open(arguments) => {
                let opened = self.open(&arguments).map(|client| self.client = Some(client));
                Ok(opened.map(|()| Value::Null))
            }
            Verb::OpenAnother(arguments) => Ok(self.open(&arguments).and_then(|client| client.shutdown()).map(seen)),
            Verb::OpenFromBackup(arguments) => {
                let listener = Arc::clone(&self.events) as Arc<dyn EventListener>;
                let opened = block_on(SteadfastClient::open_from_backup(
                    self.config(&arguments),
                    Some(listener),
                ));
                Ok(opened.map(|client| self.client = Some(client)).map(seen))
            }
            Verb::Shutdown {} => Ok(self.client()?.shutdown().map(seen)),
            Verb::SuspendStorage { deadline_ms } => Ok(self.client()?.suspend_storage(deadline_ms).map(seen)),
            Verb::ResumeStorage {} => Ok(self.client()?.resume_storage().map(seen)),
            Verb::Advance { ms } => {
                self.clock.advance(ms);
                Ok(Ok(Value::Null))
            }
            Verb::SetClock { time_ms } => {
                self.clock.set(from_ms(time_ms));
                Ok(Ok(Value::Null))
            }
            Verb::AwaitEvent { event, without } => self.events.take_until(&event, without.as_ref()).map(Ok),
            Verb::RaiseError { code } => Ok(raise_error(code).map(seen)),
            Verb::ErrorCodes {} => Ok(Ok(error_codes().seen())),
            Verb::WriteFile(_)
            | Verb::AppendFile { .. }
            | Verb::MakeDir { .. }
            | Verb::Remove { .. }
            | Verb::Files { .. }
            | Verb::ReadFile { .. } => self
                .in_folder(verb)
                .map(Ok)
                .map_err(|error| format!("the scenario's own file: {error}")),
            verb => self.record(verb),
        }
    }
}

/// Every verb but `kill`, which is the runner's own.
pub(super) fn verbs() -> Vec<&'static str> {
    [
        names::<ProgramVerb>(),
        names::<MetricVerb>(),
        names::<HabitVerb>(),
        names::<OutboxVerb>(),
        names::<StrengthVerb>(),
        names::<SyncVerb>(),
        names::<ServerVerb>(),
        names::<ValueVerb>(),
        names::<Verb>(),
    ]
    .concat()
}

#[allow(clippy::needless_pass_by_value, reason = "it is mapped over results")]
pub(super) fn seen<T: Seen>(value: T) -> Value {
    value.seen()
}

/// A token that was cancelled before.
pub(super) fn token(cancel: bool) -> Option<Arc<CancelToken>> {
    cancel.then(|| {
        let token = CancelToken::new();
        token.cancel();
        token
    })
}
