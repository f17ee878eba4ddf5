//! From a file's bytes to stored activities: read, recorded as if live, saved in one transaction.

use std::sync::Arc;

use crate::activities::model::{Activity, ActivityOrigin, FinishedWorkout};
use crate::context::Context;
use crate::domain::cancel::CancelToken;
use crate::domain::id::{self, Id};
use crate::domain::record::Record;
use crate::domain::start_options::StartOptions;
use crate::domain::text::{MAX_NOTES_CHARS, MAX_TITLE_CHARS};
use crate::domain::time::{Moment, from_ms};
use crate::error::{Result, SteadfastError, ValidationCode};
use crate::recording::commit::{self, Deleted};
use crate::recording::finish::{self, Provenance};
use crate::recording::model::SaveOptions;
use crate::recording::session::Session;

use super::model::{FileFormat, ImportedSession};
use super::read;

/// An activity of an imported file.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct ImportedActivity {
    /// As it is stored.
    pub activity: Activity,
    /// False if it was stored already; then nothing was changed.
    pub is_new: bool,
}

/// A session of an imported file that is no activity.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct SkippedSession {
    /// 1 for the first session of the file.
    pub index: u32,
    /// The error's code name.
    pub code: String,
    /// Why, in a sentence.
    pub reason: String,
}

/// What an import did.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct ImportReport {
    /// What the file is, by its content.
    pub format: FileFormat,
    /// An activity a session, in the file's order.
    pub activities: Vec<ImportedActivity>,
    /// Sessions that are too short to be an activity (a transition of a triathlon).
    pub skipped: Vec<SkippedSession>,
}

/// Imports a file's bytes for the context's account. Blocks. `deleted` says what to do if its activity was deleted here.
///
/// # Errors
/// What `interchange::read` says; `not_found` if it was deleted and is to stay so; the validation error of the first session if none can be stored; `cancelled`; a storage error.
pub fn import(
    context: &Context,
    bytes: &[u8],
    deleted: Deleted,
    cancel: Option<&Arc<CancelToken>>,
) -> Result<ImportReport> {
    let file = read(bytes)?;
    // By content, so that the same file has the same id on every device, and a repaired or longer export of the same workout has
    // another: it must never be mistaken for the one that is stored.
    let file_id = id::imported("file", bytes);
    let (mut workouts, mut skipped, mut first_error) = (Vec::new(), Vec::new(), None);
    for (index, session) in (1_u32..).zip(file.sessions) {
        go_on(cancel)?;
        match workout(
            context,
            id::imported(&file_id.to_string(), &index.to_be_bytes()),
            session,
        ) {
            Ok(workout) => workouts.push(workout),
            Err(error) => {
                skipped.push(SkippedSession {
                    index,
                    code: error.code_name(),
                    reason: error.to_string(),
                });
                first_error.get_or_insert(error);
            }
        }
    }
    if workouts.is_empty() {
        return Err(first_error.unwrap_or_else(|| SteadfastError::validation(ValidationCode::NoActivity, "")));
    }
    let committed = commit::commit(context, workouts, deleted, None, cancel)?;
    let activities = committed.into_iter().map(|saved| ImportedActivity {
        activity: saved.activity,
        is_new: saved.is_new,
    });
    Ok(ImportReport {
        format: file.format,
        activities: activities.collect(),
        skipped,
    })
}

fn go_on(cancel: Option<&Arc<CancelToken>>) -> Result<()> {
    if cancel.is_some_and(|token| token.is_cancelled()) {
        Err(SteadfastError::cancelled())
    } else {
        Ok(())
    }
}

/// The options under which a file's session is recorded: what a person would have chosen, with no limit of accuracy, because the
/// device has made its choice already.
#[must_use]
pub fn start_options(session: &ImportedSession) -> StartOptions {
    StartOptions {
        utc_offset_s: session.utc_offset_s,
        max_horizontal_accuracy_m: 10_000.0,
        ..StartOptions::new(session.kind)
    }
}

/// Records a session's records as if they came live.
#[must_use]
pub fn record(id: Id, session: &ImportedSession) -> Session {
    let moment = |wall_ms| Moment {
        wall_ms,
        elapsed_ms: None,
    };
    let mut recorded = Session::new(id, start_options(session), &moment(session.started_at_ms), None);
    for record in &session.records {
        recorded.apply(record);
    }
    recorded.apply(&Record::Stop(moment(session.ended_at_ms)));
    for (repair, count) in &session.repairs {
        recorded.count_repairs(*repair, *count);
    }
    recorded
}

fn workout(context: &Context, id: Id, session: ImportedSession) -> Result<FinishedWorkout> {
    let mut recorded = record(id, &session);
    let options = SaveOptions {
        title: clean(session.title.as_deref(), MAX_TITLE_CHARS, false),
        notes: clean(session.notes.as_deref(), MAX_NOTES_CHARS, true),
        ..SaveOptions::default()
    };
    finish::validate_imported(&recorded, options.sample_limit)?;
    let provenance = Provenance {
        account_id: context.account_id(),
        origin: ActivityOrigin::Imported,
        device: session.device,
        reported: session.reported,
        saved_at: from_ms(context.now().wall_ms),
    };
    finish::finish(&mut recorded, &options, provenance)
}

/// A file's text, cut and without control characters: a strange title is no reason to refuse a run.
fn clean(text: Option<&str>, max_chars: usize, lines: bool) -> String {
    let allowed = |char: &char| !char.is_control() || (lines && *char == '\n');
    text.unwrap_or_default()
        .trim()
        .chars()
        .filter(allowed)
        .take(max_chars)
        .collect()
}
