//! A lenient walk over XML that stays within bounds: no entity is ever expanded, no element deeper than [`MAX_DEPTH`].

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::error::{Result, SteadfastError, ValidationCode};

/// Recordings nest about ten levels; deeper than this is an attack or garbage.
const MAX_DEPTH: usize = 100;
/// Text of one element that is kept, in bytes: the longest is an activity's notes.
const MAX_TEXT: usize = 64 * 1024;

/// Takes what the walk meets. Names are local: prefixes are stripped, because programs that glue files together lose the
/// declarations of namespaces, and no two elements of the formats differ by their namespace alone.
pub(super) trait Visitor {
    /// An element opens; `path` holds the names of its ancestors, the root first.
    fn open(&mut self, path: &[String], name: &str, attributes: &Attributes<'_>) -> Result<()>;
    /// An element closes; `text` is its own text if it has no child, else what followed its last child.
    fn close(&mut self, path: &[String], name: &str, text: &str) -> Result<()>;
}

/// The attributes of an element.
pub(super) struct Attributes<'a>(&'a BytesStart<'a>);

impl Attributes<'_> {
    /// The attribute with this local name; damaged ones are passed over.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        let attribute = attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
        Some(quick_xml::escape::unescape(&attribute.value).map_or_else(|_| attribute.value.to_string(), Into::into))
    }
}

/// Walks the document to its end or to the first place where it is no XML any more. Returns true if it ends early.
///
/// # Errors
/// `forbidden_xml`, `malformed_file` (too deep), and what the visitor returns.
pub(super) fn walk(text: &str, visitor: &mut impl Visitor) -> Result<bool> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    config.expand_empty_elements = true;

    let mut path: Vec<String> = Vec::new();
    let mut content = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                let name = start.local_name().as_ref().to_owned();
                visitor.open(&path, &name, &Attributes(&start))?;
                if path.len() == MAX_DEPTH {
                    let detail = format!("elements nest deeper than {MAX_DEPTH} levels");
                    return Err(SteadfastError::validation(ValidationCode::MalformedFile, detail));
                }
                path.push(name);
                content.clear();
            }
            Ok(Event::End(end)) => {
                let name = end.local_name();
                // An end without a start is passed over; one that skips levels closes them all.
                if let Some(level) = path.iter().rposition(|open| open == name.as_ref()) {
                    while path.len() > level {
                        let closed = path.pop().unwrap_or_default();
                        visitor.close(&path, &closed, content.trim())?;
                        content.clear();
                    }
                }
            }
            Ok(Event::Text(text)) => append(&mut content, &text.xml10_content()),
            Ok(Event::CData(text)) => append(&mut content, &text.xml10_content()),
            Ok(Event::GeneralRef(reference)) => match reference.resolve_char_ref() {
                Ok(Some(c)) => append(&mut content, c.encode_utf8(&mut [0; 4])),
                _ => match quick_xml::escape::resolve_predefined_entity(&reference) {
                    Some(predefined) => append(&mut content, predefined),
                    None => append(&mut content, &format!("&{};", &*reference)),
                },
            },
            Ok(Event::DocType(doctype)) => {
                if doctype.to_ascii_uppercase().contains("<!ENTITY") {
                    return Err(SteadfastError::validation(ValidationCode::ForbiddenXml, ""));
                }
            }
            Ok(Event::Eof) => return close_all(path, &content, visitor),
            // Empty elements are expanded into a start and an end.
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Empty(_)) => {}
            Err(_) => {
                close_all(path, "", visitor)?;
                return Ok(true);
            }
        }
    }
}

/// Closes what the end of the file left open, so that the last whole point counts. Returns true if anything was.
fn close_all(mut path: Vec<String>, content: &str, visitor: &mut impl Visitor) -> Result<bool> {
    let truncated = !path.is_empty();
    // The text of the innermost element may be cut in the middle of a number; it is not passed on.
    let mut innermost = content.is_empty();
    while let Some(name) = path.pop() {
        if innermost || !is_leaf(&name) {
            visitor.close(&path, &name, "")?;
        }
        innermost = true;
    }
    Ok(truncated)
}

/// Elements whose text is a value. Capital letters are TCX's containers and values alike, so both are only ever closed empty.
fn is_leaf(name: &str) -> bool {
    matches!(name, "ele" | "time" | "Time" | "LatitudeDegrees" | "LongitudeDegrees")
}

/// Appends, up to [`MAX_TEXT`].
fn append(content: &mut String, text: &str) {
    let room = MAX_TEXT.saturating_sub(content.len());
    let end = if text.len() <= room { text.len() } else { (0..=room).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0) };
    content.push_str(&text[..end]);
}

/// A number as programs write it; a decimal comma is taken for a point.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    text.parse().ok().or_else(|| text.replace(',', ".").parse().ok())
}
