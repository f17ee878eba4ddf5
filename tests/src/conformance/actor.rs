//! Performs the steps of a scenario on a client: the part of the app.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use pollster::block_on;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use steadfast_core::client::{Config, SteadfastClient};
use steadfast_core::domain::cancel::CancelToken;
use steadfast_core::domain::manual_clock::ManualClock;
use steadfast_core::domain::time::{from_ms, to_ms};
use steadfast_core::error::{Result as CoreResult, SteadfastError, error_codes, raise_error};
use steadfast_core::event::{Event, EventListener, ListenerError};
use steadfast_core::interchange::api::ExportOptions;

use super::arguments::{OpenArguments, Samples, WriteFile};
use super::matching::matches;
use super::scenario::Step;
use super::seen::Seen;
use super::verb::Verb;

/// 2026-05-01T08:00:00Z.
const START_MS: i64 = 1_777_622_400_000;
/// An event that has not come by then does not come.
const EVENT_DEADLINE: Duration = Duration::from_secs(10);

/// Keeps the events until they are asked for.
#[derive(Default)]
struct Kept {
    events: Mutex<VecDeque<Event>>,
    came: Condvar,
}

impl EventListener for Kept {
    fn on_event(&self, event: Event) -> Result<(), ListenerError> {
        self.events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_back(event);
        self.came.notify_one();
        Ok(())
    }
}

impl Kept {
    fn next(&self) -> Option<Event> {
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .came
            .wait_timeout_while(events, EVENT_DEADLINE, |events| events.is_empty());
        waited.unwrap_or_else(PoisonError::into_inner).0.pop_front()
    }
}

/// What goes on in the next process after a kill.
#[derive(Serialize, Deserialize)]
struct State {
    now_ms: i64,
    names: Map<String, Value>,
}

/// An app that does as a scenario says.
pub struct Actor {
    work: PathBuf,
    clock: Arc<ManualClock>,
    names: Map<String, Value>,
    events: Arc<Kept>,
    client: Option<Arc<SteadfastClient>>,
}

/// What a call gave, or why the step itself makes no sense.
pub(super) type Outcome = Result<CoreResult<Value>, String>;

impl Actor {
    /// An app in a folder; it goes on where the one that was killed there stood.
    pub fn new(work: &Path) -> Result<Self, String> {
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
        })
    }

    /// Performs a step and holds what is seen against what is expected.
    pub fn perform(&mut self, step: &Step) -> Result<(), String> {
        let arguments = self.resolve(&Value::Object(step.arguments.clone()));
        let verb: Verb =
            serde_json::from_value(json!({ step.verb.as_str(): arguments })).map_err(|error| error.to_string())?;
        match (self.call(verb)?, &step.error) {
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

    fn path(&self, path: &Path) -> PathBuf {
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
            Verb::AwaitEvent { event } => self.await_event(&event),
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

    fn await_event(&self, expected: &Value) -> Outcome {
        let mut taken = Vec::new();
        while let Some(event) = self.events.next() {
            let event = event.seen();
            if matches(expected, &event).is_ok() {
                return Ok(Ok(event));
            }
            taken.push(event);
        }
        Err(format!("no such event; taken were {}", Value::Array(taken)))
    }

    fn record(&self, verb: Verb) -> Outcome {
        let recorder = self.client()?.recorder();
        Ok(match verb {
            Verb::Start { options } => recorder.start(options.options()).map(seen),
            Verb::Samples(samples) => return self.samples(&samples),
            Verb::Readings { readings } => {
                let now_ms = self.now_ms();
                let readings: Vec<_> = readings.iter().map(|reading| reading.reading(now_ms)).collect();
                self.move_to(readings.last().map(|(time_ms, _)| *time_ms));
                recorder
                    .add_readings(readings.into_iter().map(|(_, reading)| reading).collect())
                    .map(seen)
            }
            Verb::Pause {} => recorder.pause().map(seen),
            Verb::Resume {} => recorder.resume().map(seen),
            Verb::Stop {} => recorder.stop().map(seen),
            Verb::Lap {} => recorder.lap().map(seen),
            Verb::Laps {} => recorder.laps().map(seen),
            Verb::Splits {} => recorder.splits().map(seen),
            Verb::Discard {} => recorder.discard().map(seen),
            Verb::Live {} => Ok(recorder.live().seen()),
            Verb::Save { options, cancel } => block_on(recorder.save(options.options(), token(cancel))).map(seen),
            Verb::Recovery {} => block_on(recorder.recovery()).map(seen),
            Verb::Backups {} => block_on(recorder.backups()).map(seen),
            Verb::ResumeRecovered { id } => recorder.resume_recovered(id).map(seen),
            Verb::SaveRecovered { id, options, cancel } => {
                block_on(recorder.save_recovered(id, options.options(), token(cancel))).map(seen)
            }
            Verb::DiscardRecovered { id } => recorder.discard_recovered(id).map(seen),
            Verb::RestoreBackup { id } => block_on(recorder.restore_backup(id)).map(seen),
            Verb::ResumeFresh {} => block_on(recorder.resume_fresh()).map(seen),
            Verb::ExportRecovered { id, format, path } => {
                block_on(recorder.export_recovered(id, format, self.text(&path), ExportOptions::default())).map(seen)
            }
            verb => return self.look_up(verb),
        })
    }

    fn samples(&self, samples: &Samples) -> Outcome {
        let now_ms = self.now_ms();
        let (fixes, batch) = match (&samples.samples, &samples.line) {
            (Some(fixes), None) => (fixes.iter().map(|fix| fix.sample(now_ms)).collect(), None),
            (None, Some(line)) => (line.samples(now_ms), line.batch),
            _ => return Err("either samples or a line".into()),
        };
        let recorder = self.client()?.recorder();
        let mut last = None;
        for batch in fixes.chunks(batch.unwrap_or(fixes.len()).max(1)) {
            self.move_to(batch.last().map(|(time_ms, _)| *time_ms));
            match recorder.add_samples(batch.iter().map(|(_, sample)| sample.clone()).collect()) {
                Ok(live) => last = Some(live),
                error => return Ok(error.map(seen)),
            }
        }
        if fixes.is_empty() {
            return Ok(recorder.add_samples(Vec::new()).map(seen));
        }
        Ok(Ok(last.seen()))
    }

    fn move_to(&self, time_ms: Option<i64>) {
        if let Some(time_ms) = time_ms {
            self.clock.advance(time_ms - self.now_ms());
        }
    }

    fn in_folder(&self, verb: Verb) -> std::io::Result<Value> {
        match verb {
            Verb::WriteFile(WriteFile { path, text, size, copy }) => {
                let path = self.path(&path);
                if let Some(copy) = copy {
                    fs::copy(self.path(&copy), path)?;
                } else if let Some(size) = size {
                    fs::File::create(path)?.set_len(size)?;
                } else {
                    fs::write(path, text.unwrap_or_default())?;
                }
            }
            Verb::AppendFile { path, text } => {
                let mut content = fs::read(self.path(&path))?;
                content.extend_from_slice(text.as_bytes());
                fs::write(self.path(&path), content)?;
            }
            Verb::MakeDir { path } => fs::create_dir_all(self.path(&path))?,
            Verb::Remove { path } => {
                let path = self.path(&path);
                if path.is_dir() {
                    fs::remove_dir_all(path)?;
                } else {
                    fs::remove_file(path)?;
                }
            }
            Verb::Files { path } => {
                let path = self.path(&path);
                let mut names = Vec::new();
                if path.exists() {
                    for entry in fs::read_dir(path)? {
                        names.push(entry?.file_name().to_string_lossy().into_owned());
                    }
                }
                names.sort();
                return Ok(json!(names));
            }
            Verb::ReadFile { path } => return Ok(json!(fs::read_to_string(self.path(&path))?)),
            _ => {}
        }
        Ok(Value::Null)
    }
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

fn error_seen(error: &SteadfastError) -> Result<Value, String> {
    let (summary, detail, message) = (error.summary(), error.detail(), error.to_string());
    let sentence = if detail.is_empty() {
        summary.clone()
    } else {
        format!("{summary}: {detail}")
    };
    if message != sentence {
        return Err(format!("its message is {message:?} and should be {sentence:?}"));
    }
    let field = match error {
        SteadfastError::Validation { field, .. } => field.clone(),
        _ => None,
    };
    Ok(json!({
        "category": error.category(),
        "code": error.code_name(),
        "severity": error.severity(),
        "retryable": error.retryable(),
        "field": field,
        "detail": detail,
        "path": error.path(),
        "summary": summary,
        "reason": error.reason(),
        "suggestion": error.suggestion(),
        "message": message,
    }))
}
