//! The header that opens every file, plain or sealed, and the snapshot that follows it in a snapshot file.
//!
//! Plain: `{"header":{…},"crc":"…"}` in a journal, `{"header":{…},"snapshot":{…},"crc":"…"}` in a snapshot. Sealed, the plain text up
//! to its checksum is encrypted whole, and the header that can be read without the key says no more than the version, the workout,
//! and what it takes to tell a wrong key from damage.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::domain::id::Id;
use crate::error::{RecoveryCode, Result, SteadfastError};

use super::cipher::{FileCipher, Part, RecoveryKey};
use super::model::{FORMAT_VERSION, Header, RecoverySummary, Snapshot, WorkoutState};
use super::{base64, line};

/// What the first line of every file starts with.
pub(super) const HEADER_KEY: &[u8] = b"{\"header\":";

#[derive(Serialize, Deserialize)]
struct Plain<'a> {
    header: std::borrow::Cow<'a, Header>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot: Option<State>,
}

#[derive(Clone, Serialize, Deserialize)]
struct State {
    saved_at_ms: i64,
    last_seq: u64,
    state: WorkoutState,
    summary: RecoverySummary,
}

#[derive(Serialize)]
struct Sealed {
    header: SealedHeader,
}

#[derive(Serialize)]
struct SealedHeader {
    format_version: u32,
    workout_id: Id,
    nonce: String,
    key_check: String,
    sealed: String,
}

/// All that is read before the version is known to be ours.
#[derive(Deserialize)]
struct AnyVersion {
    header: Version,
}

#[derive(Deserialize)]
struct Version {
    format_version: u32,
}

#[derive(Deserialize)]
struct AnyForm {
    header: AnyHeader,
}

#[derive(Deserialize)]
struct AnyHeader {
    workout_id: Id,
    nonce: Option<String>,
    key_check: Option<String>,
    sealed: Option<String>,
}

/// An opened header line or snapshot file.
pub(super) struct Opened {
    pub(super) header: Header,
    pub(super) snapshot: Option<Snapshot>,
    /// For the records of this file, if it is sealed.
    pub(super) cipher: Option<FileCipher>,
}

/// The header line of a journal file, with its line feed.
pub(super) fn header_line(header: &Header, cipher: Option<&FileCipher>) -> Vec<u8> {
    write(
        &Plain {
            header: std::borrow::Cow::Borrowed(header),
            snapshot: None,
        },
        cipher,
        Part::Header,
    )
}

/// The content of a snapshot file: one line.
pub(super) fn snapshot_file(snapshot: &Snapshot, cipher: Option<&FileCipher>) -> Vec<u8> {
    let state = State {
        saved_at_ms: snapshot.saved_at_ms,
        last_seq: snapshot.last_seq,
        state: snapshot.state,
        summary: snapshot.summary,
    };
    let plain = Plain {
        header: std::borrow::Cow::Borrowed(&snapshot.header),
        snapshot: Some(state),
    };
    write(&plain, cipher, Part::Snapshot)
}

fn write(plain: &Plain<'_>, cipher: Option<&FileCipher>, part: Part) -> Vec<u8> {
    let mut text = json(plain);
    if let Some(cipher) = cipher {
        cipher.seal(part, &mut text);
        let header = SealedHeader {
            format_version: plain.header.format_version,
            workout_id: plain.header.workout_id,
            nonce: base64::text(cipher.prefix()),
            key_check: base64::text(&cipher.key_check()),
            sealed: base64::text(&text),
        };
        text = json(&Sealed { header });
    }
    line::finish(&mut text, 0);
    text
}

/// The object without its closing brace, which follows the checksum.
fn json(value: &impl Serialize) -> Vec<u8> {
    let mut text = serde_json::to_vec(value).expect("invariant: the structures of this file have string keys only");
    text.pop();
    text
}

/// Reads a header line or a snapshot file. `Ok(None)` if it is damaged.
///
/// # Errors
/// `NewerVersion`, `KeyMissing`, `KeyWrong`: it is not damaged, but cannot be read by this build or with this key.
pub(super) fn read(line: &[u8], key: Option<&RecoveryKey>, path: &Path) -> Result<Option<Opened>> {
    let Some(body) = line::body(line) else { return Ok(None) };
    let text = [body, b"}"].concat();
    let Ok(AnyVersion {
        header: Version { format_version },
    }) = serde_json::from_slice(&text)
    else {
        return Ok(None);
    };
    if format_version > FORMAT_VERSION {
        let detail = format!("format {format_version}, this version reads up to {FORMAT_VERSION}");
        return Err(SteadfastError::recovery(RecoveryCode::NewerVersion, Some(path), detail));
    }
    let Ok(AnyForm { header }) = serde_json::from_slice(&text) else {
        return Ok(None);
    };
    let Some(sealed) = header.sealed else {
        return Ok(plain(&text, None));
    };

    let part = |text: Option<String>| text.and_then(|text| base64::array::<16>(&text));
    let (Some(prefix), Some(key_check)) = (part(header.nonce), part(header.key_check)) else {
        return Ok(None);
    };
    let key = key.ok_or_else(|| SteadfastError::recovery(RecoveryCode::KeyMissing, Some(path), ""))?;
    let cipher = FileCipher::new(key, prefix, header.workout_id);
    if cipher.key_check() != key_check {
        return Err(SteadfastError::recovery(RecoveryCode::KeyWrong, Some(path), ""));
    }
    let opened = |part| {
        let mut text = Vec::with_capacity(sealed.len());
        (base64::decode(sealed.as_bytes(), &mut text) && cipher.open(part, &mut text)).then_some(text)
    };
    let Some(mut text) = opened(Part::Header).or_else(|| opened(Part::Snapshot)) else {
        return Ok(None);
    };
    text.push(b'}');
    Ok(plain(&text, Some(cipher)))
}

fn plain(text: &[u8], cipher: Option<FileCipher>) -> Option<Opened> {
    let Plain { header, snapshot } = serde_json::from_slice(text).ok()?;
    let header = header.into_owned();
    let snapshot = snapshot.map(|state| Snapshot {
        header: header.clone(),
        saved_at_ms: state.saved_at_ms,
        last_seq: state.last_seq,
        state: state.state,
        summary: state.summary,
    });
    Some(Opened {
        header,
        snapshot,
        cipher,
    })
}
