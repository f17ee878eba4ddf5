//! Whole requests that are refused, and results that are missing: who is blamed, who waits, and that nobody else does.

use std::collections::BTreeMap;

use super::rig::{LATENCY_MS, Place, Rig, Says, id};
use crate::sync::classify::Verdict;
use crate::sync::step::Input;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// A server that refuses every request with one of `poison` in it, and takes the others.
fn refuse(rig: &mut Rig, poison: &[u128], by_server: bool) {
    let poison: Vec<_> = poison.iter().map(|n| id(*n)).collect();
    rig.serve(move |items, _| {
        if items.iter().any(|item| poison.contains(item)) {
            Says::Verdict(Verdict::Refused { by_server })
        } else {
            Says::All
        }
    });
}

#[test]
fn one_poison_item_dies_alone_and_delays_nobody() {
    for poison in [1, 5, 10, 77, 100] {
        let mut rig = Rig::new(100);
        refuse(&mut rig, &[poison], true);
        rig.feed(Input::Start);
        rig.run(5_000);
        assert_eq!(
            (rig.count(Place::Taken), rig.place(poison)),
            (99, Place::Dead),
            "of {poison}"
        );
        assert!(rig.attempts.len() < 40, "of {poison}: {} requests", rig.attempts.len());
    }
}

#[test]
fn several_poison_items_die_and_the_rest_goes_through() {
    let mut rig = Rig::new(60);
    refuse(&mut rig, &[1, 2, 3, 4, 31, 60], true);
    rig.feed(Input::Start);
    rig.run(10 * MINUTE_MS);
    assert_eq!((rig.count(Place::Taken), rig.count(Place::Dead)), (54, 6));
}

#[test]
fn an_item_is_not_blamed_while_the_server_takes_nothing_else() {
    let mut rig = Rig::new(1);
    refuse(&mut rig, &[1], true);
    rig.feed(Input::Start);
    rig.run(24 * HOUR_MS);
    assert_eq!(rig.place(1), Place::Waits);
    assert!(rig.attempts.len() < 60, "{} requests in a day", rig.attempts.len());
    // The next thing that the person does goes through at once, and is the proof.
    rig.write(2);
    rig.run(2_000);
    assert_eq!(rig.place(2), Place::Taken);
    rig.run(2 * HOUR_MS);
    assert_eq!(rig.place(1), Place::Dead);
}

#[test]
fn a_stranger_s_refusal_kills_nothing_ever() {
    let mut rig = Rig::new(50);
    refuse(&mut rig, &[7], false);
    rig.feed(Input::Start);
    rig.run(24 * HOUR_MS);
    assert_eq!((rig.count(Place::Taken), rig.place(7)), (49, Place::Waits));
    let late = rig
        .attempts
        .iter()
        .filter(|(at, _)| *at > rig.now.mono_ms - 12 * HOUR_MS)
        .count();
    assert!(
        late <= 60,
        "it is tried less and less often: {late} times in twelve hours"
    );
    rig.write(51);
    rig.run(2_000);
    assert_eq!(rig.place(51), Place::Taken, "and delays nobody");
}

#[test]
fn a_server_that_refuses_whatever_comes_is_down_not_the_items_bad() {
    for by_server in [true, false] {
        let mut rig = Rig::new(100);
        rig.answer_all_with(Verdict::Refused { by_server });
        rig.feed(Input::Start);
        rig.run(24 * HOUR_MS);
        assert_eq!(rig.count(Place::Waits), 100, "nothing is blamed");
        let first_hour = rig
            .attempts
            .iter()
            .filter(|(at, _)| *at < rig.attempts[0].0 + HOUR_MS)
            .count();
        assert!(first_hour <= 150, "{first_hour} requests in the first hour");
        let last = rig
            .attempts
            .iter()
            .filter(|(at, _)| *at > rig.now.mono_ms - HOUR_MS)
            .count();
        assert!(last <= 20, "{last} requests in the last hour");
        rig.serve(|_, _| Says::All);
        rig.run(2 * HOUR_MS);
        assert_eq!(
            rig.count(Place::Taken),
            100,
            "and when it takes them again, it gets them all"
        );
    }
}

#[test]
fn what_ended_a_process_goes_alone() {
    let mut rig = Rig::new(9);
    rig.queue.get_mut(&id(3)).expect("an item").alone = true;
    rig.feed(Input::Start);
    rig.run(MINUTE_MS);
    let with_it: Vec<usize> = rig
        .attempts
        .iter()
        .filter(|(_, items)| items.contains(&id(3)))
        .map(|(_, items)| items.len())
        .collect();
    assert_eq!(with_it, [1]);
}

#[test]
fn an_item_without_a_result_waits_longer_each_time_and_the_others_do_not() {
    let mut rig = Rig::new(10);
    rig.serve(|items, _| {
        let taken = items
            .iter()
            .filter(|item| **item != id(4))
            .map(|item| (*item, Place::Taken));
        Says::Results(taken.collect::<BTreeMap<_, _>>())
    });
    rig.feed(Input::Start);
    rig.run(LATENCY_MS);
    assert_eq!((rig.count(Place::Taken), rig.place(4)), (9, Place::Waits));
    rig.run(12 * HOUR_MS);
    for n in 11..20 {
        rig.write(n);
        rig.run(2_000);
        assert_eq!(rig.place(n), Place::Taken, "a new one goes at once");
    }
    let tries = rig.attempts.iter().filter(|(_, items)| items.contains(&id(4))).count();
    assert!(tries < 50, "{tries}");
    rig.serve(|_, _| Says::All);
    rig.run(2 * HOUR_MS);
    assert_eq!(rig.place(4), Place::Taken);
}

#[test]
fn a_reply_without_any_result_is_none() {
    let mut rig = Rig::new(10);
    rig.serve(|_, _| Says::Results(BTreeMap::new()));
    rig.feed(Input::Start);
    rig.run(LATENCY_MS);
    assert_eq!(rig.count(Place::Waits), 10);
    assert!(rig.wait_ms().is_some_and(|wait| wait >= 100));
    assert!(
        rig.engine
            .view(rig.now)
            .last_failure
            .is_some_and(|failure| failure.code == "malformed_reply")
    );
}

#[test]
fn a_refused_empty_page_opens_the_breaker() {
    let mut rig = Rig::new(1);
    rig.has_heard = false;
    rig.answer_all_with(Verdict::Refused { by_server: true });
    rig.feed(Input::Start);
    rig.run(HOUR_MS);
    assert!(rig.attempts.len() < 30 && rig.place(1) == Place::Waits);
}
