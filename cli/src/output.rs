//! What a command hands back, and how it reaches the terminal: text for a person, or one JSON object.

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use serde_json::{Value, json};
use steadfast_core::error::SteadfastError;

/// Why a command failed.
#[derive(Debug)]
pub enum Failure {
    /// The core refused.
    Core(SteadfastError),
    /// The command line cannot be meant like that.
    Usage(String),
}

impl From<SteadfastError> for Failure {
    fn from(error: SteadfastError) -> Self {
        Self::Core(error)
    }
}

/// What a command has to say, in both languages; only one of them is ever made.
pub struct Report {
    json: Box<dyn FnOnce() -> Value>,
    text: Box<dyn FnOnce() -> String>,
    complaints: String,
    failed: bool,
}

/// The result of a command.
pub type Outcome = Result<Report, Failure>;

impl Report {
    /// A report of success.
    pub fn new(json: impl FnOnce() -> Value + 'static, text: impl FnOnce() -> String + 'static) -> Self {
        Self {
            json: Box::new(json),
            text: Box::new(text),
            complaints: String::new(),
            failed: false,
        }
    }

    /// The same with words on standard error, for a person.
    #[must_use]
    pub fn complaining(self, complaints: String) -> Self {
        Self { complaints, ..self }
    }

    /// The same with exit code 1 if `failed`: part of the work could not be done.
    #[must_use]
    pub fn failed_if(self, failed: bool) -> Self {
        Self { failed, ..self }
    }
}

/// Prints the outcome and gives the exit code: 0, 1 for a failure, 2 for a command line that cannot be meant.
pub fn finish(outcome: Outcome, as_json: bool) -> ExitCode {
    match outcome {
        Ok(report) => {
            let text = if as_json {
                line(&(report.json)())
            } else {
                (report.text)()
            };
            let printed = print(&text);
            if !as_json {
                complain(&report.complaints);
            }
            ExitCode::from(u8::from(report.failed || !printed))
        }
        Err(Failure::Core(error)) => {
            if as_json {
                print(&line(&json!({ "error": error_json(&error) })));
            } else {
                complain(&error_text(&error));
            }
            ExitCode::from(1)
        }
        Err(Failure::Usage(words)) => {
            complain(&format!("error: {words}\n\nFor more information, try '--help'.\n"));
            ExitCode::from(2)
        }
    }
}

fn line(value: &Value) -> String {
    format!("{value}\n")
}

/// Writes to standard output. A reader that has seen enough (`| head`) is no failure; a full disk behind a redirection is.
pub fn print(text: &str) -> bool {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            complain(&format!("error: the output could not be written: {error}\n"));
            false
        }
        _ => true,
    }
}

/// Writes to standard error; if even that fails there is nobody left to tell.
pub fn complain(text: &str) {
    drop(std::io::stderr().lock().write_all(text.as_bytes()));
}

/// An error, for a program.
pub fn error_json(error: &SteadfastError) -> Value {
    json!({
        "category": error.category(),
        "code": error.code_name(),
        "severity": error.severity(),
        "retryable": error.retryable(),
        "message": error.to_string(),
        "reason": error.reason(),
        "suggestion": error.suggestion(),
        "path": error.path(),
        "field": field(error),
    })
}

/// An error, for a person: what, why, what to do.
pub fn error_text(error: &SteadfastError) -> String {
    let place = error.path().or_else(|| field(error).map(str::to_owned));
    let place = place.filter(|place| !error.detail().contains(place.as_str()));
    let place = place.map(|path| format!(" ({path})")).unwrap_or_default();
    format!(
        "error: {error}{place}\n  why: {}\n  try: {}\n",
        error.reason(),
        error.suggestion()
    )
}

fn field(error: &SteadfastError) -> Option<&str> {
    match error {
        SteadfastError::Validation { field, .. } => field.as_deref(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use steadfast_core::error::{StorageCode, ValidationCode};

    #[test]
    fn an_error_says_what_why_and_what_to_do() {
        let error = SteadfastError::storage(StorageCode::InUse, Some(std::path::Path::new("/data")), "");
        insta::assert_snapshot!(error_text(&error), @r"
        error: The data is in use by another process (/data)
          why: Another process has this database open; only one may.
          try: Close the other one. Extensions and watches leave spool files instead.
        ");
    }

    #[test]
    fn a_wrong_value_is_named() {
        insta::assert_snapshot!(error_text(&SteadfastError::invalid("week", "1001 is not between 1 and 1000")), @r"
        error: The value cannot be used: 1001 is not between 1 and 1000 (week)
          why: A value is outside its allowed range.
          try: Correct the value and try again.
        ");
    }

    #[test]
    fn an_error_in_json_carries_its_category_code_and_words() {
        let error = SteadfastError::validation(ValidationCode::EmptyFile, "a.gpx");
        insta::assert_snapshot!(error_json(&error), @r#"{"category":"validation","code":"empty_file","field":null,"message":"The file is empty: a.gpx","path":null,"reason":"The file has no content.","retryable":false,"severity":"warning","suggestion":"Export it again."}"#);
    }
}
