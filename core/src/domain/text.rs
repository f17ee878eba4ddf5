//! What a text of the app may hold.

use crate::error::{Result, SteadfastError};

/// Characters (Unicode scalar values) of a title or a name.
pub const MAX_TITLE_CHARS: usize = 200;
/// Characters of notes.
pub const MAX_NOTES_CHARS: usize = 10_000;

/// Checks one line: a title, a name, an id of the app's own.
///
/// # Errors
/// `InvalidArgument` naming `field`: longer than [`MAX_TITLE_CHARS`], or with control characters.
pub fn check_line(field: &str, text: &str) -> Result<()> {
    check(field, text, MAX_TITLE_CHARS, &[])
}

/// Checks notes, which may have line breaks and tabs.
///
/// # Errors
/// `InvalidArgument` naming `field`: longer than [`MAX_NOTES_CHARS`], or with other control characters.
pub fn check_notes(field: &str, text: &str) -> Result<()> {
    check(field, text, MAX_NOTES_CHARS, &['\n', '\r', '\t'])
}

/// Checks one line that must not be empty.
///
/// # Errors
/// As [`check_line`]; `InvalidArgument` naming `field` if it is empty or blank.
pub fn check_name(field: &str, text: &str) -> Result<()> {
    if text.trim().is_empty() {
        return Err(SteadfastError::invalid(field, "it is empty"));
    }
    check_line(field, text)
}

fn check(field: &str, text: &str, max: usize, allowed: &[char]) -> Result<()> {
    let chars = text.chars().count();
    if chars > max {
        return Err(SteadfastError::invalid(
            field,
            format!("{chars} characters, at most {max} are allowed"),
        ));
    }
    match text
        .chars()
        .position(|char| char.is_control() && !allowed.contains(&char))
    {
        Some(at) => Err(SteadfastError::invalid(
            field,
            format!("a control character at position {at}"),
        )),
        None => Ok(()),
    }
}
