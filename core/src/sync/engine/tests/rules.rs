//! What each event does, one rule a test.

use super::rig::{LATENCY_MS, Place, Rig, Says, id};
use crate::domain::sync_status::{PauseReason, SyncState};
use crate::outbox::account::Epoch;
use crate::sync::classify::Verdict;
use crate::sync::model::{Connectivity, MeteredPolicy, SyncEnd};
use crate::sync::step::{Arrival, Effect, Input, Limits};

const DOWN: Verdict = Verdict::Unavailable { retry_after_ms: None };
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

fn state(rig: &Rig) -> SyncState {
    rig.engine.view(rig.now).state
}

/// After one answer of each kind: what keeps the account, how often the app was asked for a token, whether anything waits for time.
#[test]
fn each_answer_to_a_whole_request_does_what_the_table_says() {
    let auth = |by_server| Verdict::Unauthorized { by_server };
    let after = |ms| Verdict::Unavailable {
        retry_after_ms: Some(ms),
    };
    let (none, authentication) = (None, Some(PauseReason::Authentication));
    // verdict, persisted pause, asked for a token, the shortest and the longest wait; without one only an event helps.
    let table = [
        (auth(true), authentication, 1, None),
        (auth(false), none, 1, Some((100, 1_000))),
        (Verdict::ClientTooOld, Some(PauseReason::ClientTooOld), 0, None),
        (Verdict::AccountDeleted, Some(PauseReason::AccountDeleted), 0, None),
        (DOWN, none, 0, Some((100, 1_000))),
        (after(30_000), none, 0, Some((30_000, 30_000))),
        (after(10 * HOUR_MS), none, 0, Some((HOUR_MS, HOUR_MS))),
    ];
    for (verdict, pause, asked, wait) in table {
        let mut rig = Rig::new(5);
        rig.answer_all_with(verdict.clone());
        rig.feed(Input::Start);
        rig.run(LATENCY_MS);
        assert_eq!(
            rig.count(Place::Waits),
            5,
            "{verdict:?} costs nothing, and nothing dies"
        );
        assert_eq!((rig.pause, rig.asked), (pause, asked), "{verdict:?}");
        assert_eq!(rig.attempts.len(), 1, "{verdict:?} stops the rest");
        match (wait, rig.wait_ms()) {
            (None, None) => {}
            (Some((least, most)), Some(wait)) => assert!((least..=most).contains(&wait), "{verdict:?}: {wait}"),
            (expected, actual) => panic!("{verdict:?}: {expected:?}, not {actual:?}"),
        }
        assert_eq!(
            state(&rig) == SyncState::Paused,
            asked > 0 || pause.is_some(),
            "{verdict:?}"
        );
    }
}

#[test]
fn a_queue_is_emptied_in_growing_batches_three_at_a_time() {
    let mut rig = Rig::ready(2_000);
    assert_eq!(rig.on_their_way(), 3);
    rig.run(MINUTE_MS);
    assert_eq!(rig.count(Place::Taken), 2_000);
    let sizes: Vec<usize> = rig.attempts.iter().map(|(_, items)| items.len()).collect();
    assert_eq!(sizes[..4], [10, 10, 10, 20]);
    assert!(sizes.contains(&100) && sizes.iter().all(|size| *size <= 100));
    assert_eq!((state(&rig), rig.wait_ms()), (SyncState::Idle, None));
}

#[test]
fn with_nothing_to_send_nobody_is_woken_and_nothing_stays_open() {
    let mut rig = Rig::ready(0);
    assert_eq!((rig.wait_ms(), rig.attempts.len(), rig.cleaned), (None, 0, 1));
    rig.write(1);
    rig.run(LATENCY_MS);
    assert_eq!(rig.effects.last(), Some(&Effect::Rest), "connections are closed");
    assert_eq!(rig.wait_ms(), None);
    let looks = rig.looks;
    rig.run(24 * HOUR_MS);
    assert_eq!((rig.looks, rig.attempts.len()), (looks, 1));
}

#[test]
fn an_event_that_waits_for_its_time_is_sent_at_its_time() {
    let mut rig = Rig::ready(0);
    rig.put(1);
    rig.queue.get_mut(&id(1)).expect("an item").not_before_ms = rig.now.wall_ms + 2_000;
    rig.feed(Input::Nudged);
    assert_eq!((rig.wait_ms(), state(&rig)), (Some(2_000), SyncState::Waiting));
    rig.run(2_000 + LATENCY_MS);
    assert_eq!(rig.place(1), Place::Taken);
}

#[test]
fn a_wait_that_is_over_before_anybody_sleeps_wakes_at_once() {
    let mut rig = Rig::new(1);
    rig.answer_all_with(DOWN);
    rig.feed(Input::Start);
    rig.run(LATENCY_MS);
    rig.pass(MINUTE_MS);
    assert!(rig.wait_ms().is_some_and(|wait| wait < 0));
    rig.serve(|_, _| Says::All);
    rig.run(LATENCY_MS);
    assert_eq!(rig.place(1), Place::Taken);
}

#[test]
fn a_clock_that_was_set_neither_holds_an_event_back_nor_hurries_the_breaker() {
    let mut rig = Rig::ready(0);
    rig.put(1);
    rig.queue.get_mut(&id(1)).expect("an item").not_before_ms = rig.now.wall_ms + 2_000;
    rig.now.wall_ms -= 365 * 24 * HOUR_MS;
    rig.feed(Input::Nudged);
    rig.run(LATENCY_MS);
    assert_eq!(rig.place(1), Place::Taken, "a deadline of another clock is due");
    rig.answer_all_with(DOWN);
    rig.write(2);
    rig.run(LATENCY_MS);
    let wait = rig.wait_ms().expect("a wait");
    rig.now.wall_ms += 2 * 365 * 24 * HOUR_MS;
    assert_eq!(rig.wait_ms(), Some(wait));
}

#[test]
fn nothing_is_claimed_before_the_server_s_time_was_heard() {
    let mut rig = Rig::new(3);
    rig.has_heard = false;
    rig.feed(Input::Start);
    assert_eq!(
        (rig.attempts.len(), rig.attempts[0].1.len()),
        (1, 0),
        "the empty page, and nothing beside it"
    );
    rig.run(10 * LATENCY_MS);
    assert_eq!(rig.count(Place::Taken), 3);
}

#[test]
fn offline_nothing_is_tried_and_back_online_everything_at_once() {
    let mut rig = Rig::new(5);
    rig.connect(Connectivity::Offline);
    rig.feed(Input::Start);
    for n in 6..20 {
        rig.write(n);
    }
    rig.run(24 * HOUR_MS);
    assert_eq!(
        (rig.attempts.len(), rig.wait_ms(), state(&rig)),
        (0, None, SyncState::Offline)
    );
    assert_eq!(
        rig.engine.view(rig.now).pending,
        19,
        "what waits is counted all the same"
    );
    rig.connect(Connectivity::Unmetered);
    assert_eq!(rig.attempts.len(), 2, "at once");
    rig.run(MINUTE_MS);
    assert_eq!(rig.count(Place::Taken), 19);
}

#[test]
fn while_nothing_can_be_sent_what_waits_is_counted_now_and_then() {
    let mut rig = Rig::new(0);
    rig.connect(Connectivity::Offline);
    rig.feed(Input::Start);
    let before = rig.looks;
    for n in 0..1_000 {
        rig.write(n);
        rig.run(10);
    }
    rig.run(500);
    assert!(rig.looks - before <= 22, "{} looks in ten seconds", rig.looks - before);
    assert_eq!((rig.engine.view(rig.now).pending, rig.wait_ms()), (1_000, None));
}

#[test]
fn what_was_on_its_way_when_the_connection_went_is_no_failure_of_the_server() {
    let mut rig = Rig::new(5);
    rig.answer_all_with(DOWN);
    rig.feed(Input::Start);
    rig.connect(Connectivity::Offline);
    rig.run(LATENCY_MS);
    rig.serve(|_, _| Says::All);
    rig.connect(Connectivity::Unmetered);
    assert_eq!(rig.on_their_way(), 1, "without a wait");
}

#[test]
fn after_an_outage_the_first_request_is_alone_and_a_new_connection_brings_it_forward() {
    let mut rig = Rig::new(200);
    rig.answer_all_with(DOWN);
    rig.feed(Input::Start);
    rig.run(HOUR_MS);
    rig.serve(|_, _| Says::All);
    rig.connect(Connectivity::Offline);
    rig.pass(MINUTE_MS);
    rig.connect(Connectivity::Metered);
    assert_eq!(rig.on_their_way(), 1);
    rig.run(LATENCY_MS);
    assert_eq!(rig.on_their_way(), 3);
}

#[test]
fn a_policy_decides_what_may_use_a_link_that_costs() {
    let mut rig = Rig::new(2);
    rig.queue.get_mut(&id(1)).expect("an item").background = true;
    rig.link(Connectivity::Metered, MeteredPolicy::Nothing);
    rig.feed(Input::Start);
    rig.run(HOUR_MS);
    assert_eq!((rig.attempts.len(), state(&rig)), (0, SyncState::Held));
    rig.link(Connectivity::Roaming, MeteredPolicy::UserActionsOnly);
    rig.run(HOUR_MS);
    assert_eq!((rig.place(1), rig.place(2)), (Place::Waits, Place::Taken));
    assert_eq!((state(&rig), rig.wait_ms()), (SyncState::Held, None));
    rig.link(Connectivity::Metered, MeteredPolicy::Everything);
    rig.run(LATENCY_MS);
    assert_eq!(rig.count(Place::Taken), 2);
}

#[test]
fn a_missing_token_is_asked_for_when_there_is_something_to_send_and_once() {
    let mut rig = Rig::new(0);
    rig.feed(Input::Account(Some(Arrival::default())));
    rig.feed(Input::Start);
    rig.run(HOUR_MS);
    assert_eq!((rig.asked, state(&rig)), (0, SyncState::Idle));
    for n in 1..10 {
        rig.write(n);
        rig.run(MINUTE_MS);
    }
    assert_eq!((rig.asked, rig.attempts.len()), (1, 0));
    assert_eq!((rig.wait_ms(), state(&rig)), (None, SyncState::Paused));
    rig.provide_token();
    rig.run(MINUTE_MS);
    assert_eq!(rig.count(Place::Taken), 9);
}

#[test]
fn a_fresh_token_that_is_refused_too_pauses_without_a_second_question() {
    let mut rig = Rig::new(3);
    rig.answer_all_with(Verdict::Unauthorized { by_server: true });
    rig.feed(Input::Start);
    rig.run(MINUTE_MS);
    rig.provide_token();
    rig.run(HOUR_MS);
    assert_eq!((rig.asked, rig.attempts.len()), (1, 2));
    assert_eq!(rig.engine.view(rig.now).paused, Some(PauseReason::Authentication));
    rig.serve(|_, _| Says::All);
    rig.provide_token();
    rig.run(MINUTE_MS);
    assert_eq!((rig.count(Place::Taken), rig.pause), (3, None));
}

#[test]
fn a_refusal_of_the_token_before_the_present_one_pauses_nothing() {
    let mut rig = Rig::new(3);
    rig.answer_all_with(Verdict::Unauthorized { by_server: true });
    rig.feed(Input::Start);
    rig.provide_token();
    rig.serve(|_, _| Says::All);
    rig.run(MINUTE_MS);
    assert_eq!((rig.asked, rig.count(Place::Taken), rig.pause), (0, 3, None));
}

#[test]
fn what_is_on_its_way_when_the_account_changes_is_given_back_and_its_answer_says_nothing() {
    let mut rig = Rig::new(3);
    rig.answer_all_with(Verdict::Unauthorized { by_server: true });
    rig.feed(Input::Start);
    rig.feed(Input::Account(None));
    assert_eq!((rig.on_their_way(), rig.count(Place::Waits)), (0, 3));
    assert_eq!(rig.effects.last(), Some(&Effect::Rest));
    rig.serve(|_, _| Says::All);
    rig.feed(Input::Account(Some(Arrival {
        has_token: true,
        ..Arrival::default()
    })));
    rig.run(MINUTE_MS);
    assert_eq!((rig.pause, rig.asked, rig.count(Place::Taken)), (None, 0, 3));
}

/// Out and in again so quickly that nobody saw it: a question under the old claim would be answered for nobody, again and again.
#[test]
fn after_an_answer_for_nobody_the_next_question_is_asked_under_a_new_claim() {
    let mut rig = Rig::new(1);
    rig.has_heard = false;
    rig.serve(|_, _| Says::ForNobody);
    rig.feed(Input::Start);
    assert_eq!((rig.claims, rig.attempts.len()), (1, 1));
    rig.serve(|_, _| Says::All);
    rig.run(LATENCY_MS);
    assert_eq!((rig.claims, rig.attempts.len()), (2, 2));
    rig.run(3 * LATENCY_MS);
    assert_eq!(rig.place(1), Place::Taken);
}

#[test]
fn nobody_signed_in_means_nothing_is_sent() {
    let mut rig = Rig::new(3);
    rig.feed(Input::Account(None));
    rig.feed(Input::Start);
    rig.run(HOUR_MS);
    assert_eq!(
        (rig.attempts.len(), state(&rig), rig.wait_ms()),
        (0, SyncState::SignedOut, None)
    );
}

#[test]
fn an_older_epoch_s_reply_is_dropped_and_a_newer_one_is_adopted() {
    for says in [
        || Says::Epoch(Epoch::Older),
        || Says::OtherEpoch(Epoch::Older),
        || Says::OtherEpoch(Epoch::Known),
    ] {
        let mut rig = Rig::new(3);
        rig.serve(move |_, _| says());
        rig.feed(Input::Start);
        rig.run(LATENCY_MS);
        assert_eq!(rig.count(Place::Waits), 3);
        assert!(
            rig.wait_ms().is_some_and(|wait| wait >= 100),
            "it is not asked again at once"
        );
    }
    for says in [|| Says::Epoch(Epoch::Adopted), || Says::OtherEpoch(Epoch::Adopted)] {
        let mut rig = Rig::new(3);
        let mut is_first = true;
        rig.serve(move |_, _| {
            if std::mem::take(&mut is_first) {
                says()
            } else {
                Says::All
            }
        });
        rig.feed(Input::Start);
        rig.run(3 * LATENCY_MS);
        assert_eq!(
            rig.count(Place::Taken),
            3,
            "and what it was asked to take is sent again"
        );
    }
}

#[test]
fn a_restored_server_s_snapshot_is_waited_for_without_asking_again() {
    let mut rig = Rig::new(3);
    rig.needs_snapshot = true;
    rig.feed(Input::Start);
    let looks = rig.looks;
    rig.run(HOUR_MS);
    assert_eq!(
        (rig.attempts.len(), rig.wait_ms(), state(&rig)),
        (0, None, SyncState::Waiting)
    );
    assert_eq!(rig.looks, looks);
    rig.needs_snapshot = false;
    rig.feed(Input::Nudged);
    rig.run(LATENCY_MS);
    assert_eq!(rig.count(Place::Taken), 3);
}

#[test]
fn stopping_suspending_and_ending_give_everything_back() {
    for leave in [Input::Stop, Input::Suspend] {
        let mut rig = Rig::ready(50);
        assert_eq!(rig.count(Place::Claimed), 30);
        rig.feed(leave);
        assert_eq!((rig.count(Place::Claimed), rig.on_their_way()), (0, 0));
        assert_eq!(rig.effects.last(), Some(&Effect::Rest));
        rig.write(51);
        rig.run(HOUR_MS);
        assert_eq!((rig.attempts.len(), rig.wait_ms()), (3, None));
        rig.feed(Input::Resume);
        rig.feed(Input::Start);
        rig.run(MINUTE_MS);
        assert_eq!(rig.count(Place::Taken), 51);
    }
}

#[test]
fn a_single_run_ends_when_nothing_is_left_or_at_its_deadline() {
    let run = |rig: &mut Rig, ms: i64| {
        let until_ms = rig.now.mono_ms + ms;
        rig.feed(Input::Once { until_ms });
        until_ms
    };
    let mut rig = Rig::new(25);
    let until = run(&mut rig, MINUTE_MS);
    assert_eq!(rig.engine.end_of_run(rig.now, until), None);
    rig.run(2 * LATENCY_MS);
    assert_eq!(rig.engine.end_of_run(rig.now, until), Some(SyncEnd::Done));

    let mut rig = Rig::new(25);
    rig.serve(|_, _| Says::Silence);
    let until = run(&mut rig, 1_000);
    rig.run(2_000);
    assert_eq!(rig.engine.end_of_run(rig.now, until), Some(SyncEnd::Deadline));
    assert_eq!((rig.count(Place::Waits), rig.on_their_way()), (25, 0));

    let mut rig = Rig::new(25);
    rig.answer_all_with(Verdict::Unavailable {
        retry_after_ms: Some(MINUTE_MS),
    });
    let until = run(&mut rig, 30_000);
    rig.run(LATENCY_MS);
    assert_eq!(rig.engine.end_of_run(rig.now, until), Some(SyncEnd::Waiting));

    let mut rig = Rig::new(25);
    rig.connect(Connectivity::Offline);
    let until = run(&mut rig, 30_000);
    assert_eq!(rig.engine.end_of_run(rig.now, until), Some(SyncEnd::Offline));

    let mut rig = Rig::new(25);
    rig.feed(Input::Account(Some(Arrival::default())));
    let until = run(&mut rig, 30_000);
    assert_eq!(
        rig.engine.end_of_run(rig.now, until),
        None,
        "the app may be fetching a token"
    );
    assert_eq!(rig.wait_ms(), Some(10_000));
    rig.run(10_000);
    assert_eq!(rig.engine.end_of_run(rig.now, until), Some(SyncEnd::Paused));

    let mut rig = Rig::new(0);
    rig.feed(Input::Account(None));
    let until = run(&mut rig, 30_000);
    assert_eq!(rig.engine.end_of_run(rig.now, until), Some(SyncEnd::SignedOut));
}

#[test]
fn a_storage_that_refuses_is_left_alone_for_a_while_and_nothing_stays_claimed() {
    let mut rig = Rig::ready(30);
    rig.refuses_storage = true;
    rig.run(MINUTE_MS);
    assert!(rig.wait_ms().is_some_and(|wait| wait > 0));
    rig.refuses_storage = false;
    rig.run(HOUR_MS);
    assert_eq!(rig.count(Place::Taken), 30);
}

#[test]
fn the_clean_up_rides_along_at_most_hourly() {
    let mut rig = Rig::ready(0);
    assert_eq!(rig.cleaned, 1);
    rig.run(24 * HOUR_MS);
    assert_eq!(rig.cleaned, 1, "it wakes nobody");
    for n in 0..120 {
        rig.write(n);
        rig.run(MINUTE_MS);
    }
    assert_eq!(rig.cleaned, 3);
}

#[test]
fn progress_counts_from_the_last_time_the_queue_was_empty() {
    let mut rig = Rig::ready(25);
    rig.run(LATENCY_MS);
    let view = rig.engine.view(rig.now);
    assert_eq!((view.taken, view.pending), (25, 0));
    rig.write(26);
    let view = rig.engine.view(rig.now);
    assert_eq!((view.taken, view.pending), (0, 1));
}

#[test]
fn each_of_two_single_runs_is_woken_for_at_its_own_deadline() {
    let mut rig = Rig::new(3);
    rig.serve(|_, _| Says::Silence);
    for in_ms in [60_000, 300] {
        let until_ms = rig.now.mono_ms + in_ms;
        rig.feed(Input::Once { until_ms });
    }
    assert_eq!(rig.wait_ms(), Some(300));
    rig.pass(300);
    rig.feed(Input::TimeReached);
    assert_eq!(
        (rig.wait_ms(), rig.on_their_way()),
        (Some(59_700), 1),
        "the other one goes on"
    );
}

#[test]
fn a_new_configuration_is_tried_at_once_but_for_what_a_server_asked_for() {
    let asks = Verdict::Unavailable {
        retry_after_ms: Some(HOUR_MS),
    };
    for (verdict, at_once) in [(DOWN, Place::Taken), (asks, Place::Waits)] {
        let mut rig = Rig::ready(0);
        rig.answer_all_with(verdict);
        rig.write(1);
        while rig.wait_ms().is_none_or(|wait| wait < 20 * MINUTE_MS) {
            rig.run(rig.wait_ms().unwrap_or(0) + LATENCY_MS);
        }
        rig.serve(|_, _| Says::All);
        // More than the first wait, which holds in any case.
        rig.run(5_000);
        rig.feed(Input::Configured(Limits {
            first_backoff_ms: 1_000,
            max_batch: 100,
        }));
        rig.run(LATENCY_MS);
        assert_eq!(rig.place(1), at_once);
        rig.run(HOUR_MS);
        assert_eq!(rig.place(1), Place::Taken);
    }
}

#[test]
fn a_storage_that_does_not_say_who_is_signed_in_is_asked_again() {
    let mut rig = Rig::ready(1);
    rig.feed(Input::Account(None));
    assert_eq!(rig.wait_ms(), None);
    rig.feed(Input::StorageFailed);
    assert!(rig.wait_ms().is_some_and(|wait| wait <= 1_000));
    rig.feed(Input::Account(Some(Arrival {
        has_token: true,
        ..Arrival::default()
    })));
    rig.run(LATENCY_MS);
    assert_eq!(rig.place(1), Place::Taken, "by then it said it, so it is used at once");
}
