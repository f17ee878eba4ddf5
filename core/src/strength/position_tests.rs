//! The rules of positions.

use proptest::prelude::*;

use super::*;

fn between(after: &str, before: &str) -> String {
    let end = |key: &'static str| (!key.is_empty()).then_some(key);
    // Leaked: the examples below are a handful.
    let leak = |key: &str| end(Box::leak(key.to_owned().into_boxed_str()));
    key_between(leak(after), leak(before))
}

#[test]
fn keys_are_those_of_the_published_algorithm() {
    // From the tests of the author's reference implementation (rocicorp/fractional-indexing, CC0).
    for (after, before, expected) in [
        ("", "", "a0"),
        ("", "a0", "Zz"),
        ("", "Zz", "Zy"),
        ("a0", "", "a1"),
        ("a1", "", "a2"),
        ("a0", "a1", "a0V"),
        ("a1", "a2", "a1V"),
        ("a0V", "a1", "a0l"),
        ("Zz", "a0", "ZzV"),
        ("Zz", "a1", "a0"),
        ("", "Y00", "Xzzz"),
        ("bzz", "", "c000"),
        ("a0", "a0V", "a0G"),
        ("a0", "a0G", "a08"),
        ("b125", "b129", "b127"),
        ("a0", "a1V", "a1"),
        ("Zz", "a01", "a0"),
        ("", "a0V", "a0"),
        ("", "b999", "b99"),
        ("", "A000000000000000000000000001", "A000000000000000000000000000V"),
        ("zzzzzzzzzzzzzzzzzzzzzzzzzzy", "", "zzzzzzzzzzzzzzzzzzzzzzzzzzz"),
        ("zzzzzzzzzzzzzzzzzzzzzzzzzzz", "", "zzzzzzzzzzzzzzzzzzzzzzzzzzzV"),
    ] {
        assert_eq!(between(after, before), expected, "{after}..{before}");
    }
}

#[test]
fn what_another_version_may_have_written_is_no_key() {
    for text in [
        "",
        "0",
        "a",
        "a00",
        "b1",
        "a0é",
        "a0-",
        LOWEST,
        &format!("a0{}", "1".repeat(99)),
    ] {
        assert!(!is_key(text), "{text}");
    }
    for text in ["a0", "a0V", "Zz", "b00", "b125"] {
        assert!(is_key(text), "{text}");
    }
}

#[test]
fn a_hundred_exercises_in_a_row_have_short_positions() {
    let keys = keys_between(None, None, 100);
    assert!(keys.iter().all(|key| key.len() <= 3), "{keys:?}");
}

fn id(n: usize) -> Id {
    Id::from_u128(n as u128 + 1)
}

/// How many of `order` may keep their place: a longest rising subsequence, found by trying all of them.
fn most_that_can_stay(order: &[usize]) -> usize {
    (0..1_u32 << order.len())
        .filter_map(|chosen| {
            let stay: Vec<usize> = (0..order.len())
                .filter(|at| chosen & (1 << at) != 0)
                .map(|at| order[at])
                .collect();
            stay.is_sorted().then_some(stay.len())
        })
        .max()
        .unwrap_or(0)
}

/// The positions after placing, with the ids.
fn applied<'i>(items: &'i [Option<(&'i str, Id)>], placed: &'i [Option<String>]) -> Vec<(String, Id)> {
    items
        .iter()
        .zip(placed)
        .enumerate()
        .map(|(at, (item, new))| {
            let position = new.as_deref().or(item.map(|(position, _)| position));
            (
                position.expect("a new item is placed").to_owned(),
                item.map_or(id(1000 + at), |(_, id)| id),
            )
        })
        .collect()
}

proptest! {
    #[test]
    fn there_are_always_keys_between(cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0..6_usize), 1..40)) {
        let mut keys = keys_between(None, None, 2);
        for (at, count) in cuts {
            let at = at.index(keys.len() + 1);
            let (after, before) = (at.checked_sub(1).map(|at| keys[at].clone()), keys.get(at).cloned());
            let new = keys_between(after.as_deref(), before.as_deref(), count);
            prop_assert_eq!(new.len(), count);
            keys.splice(at..at, new);
        }
        prop_assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", keys);
        prop_assert!(keys.iter().all(|key| is_key(key)), "{:?}", keys);
    }

    #[test]
    fn as_few_as_possible_move(order in Just((0..8_usize).collect::<Vec<_>>()).prop_shuffle(), count in 0..=8_usize) {
        let order: Vec<usize> = order.into_iter().take(count).collect();
        let keys = keys_between(None, None, 8);
        let items: Vec<_> = order.iter().map(|n| Some((keys[*n].as_str(), id(*n)))).collect();
        let placed = placed(&items);
        let moved = placed.iter().filter(|new| new.is_some()).count();
        prop_assert_eq!(moved, order.len() - most_that_can_stay(&order));
        prop_assert!(applied(&items, &placed).is_sorted());
    }

    #[test]
    fn whatever_the_positions_were_the_order_is_the_asked_one(
        items in proptest::collection::vec(proptest::option::of("(a[0-3][1-3]?|Z[yz]|bad|)"), 0..12)
    ) {
        let items: Vec<_> = items.iter().enumerate().map(|(n, item)| item.as_deref().map(|text| (text, id(n)))).collect();
        let placed = placed(&items);
        let after = applied(&items, &placed);
        let mut sorted = after.clone();
        sorted.sort();
        prop_assert_eq!(sorted, after);
    }

    #[test]
    fn what_stands_in_order_stays(mut items in proptest::collection::vec("(a[0-3][1-3]?|bad|)", 0..12)) {
        items.sort();
        let items: Vec<_> = items.iter().enumerate().map(|(n, text)| Some((text.as_str(), id(n)))).collect();
        prop_assert!(placed(&items).iter().all(Option::is_none));
    }
}
