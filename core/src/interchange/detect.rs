//! Which format a file is, by its content, and its text in one encoding.

use std::borrow::Cow;

use crate::error::{Result, SteadfastError, ValidationCode};

/// What the bytes are.
#[derive(Debug)]
pub(super) enum Content<'a> {
    /// GPX, as text.
    Gpx(Cow<'a, str>),
    /// TCX, as text.
    Tcx(Cow<'a, str>),
    /// FIT; its reader takes the bytes.
    Fit,
}

/// A FIT header has 12 or 14 bytes and ".FIT" at 8.
const FIT_SIGNATURE: &[u8] = b".FIT";

/// Tells the format.
///
/// # Errors
/// `empty_file`, `unknown_format`.
pub(super) fn detect(bytes: &[u8]) -> Result<Content<'_>> {
    if bytes.is_empty() {
        return Err(SteadfastError::validation(ValidationCode::EmptyFile, ""));
    }
    if bytes.get(8..12) == Some(FIT_SIGNATURE) {
        return Ok(Content::Fit);
    }
    let text = decode(bytes);
    if text.trim_matches(|c: char| c.is_whitespace() || c == '\0' || c == '\u{feff}').is_empty() {
        return Err(SteadfastError::validation(ValidationCode::EmptyFile, "only white space"));
    }
    match root(&text) {
        Some(name) if name.eq_ignore_ascii_case("gpx") => Ok(Content::Gpx(text)),
        Some(name) if name.eq_ignore_ascii_case("TrainingCenterDatabase") => Ok(Content::Tcx(text)),
        Some(name) => {
            let name: String = name.chars().take(40).collect();
            Err(SteadfastError::validation(ValidationCode::UnknownFormat, format!("XML with the root element {name}")))
        }
        None => Err(SteadfastError::validation(ValidationCode::UnknownFormat, "neither FIT nor XML")),
    }
}

/// The text, whatever its encoding: UTF-8 or UTF-16 with or without a mark, else Windows-1252, of which ISO 8859-1 is a part and
/// in which every byte means something. The XML declaration is not asked: files that were converted by hand lie in it.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => decode_bytes(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [b'<', 0, ..] => utf16(bytes, u16::from_le_bytes),
        [0, b'<', ..] => utf16(bytes, u16::from_be_bytes),
        _ => decode_bytes(bytes),
    }
}

fn decode_bytes(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        // A multi-byte character that the end of a truncated file cut in two is no reason to read all the others as Latin-1.
        Err(error) if error.error_len().is_none() => String::from_utf8_lossy(bytes),
        Err(_) => Cow::Owned(bytes.iter().map(|&byte| windows_1252(byte)).collect()),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Cow<'_, str> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    Cow::Owned(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
        '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// The local name of the root element: the first `<` that opens neither a declaration, a comment nor a document type.
fn root(text: &str) -> Option<&str> {
    let mut rest = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
    loop {
        let inner = rest.strip_prefix('<')?;
        rest = if let Some(comment) = inner.strip_prefix("!--") {
            &comment[comment.find("-->")? + 3..]
        } else if let Some(instruction) = inner.strip_prefix('?') {
            &instruction[instruction.find("?>")? + 2..]
        } else if let Some(doctype) = inner.strip_prefix('!') {
            after_doctype(doctype)?
        } else {
            let end = inner.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(inner.len());
            let name = &inner[..end];
            return Some(name.rsplit(':').next().unwrap_or(name));
        };
        rest = rest.trim_start();
    }
}

/// What stands after a document type; its internal subset in brackets may hold further `>`.
fn after_doctype(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '>' if depth == 0 => return Some(&text[at + 1..]),
            _ => {}
        }
    }
    None
}
