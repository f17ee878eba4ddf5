//! An error, with all that a person and an app learn of it.

use serde_json::{Value, json};
use steadfast_core::error::SteadfastError;

/// As JSON; fails if its message is not its summary and its detail.
pub(super) fn error_seen(error: &SteadfastError) -> Result<Value, String> {
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
