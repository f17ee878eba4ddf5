//! What can go wrong with a request.

use std::time::Duration;

use serde::Deserialize;

use super::http::{Response, RetryAfter};

/// What goes wrong with one request, or with every one for a while.
#[derive(Clone, Debug)]
pub enum Fault {
    /// A new connection is closed before anything is read from it. Only for every one for a while.
    Refuse,
    /// Somebody else answers new connections, with a certificate of his own. With TLS only, and only for every one for a while.
    Impostor,
    /// It never arrives; the connection breaks.
    LoseRequest,
    /// It is carried out; the connection breaks before the reply.
    LoseReply,
    /// It arrives twice and is carried out twice; the second reply is the one that comes.
    Twice,
    /// It is carried out; the reply comes twice, one after the other.
    Echo,
    /// It is carried out; the reply takes its time.
    Late(Duration),
    /// It is carried out; the reply ends in the middle.
    CutOff,
    /// It is carried out; the reply is whole, but its JSON ends in the middle.
    HalfJson,
    /// It is carried out; the reply comes byte by byte.
    Trickle,
    /// It is carried out; the results of the second half are missing.
    OmitResults,
    /// It is carried out; the results say nothing of the rows.
    OmitRows,
    /// It is carried out; the reply names the epoch before.
    OlderEpoch,
    /// Somebody else answers this: a proxy, a captive portal.
    Answer(Response),
    /// Our server answers with this status and code, and a header `Retry-After`.
    Error(u16, String, Option<RetryAfter>),
}

impl Fault {
    /// Our server answers with this status and code.
    #[must_use]
    pub fn error(status: u16, code: &str) -> Self {
        Self::Error(status, code.to_owned(), None)
    }

    /// True if it says that the request itself is at fault.
    #[must_use]
    pub fn refuses_the_whole(&self) -> bool {
        let status = match self {
            Self::Answer(response) => response.status(),
            Self::Error(status, ..) => *status,
            _ => return false,
        };
        matches!(status, 400 | 413 | 422)
    }

    /// A web page is answered with this status.
    #[must_use]
    pub fn page(status: u16) -> Self {
        Self::Answer(Response::page(status))
    }
}

/// What is wrong with every change of a row.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Poison {
    /// Our server refuses the whole request with this status.
    Request(u16),
    /// A proxy refuses the whole request with this status.
    Proxy(u16),
    /// The item is rejected, the others are not.
    Rejected,
    /// The item is to be sent again later, the others are not.
    Retry,
    /// The item has no result, the others have one.
    Omitted,
}
