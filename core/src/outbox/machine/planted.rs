//! Bugs on purpose: does the property test see what it is there for? What each does is in `kernel` and `kernel_edits`.

use serde_json::Value;
use steadfast_protocol::entity::EntityKind;

use crate::error::SteadfastError;
use crate::outbox::rows::{Plain, Projection};

/// How the rows of the test are shown.
pub const PROJECTIONS: [&dyn Projection; 4] = [
    &Plain(EntityKind::WorkoutLog),
    &Plain(EntityKind::ExerciseSet),
    &Plain(EntityKind::HabitLog),
    &Plain(EntityKind::ProgramSession),
];

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planted {
    EditJoinsWhatWasSent,
    EditJoinsAGroup,
    EditJoinsADeletion,
    BackupLeavesEventsOpen,
    EditLosesItsBase,
    EditTakesTheNewestMomentForAll,
    EventIsForgotten,
    RowIsForgotten,
    ReplacementDropsWhatWaited,
    ResurrectionKeepsOldFields,
    ChildLeavesItsRootDeleted,
    NumbersStartAgain,
    HalfOfAGroupIsClaimed,
    FrozenMomentIsTakenAnew,
    OrderOfARootIsIgnored,
    DeadEventHoldsEverything,
    OtherAccountIsClaimed,
    ClaimIsNotCounted,
    DueFailureIsForgotten,
    StaleReplySettles,
    StaleReleaseReleases,
    ReleaseCostsAnAttempt,
    ReleaseKills,
    HalfOfAGroupSettles,
    RowIsNotShownAgain,
    PartialReplyCompletes,
    OlderStampWins,
    AttemptsHaveNoEnd,
    ConflictIsTakenForSuccess,
    OpeningKeepsOldClaims,
    DiscardLeavesTheRow,
    DiscardTakesWhatIsInFlight,
    CleanUpTakesDeadEvents,
    ErrorCommitsWhatWasWritten,
}

impl Planted {
    pub const ALL: [Self; 34] = [
        Self::EditJoinsWhatWasSent,
        Self::EditJoinsAGroup,
        Self::EditJoinsADeletion,
        Self::BackupLeavesEventsOpen,
        Self::EditLosesItsBase,
        Self::EditTakesTheNewestMomentForAll,
        Self::EventIsForgotten,
        Self::RowIsForgotten,
        Self::ReplacementDropsWhatWaited,
        Self::ResurrectionKeepsOldFields,
        Self::ChildLeavesItsRootDeleted,
        Self::NumbersStartAgain,
        Self::HalfOfAGroupIsClaimed,
        Self::FrozenMomentIsTakenAnew,
        Self::OrderOfARootIsIgnored,
        Self::DeadEventHoldsEverything,
        Self::OtherAccountIsClaimed,
        Self::ClaimIsNotCounted,
        Self::DueFailureIsForgotten,
        Self::StaleReplySettles,
        Self::StaleReleaseReleases,
        Self::ReleaseCostsAnAttempt,
        Self::ReleaseKills,
        Self::HalfOfAGroupSettles,
        Self::RowIsNotShownAgain,
        Self::PartialReplyCompletes,
        Self::OlderStampWins,
        Self::AttemptsHaveNoEnd,
        Self::ConflictIsTakenForSuccess,
        Self::OpeningKeepsOldClaims,
        Self::DiscardLeavesTheRow,
        Self::DiscardTakesWhatIsInFlight,
        Self::CleanUpTakesDeadEvents,
        Self::ErrorCommitsWhatWasWritten,
    ];
}

/// The error of a step that is made to fail.
pub fn injected() -> SteadfastError {
    SteadfastError::invalid("injected", Value::Null.to_string())
}
