//! What can go wrong with a request.

use std::time::Duration;

use super::http::Response;

/// What goes wrong with one request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// It never arrives; the connection breaks.
    LoseRequest,
    /// It is carried out; the connection breaks before the reply.
    LoseReply,
    /// It is carried out; the reply takes its time.
    Late(Duration),
    /// It is carried out; the reply ends in the middle.
    CutOff,
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
    Error(u16, &'static str, Option<String>),
}

impl Fault {
    /// Our server answers with this status and code.
    #[must_use]
    pub fn error(status: u16, code: &'static str) -> Self {
        Self::Error(status, code, None)
    }

    /// A web page is answered with this status.
    #[must_use]
    pub fn page(status: u16) -> Self {
        Self::Answer(Response::page(status))
    }
}

/// What is wrong with every change of a row.
#[derive(Clone, Copy, Debug)]
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
