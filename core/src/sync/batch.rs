//! How many items go into a request. Pure.

use crate::domain::id::Id;

use super::suspects::Suspects;

/// Items of the first request.
const FIRST: usize = 10;
/// What is claimed goes into requests of at most so many bytes of JSON each; proxies commonly refuse 1 MB.
pub const MAX_BYTES: usize = 512 << 10;
/// A request that took no longer shows a good link: the next ones are twice as large …
const FAST_MS: i64 = 2_000;
/// … and one that took longer a bad one: half as large.
const SLOW_MS: i64 = 10_000;

/// An item that was claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedItem {
    /// Which.
    pub id: Id,
    /// How many bytes of JSON it has.
    pub bytes: usize,
    /// True if it must go in a request of its own.
    pub alone: bool,
}

/// The size of the next request, which follows the link.
#[derive(Clone, Debug)]
pub struct BatchSize {
    limit: usize,
    max: usize,
}

impl BatchSize {
    /// Begins small; never more than `max` items.
    #[must_use]
    pub fn new(max: usize) -> Self {
        let max = max.max(1);
        Self {
            limit: FIRST.min(max),
            max,
        }
    }

    /// Items at most.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// A request of `items` was answered after `took_ms`.
    pub fn answered(&mut self, items: usize, took_ms: i64) {
        if took_ms > SLOW_MS {
            self.failed();
        } else if took_ms <= FAST_MS && items >= self.limit {
            self.limit = (self.limit * 2).min(self.max);
        }
    }

    /// A request got nowhere.
    pub fn failed(&mut self) {
        self.limit = (self.limit / 2).max(1);
    }
}

/// Divides claimed items into requests: in their order, each within its limits, what must be alone alone; those that were in a refused
/// request come last, in ever smaller company.
#[must_use]
pub fn divide(items: &[ClaimedItem], suspects: &Suspects) -> Vec<Vec<Id>> {
    let width_of = |item: &ClaimedItem| if item.alone { Some(1) } else { suspects.width(item.id) };
    let mut sorted: Vec<(&ClaimedItem, Option<usize>)> = items.iter().map(|item| (item, width_of(item))).collect();
    // Without a limit first, then the widest: what is likely to succeed shows that the server accepts anything at all.
    sorted.sort_by_key(|(_, width)| std::cmp::Reverse(width.unwrap_or(usize::MAX)));
    let mut requests: Vec<Vec<Id>> = Vec::new();
    let (mut room, mut bytes, mut of_width) = (0, 0, None);
    for (item, width) in sorted {
        if requests.is_empty() || room == 0 || of_width != Some(width) || bytes + item.bytes > MAX_BYTES {
            requests.push(Vec::new());
            (room, bytes, of_width) = (width.unwrap_or(usize::MAX), 0, Some(width));
        }
        if let Some(last) = requests.last_mut() {
            last.push(item.id);
        }
        room -= 1;
        bytes += item.bytes;
    }
    requests
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: u128) -> ClaimedItem {
        ClaimedItem {
            id: Id::from_u128(id),
            bytes: 100,
            alone: false,
        }
    }

    fn numbers(requests: &[Vec<Id>]) -> Vec<Vec<u128>> {
        let number = |ids: &Vec<Id>| ids.iter().map(Id::as_u128).collect();
        requests.iter().map(number).collect()
    }

    #[test]
    fn a_good_link_doubles_the_batch_and_a_failure_halves_it() {
        let mut size = BatchSize::new(100);
        let mut limits = vec![size.limit()];
        for _ in 0..5 {
            size.answered(size.limit(), 300);
            limits.push(size.limit());
        }
        assert_eq!(limits, [10, 20, 40, 80, 100, 100]);
        size.answered(3, 300);
        size.answered(100, 5_000);
        assert_eq!(size.limit(), 100, "a small one and a middling link say nothing");
        size.answered(100, 11_000);
        assert_eq!(size.limit(), 50);
        for _ in 0..20 {
            size.failed();
        }
        assert_eq!(size.limit(), 1);
        assert_eq!(BatchSize::new(0).limit(), 1);
    }

    #[test]
    fn what_ended_a_process_goes_alone_and_after_the_others() {
        let mut items: Vec<ClaimedItem> = (1..=4).map(item).collect();
        items[1].alone = true;
        items[2].alone = true;
        let requests = divide(&items, &Suspects::default());
        assert_eq!(numbers(&requests), [vec![1, 4], vec![2], vec![3]]);
    }

    #[test]
    fn a_request_is_bounded_in_bytes_and_a_huge_item_goes_alone() {
        let mut items: Vec<ClaimedItem> = (1..=4).map(item).collect();
        items[1].bytes = MAX_BYTES;
        items[2].bytes = MAX_BYTES - 100;
        let requests = divide(&items, &Suspects::default());
        assert_eq!(numbers(&requests), [vec![1], vec![2], vec![3, 4]]);
        assert_eq!(divide(&[], &Suspects::default()), Vec::<Vec<Id>>::new());
    }

    #[test]
    fn a_refused_batch_is_halved_again_and_again() {
        let items: Vec<ClaimedItem> = (1..=7).map(item).collect();
        let all: Vec<Id> = items.iter().map(|item| item.id).collect();
        let mut suspects = Suspects::default();
        suspects.refused(&all, 0);
        assert_eq!(numbers(&divide(&items, &suspects)), [vec![1, 2, 3, 4], vec![5, 6, 7]]);
        suspects.refused(&all[..4], 0);
        assert_eq!(
            numbers(&divide(&items, &suspects)),
            [vec![5, 6, 7], vec![1, 2], vec![3, 4]],
            "from 7 halves of 4"
        );
        suspects.cleared(&all[4..]);
        suspects.refused(&all[..2], 0);
        assert_eq!(
            numbers(&divide(&items, &suspects)),
            [vec![5, 6, 7], vec![3, 4], vec![1], vec![2]]
        );
    }
}
