//! What an answer means, whoever gave it. Pure.
//!
//! A proxy, a captive portal or a firewall answers as well, with the statuses that our server uses. What only our server can mean is
//! believed only with its own `ErrorReply`; everything else that is not understood is the link's fault and costs no event anything.

use serde::de::DeserializeOwned;
use steadfast_protocol::push::{ChangesPage, ErrorReply, PushReply};

use crate::domain::sync_status::SyncFailure;

use super::retry_after::retry_after_ms;

/// What came back over HTTP.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpAnswer {
    /// The status.
    pub status: u16,
    /// The header `Retry-After`.
    pub retry_after: Option<String>,
    /// The header `Date`.
    pub date: Option<String>,
    /// The body, unpacked.
    pub body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// No connection could be made, or it broke.
    Connection,
    /// It took too long.
    Timeout,
    /// It came, but hardly.
    TooSlow,
    /// The server's certificate is not trusted.
    Certificate,
    /// The body was cut off, packed wrongly or far too large.
    Malformed,
}

impl NoAnswer {
    /// The name in a status.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Timeout => "timeout",
            Self::TooSlow => "too_slow",
            Self::Certificate => "certificate",
            Self::Malformed => MALFORMED,
        }
    }
}

const MALFORMED: &str = "malformed_reply";

/// What an answer means to the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Our server did what was asked; the reply says the rest.
    Answer,
    /// 401 or 403: the token is not accepted.
    Unauthorized {
        /// True if our server says so.
        by_server: bool,
    },
    /// 400, 413 or 422: the request as a whole is refused.
    Refused {
        /// True if our server says so.
        by_server: bool,
    },
    /// Our server wants a newer app.
    ClientTooOld,
    /// Our server deleted the account.
    AccountDeleted,
    /// Our server is in another epoch than the request.
    OtherEpoch,
    /// Anything else: try again later, not before `retry_after_ms` from now if somebody said so.
    Unavailable {
        /// The floor of the wait.
        retry_after_ms: Option<i64>,
    },
}

/// What an answer said in our server's own words.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// The results of a push.
    Results(PushReply),
    /// A page of changes.
    Page(ChangesPage),
    /// An error for the whole request.
    Error(ErrorReply),
    /// Nothing that could be understood.
    Nothing,
}

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// To take operations.
    Push,
    /// For the time and the epoch.
    Time,
}

/// An answer, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// What it means.
    pub verdict: Verdict,
    /// What it said.
    pub said: Said,
    /// What went wrong, if something did.
    pub failure: Option<SyncFailure>,
}

/// Judges an answer. `now_ms` is this device's clock, UTC.
#[must_use]
pub fn judge(asked: Asked, answer: &HttpAnswer, now_ms: i64) -> Judged {
    if answer.status == 200 {
        return match asked {
            Asked::Push => understood::<PushReply>(&answer.body).map(Said::Results),
            Asked::Time => understood::<ChangesPage>(&answer.body).map(Said::Page),
        }
        .map_or_else(
            || failed(unavailable(answer, now_ms), Said::Nothing, MALFORMED, answer),
            |said| Judged {
                verdict: Verdict::Answer,
                said,
                failure: None,
            },
        );
    }
    let error = understood::<ErrorReply>(&answer.body);
    let code = error.as_ref().map(|error| error.error.code.clone());
    let by_server = error.is_some();
    let verdict = match (answer.status, code.as_deref()) {
        (401 | 403, _) => Verdict::Unauthorized { by_server },
        (409, Some("epoch")) => Verdict::OtherEpoch,
        (410, Some("account_deleted")) => Verdict::AccountDeleted,
        (426, Some(_)) | (400..=499, Some("client_too_old")) => Verdict::ClientTooOld,
        (400 | 413 | 422, _) => Verdict::Refused { by_server },
        _ => unavailable(answer, now_ms),
    };
    let said = error.map_or(Said::Nothing, Said::Error);
    failed(verdict, said, code.as_deref().unwrap_or("status"), answer)
}

/// Judges that nothing came back.
#[must_use]
pub fn judge_silence(why: NoAnswer) -> Judged {
    Judged {
        verdict: Verdict::Unavailable { retry_after_ms: None },
        said: Said::Nothing,
        failure: Some(SyncFailure {
            code: why.name().to_owned(),
            http_status: None,
        }),
    }
}

fn understood<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    serde_json::from_slice(body).ok()
}

fn unavailable(answer: &HttpAnswer, now_ms: i64) -> Verdict {
    let header = answer.retry_after.as_deref();
    Verdict::Unavailable {
        retry_after_ms: header.and_then(|header| retry_after_ms(header, answer.date.as_deref(), now_ms)),
    }
}

fn failed(verdict: Verdict, said: Said, code: &str, answer: &HttpAnswer) -> Judged {
    // A name is shown and logged; whoever answered must not choose what that is.
    let is_name = |code: &str| code.len() <= 40 && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    Judged {
        verdict,
        said,
        failure: Some(SyncFailure {
            code: if is_name(code) { code } else { "status" }.to_owned(),
            http_status: Some(answer.status),
        }),
    }
}

#[cfg(test)]
#[path = "classify_tests.rs"]
mod tests;
