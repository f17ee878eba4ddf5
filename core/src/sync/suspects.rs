//! Which items were in a request that the server refused as a whole (400, 413, 422), and what is known of them by now. Pure.
//!
//! A refused request is sent again in halves until the item that it was refused for is alone. Only then, only on our server's own word, and
//! only if the server took something else since (or it may be refusing everything), is the item blamed.

use std::collections::BTreeMap;

use crate::domain::id::Id;

#[derive(Clone, Debug)]
struct Suspect {
    /// How many items the server had taken when the first request with this one was refused.
    taken_before: u64,
    /// It goes in requests of at most so many items.
    width: usize,
    /// How often it got nowhere by its own fault.
    failures: u32,
}

/// The items under suspicion.
#[derive(Clone, Debug, Default)]
pub struct Suspects(BTreeMap<Id, Suspect>);

impl Suspects {
    /// How many items may go in a request with this one; `None` if as many as one likes.
    #[must_use]
    pub fn width(&self, id: Id) -> Option<usize> {
        self.0
            .get(&id)
            .map(|suspect| suspect.width)
            .filter(|width| *width < usize::MAX)
    }

    /// A request of these items was refused, when the server had taken `taken` items.
    pub fn refused(&mut self, ids: &[Id], taken: u64) {
        for id in ids {
            let suspect = self.suspect(*id, taken);
            suspect.width = suspect.width.min(ids.len().div_ceil(2));
        }
    }

    /// True if the server took something since the first request with this item was refused.
    #[must_use]
    pub fn is_proven(&self, id: Id, taken: u64) -> bool {
        self.0.get(&id).is_some_and(|suspect| taken > suspect.taken_before)
    }

    /// The item got nowhere by its own fault: alone in a refused request, or without a result. Returns how often that was.
    pub fn failed(&mut self, id: Id, taken: u64) -> u32 {
        let suspect = self.suspect(id, taken);
        suspect.failures += 1;
        suspect.failures
    }

    /// How often it got nowhere by its own fault.
    #[must_use]
    pub fn failures(&self, id: Id) -> u32 {
        self.0.get(&id).map_or(0, |suspect| suspect.failures)
    }

    /// These are settled.
    pub fn cleared(&mut self, ids: &[Id]) {
        for id in ids {
            self.0.remove(id);
        }
    }

    fn suspect(&mut self, id: Id, taken: u64) -> &mut Suspect {
        self.0.entry(id).or_insert(Suspect {
            taken_before: taken,
            width: usize::MAX,
            failures: 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_proven_by_what_the_server_took_since_it_was_first_refused() {
        let ids: Vec<Id> = (1..=4).map(Id::from_u128).collect();
        let mut suspects = Suspects::default();
        suspects.refused(&ids, 7);
        assert!(!suspects.is_proven(ids[0], 7));
        suspects.refused(&ids[..2], 8);
        assert!(suspects.is_proven(ids[0], 8), "the first refusal counts, not the last");
        assert!(!suspects.is_proven(Id::from_u128(99), 8), "nobody suspects it");
        assert_eq!((suspects.width(ids[0]), suspects.width(ids[2])), (Some(1), Some(2)));
        suspects.cleared(&ids[..1]);
        assert_eq!(suspects.width(ids[0]), None);
    }

    #[test]
    fn an_item_without_a_result_may_go_with_others_again() {
        let id = Id::from_u128(1);
        let mut suspects = Suspects::default();
        assert_eq!((suspects.failed(id, 0), suspects.failed(id, 0)), (1, 2));
        assert_eq!((suspects.width(id), suspects.failures(id)), (None, 2));
    }
}
