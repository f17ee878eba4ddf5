//! What the engine is told, and what it wants done. Pure data.

use crate::domain::id::Id;
use crate::domain::sync_status::{PauseReason, SyncFailure};
use crate::outbox::account::Epoch;

use super::batch::ClaimedItem;
use super::classify::Verdict;
use super::link::Link;

/// Names a request; rises.
pub type RequestId = u64;

/// The clocks, read together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// UTC, in milliseconds since 1970; jumps when somebody sets the clock.
    pub wall_ms: i64,
    /// The clock that counts sleep, in milliseconds.
    pub mono_ms: i64,
}

/// How the engine behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bounds the first wait after a failure.
    pub first_backoff_ms: i64,
    /// Items of a request at most.
    pub max_batch: usize,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// There is a server.
    Configured(Limits),
    /// Go on from now on.
    Start,
    /// Leave it from now on.
    Stop,
    /// Go on until this moment of the clock that counts sleep, also if not started. With several, each is woken for at its own.
    Once {
        /// The moment.
        until_ms: i64,
    },
    /// Nobody waits for that any more.
    OnceOver,
    /// The storage is about to be closed for a while.
    Suspend,
    /// The storage is open again.
    Resume,
    /// The connection, or what may be sent over it, is this now.
    Link(Link),
    /// Somebody signed in or out; `None` for the local account, which has no server.
    Account(Option<Arrival>),
    /// The app provided a token for the account.
    Token {
        /// When it expires, as far as the app knows; UTC milliseconds.
        expires_at_ms: Option<i64>,
    },
    /// The outbox changed.
    Nudged,
    /// The moment came that the engine wanted to be woken at.
    TimeReached,
    /// What a [`Effect::Look`] saw.
    Looked(Glance),
    /// What a [`Effect::Claim`] got.
    Claimed(Claimable),
    /// What came back for a request.
    Answered {
        /// Which.
        request: RequestId,
        /// What it means.
        verdict: Verdict,
        /// What went wrong, if something did.
        failure: Option<SyncFailure>,
    },
    /// What a [`Effect::Settle`] or [`Effect::Blame`] did.
    Settled {
        /// Of which request.
        request: RequestId,
        /// The figures.
        settlement: Settlement,
    },
    /// The storage refused what was asked last.
    StorageFailed,
}

/// The account that is signed in now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrival {
    /// What the store says keeps it from sending.
    pub pause: Option<PauseReason>,
    /// True if the app provided a token for it already.
    pub has_token: bool,
    /// When that expires, UTC milliseconds.
    pub expires_at_ms: Option<i64>,
}

/// A look at the account's queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Glance {
    /// What keeps the account from sending.
    pub pause: Option<PauseReason>,
    /// Events that the server has yet to hear of.
    pub pending: u64,
    /// Events that it refused.
    pub dead: u64,
    /// When the first of those that may use the link is due, UTC milliseconds; `None` if none is, or if nobody asked.
    pub due_ms: Option<i64>,
}

/// What could be claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimable {
    /// These, the most urgent first.
    Items(Vec<ClaimedItem>),
    /// The server's time was not heard in this boot.
    NeedsServerTime,
    /// A restored server's snapshot has to be read first.
    NeedsSnapshot,
    /// Nothing: the account is not to send.
    Paused(PauseReason),
}

/// What a reply made of a request's items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// What became of the reply's epoch; `None` if the account was signed in or out since the request, so that it counts for nothing.
    pub epoch: Option<Epoch>,
    /// Items that the server has.
    pub taken: u64,
    /// Items that it wants again later.
    pub failed: u64,
    /// Items that it refused for good.
    pub dead: u64,
    /// Events that the server has: of a group, each.
    pub events_taken: u64,
    /// Events that it refused for good.
    pub events_dead: u64,
    /// Items that are claimed still, since the reply says nothing, or too little, of them.
    pub left: Vec<Id>,
}

impl Settlement {
    /// Nothing was settled; these are claimed still.
    #[must_use]
    pub fn nothing(epoch: Option<Epoch>, left: Vec<Id>) -> Self {
        Self {
            epoch,
            taken: 0,
            failed: 0,
            dead: 0,
            events_taken: 0,
            events_dead: 0,
            left,
        }
    }
}

/// Something to be done, in the order in which it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Look at the queue; the answer is [`Input::Looked`].
    Look {
        /// Say also when the next event is due; background ones count only if `background`.
        due: bool,
        /// True if background events may use the link.
        background: bool,
    },
    /// Claim items; the answer is [`Input::Claimed`].
    Claim {
        /// At most.
        limit: usize,
        /// True if background events may use the link.
        background: bool,
    },
    /// Ask the server for its time: the empty page of changes. The answer is [`Input::Answered`].
    HearTime {
        /// Under this name.
        request: RequestId,
    },
    /// Send claimed items. The answer is [`Input::Answered`].
    Push {
        /// Under this name.
        request: RequestId,
        /// In this order.
        items: Vec<Id>,
    },
    /// Settle what the reply says; the answer is [`Input::Settled`].
    Settle {
        /// To which request.
        request: RequestId,
    },
    /// Settle the one item of a refused request as refused for good; the answer is [`Input::Settled`].
    Blame {
        /// Which request.
        request: RequestId,
    },
    /// Give claims back; not to be claimed again for a while.
    Release {
        /// Which.
        items: Vec<Id>,
        /// How long, in milliseconds.
        wait_ms: Option<i64>,
    },
    /// Forget about a request whose items are given back.
    Abort {
        /// Which.
        request: RequestId,
    },
    /// Keep in the store what keeps the account from sending.
    Pause(Option<PauseReason>),
    /// Ask the app for a token.
    AskForToken,
    /// Delete closed events that are older than the audit trail has to be.
    CleanUp,
    /// Nothing is sent for a while: close what is open.
    Rest,
}
