//! What is fresh, what may be resumed, which backups may go. Pure.

use crate::domain::id::Id;
use crate::domain::recording_state::RecordingState;
use crate::error::Result;

use super::model::{BACKUPS_KEPT, FRESH_FOR_MS, RESUMABLE_FOR_MS, RecoveryInfo};

/// True if less than an hour has passed since the last record. A record from the future, by a clock that was set back,
/// is fresh.
#[must_use]
pub fn is_fresh(last_record_ms: i64, now_ms: i64) -> bool {
    now_ms.saturating_sub(last_record_ms) < FRESH_FOR_MS
}

/// True if the workout started at most 7 days ago. A start in the future, by a clock that was set back, can be resumed.
#[must_use]
pub fn can_resume(started_ms: i64, now_ms: i64) -> bool {
    now_ms.saturating_sub(started_ms) <= RESUMABLE_FOR_MS
}

/// Which of the interrupted workouts, newest first, a restart without a screen takes up: the newest, if it is fresh and was not finished.
/// An older one behind a newer one was left on purpose.
#[must_use]
pub fn to_resume_unasked(newest_first: &[RecoveryInfo]) -> Option<Id> {
    let newest = newest_first.first()?;
    let goes_on = newest.problem.is_none() && newest.is_fresh && newest.can_resume;
    (goes_on && newest.state != RecordingState::Stopped).then_some(newest.id)
}

/// Which of the backups, newest first, may be deleted: those beyond the ten newest that the store holds as activities.
/// One that the store does not hold is the only copy and stays, however many there are.
///
/// # Errors
/// What `is_stored` says; nothing is decided then.
pub fn evictable(newest_first: &[Id], is_stored: &dyn Fn(Id) -> Result<bool>) -> Result<Vec<Id>> {
    let mut evictable = Vec::new();
    for &id in newest_first.iter().skip(BACKUPS_KEPT) {
        if is_stored(id)? {
            evictable.push(id);
        }
    }
    Ok(evictable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{SteadfastError, StorageCode};

    const NOW: i64 = 1_760_000_000_000;

    #[test]
    fn fresh_is_less_than_an_hour_since_the_last_record() {
        assert!(is_fresh(NOW, NOW));
        assert!(is_fresh(NOW - FRESH_FOR_MS + 1, NOW));
        assert!(!is_fresh(NOW - FRESH_FOR_MS, NOW));
    }

    #[test]
    fn resuming_ends_after_seven_days() {
        assert!(can_resume(NOW - RESUMABLE_FOR_MS, NOW));
        assert!(!can_resume(NOW - RESUMABLE_FOR_MS - 1, NOW));
    }

    #[test]
    fn a_clock_that_was_set_back_makes_nothing_stale() {
        assert!(is_fresh(NOW + 365 * 86_400_000, NOW));
        assert!(can_resume(NOW + 365 * 86_400_000, NOW));
        assert!(is_fresh(i64::MAX, i64::MIN));
        assert!(!can_resume(i64::MIN, i64::MAX));
    }

    #[test]
    fn only_what_the_store_holds_is_evicted_and_never_the_ten_newest() {
        let ids: Vec<Id> = (0..14).map(Id::from_u128).collect();
        assert_eq!(evictable(&ids, &|_| Ok(true)), Ok(ids[10..].to_vec()));
        assert_eq!(
            evictable(&ids, &|id| Ok(id == ids[12] || id == ids[3])),
            Ok(vec![ids[12]])
        );
        assert_eq!(evictable(&ids, &|_| Ok(false)), Ok(vec![]));
        assert_eq!(
            evictable(&ids[..10], &|_| panic!("the ten newest are not even asked for")),
            Ok(vec![])
        );
    }

    #[test]
    fn a_store_that_cannot_answer_evicts_nothing() {
        let ids: Vec<Id> = (0..11).map(Id::from_u128).collect();
        let busy = SteadfastError::storage(StorageCode::Busy, None, "");
        assert_eq!(evictable(&ids, &|_| Err(busy.clone())), Err(busy.clone()));
    }
}
