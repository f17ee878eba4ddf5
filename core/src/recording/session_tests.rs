//! The rules of a recording as a whole, told as short workouts.

use proptest::prelude::*;

use super::*;
use crate::domain::kind::ActivityKind;

const START_MS: i64 = 1_700_000_000_000;
const BOOT_MS: i64 = 5_000_000;

/// A moment `second` seconds into the workout, by both clocks.
fn at(second: i64) -> Moment {
    Moment {
        wall_ms: START_MS + second * 1000,
        elapsed_ms: Some(BOOT_MS + second * 1000),
    }
}

/// A fix `metres` north of the start.
fn fix(second: i64, metres: i64) -> Fix {
    Fix {
        time_ms: at(second).wall_ms,
        elapsed_ms: at(second).elapsed_ms,
        latitude_e7: 480_000_000 + i32::try_from(metres * 90).unwrap(),
        longitude_e7: 20_000_000,
        altitude_cm: Some(10_000),
        horizontal_accuracy_dm: Some(40),
        vertical_accuracy_dm: None,
        speed_cmps: Some(300),
        course_ddeg: Some(0),
        source: LocationSource::Satellite,
    }
}

fn start_with(options: StartOptions) -> Session {
    Session::new(Id::nil(), options, &at(0), Some("boot-1".into()))
}

fn start() -> Session {
    start_with(StartOptions::new(ActivityKind::Running))
}

fn run(session: &mut Session, seconds: std::ops::Range<i64>, offset_m: i64) {
    for second in seconds {
        session.apply(&Record::Fix(fix(second, second * 3 + offset_m)));
    }
}

fn rejected(session: &Session, reason: RejectReason) -> u64 {
    session.rejected().get(&reason).copied().unwrap_or(0)
}

#[test]
fn a_plain_run_counts_its_distance_and_time() {
    let mut session = start();
    run(&mut session, 0..1_001, 0);
    session.apply(&Record::Stop(at(1_000)));
    let live = session.live(None);
    assert!((live.distance_m - 3_000.0).abs() < 6.0, "{}", live.distance_m);
    assert!((live.timer_s - 1_000.0).abs() < 1e-9 && (live.moving_s - 1_000.0).abs() < 1e-9);
    assert_eq!(
        (live.sample_count, live.completed_splits, session.totals().segments()),
        (1_001, 3, 1)
    );
}

#[test]
fn the_live_view_shows_the_fix_that_is_still_held_back() {
    let mut session = start();
    run(&mut session, 0..11, 0);
    assert!((session.live(Some(&at(10))).distance_m - 30.0).abs() < 0.1);
    assert_eq!(session.live(Some(&at(10))).sample_count, 10);
}

#[test]
fn nothing_counts_across_a_pause() {
    let mut session = start();
    run(&mut session, 0..101, 0);
    session.apply(&Record::Pause(at(100)));
    run(&mut session, 101..200, 0);
    session.apply(&Record::Resume(at(400)));
    run(&mut session, 400..501, 0);
    session.apply(&Record::Stop(at(500)));
    let live = session.live(None);
    assert!((live.timer_s - 200.0).abs() < 1e-9 && (live.elapsed_s - 500.0).abs() < 1e-9);
    assert!((live.distance_m - 600.0).abs() < 2.0, "{}", live.distance_m);
    assert_eq!(
        (rejected(&session, RejectReason::Paused), session.totals().segments()),
        (99, 2)
    );
}

#[test]
fn the_silence_after_a_crash_is_a_gap() {
    let mut session = start();
    run(&mut session, 0..101, 0);
    session.apply(&Record::Interrupted {
        moment: at(700),
        boot_id: Some("boot-1".into()),
    });
    run(&mut session, 700..801, 0);
    session.apply(&Record::Stop(at(800)));
    let live = session.live(None);
    assert!((live.timer_s - 200.0).abs() < 1e-9, "{}", live.timer_s);
    assert!((live.distance_m - 600.0).abs() < 2.0);
    assert_eq!(session.totals().segments(), 2);
}

#[test]
fn a_paused_workout_stays_paused_after_a_crash() {
    let mut session = start();
    run(&mut session, 0..101, 0);
    session.apply(&Record::Pause(at(100)));
    session.apply(&Record::Interrupted {
        moment: at(700),
        boot_id: Some("boot-1".into()),
    });
    assert_eq!(session.state(), RecordingState::Paused);
    assert!((session.live(Some(&at(900))).timer_s - 100.0).abs() < 1e-9);
}

#[test]
fn after_a_reboot_the_two_clocks_are_never_compared() {
    let mut session = start();
    run(&mut session, 0..101, 0);
    // The sleep-counting clock starts again at zero.
    let rebooted = |second: i64| Moment {
        wall_ms: at(second).wall_ms,
        elapsed_ms: Some((second - 300) * 1000),
    };
    session.apply(&Record::Interrupted {
        moment: rebooted(310),
        boot_id: Some("boot-2".into()),
    });
    for second in 310..411 {
        let moment = rebooted(second);
        session.apply(&Record::Fix(Fix {
            elapsed_ms: moment.elapsed_ms,
            ..fix(second, second * 3)
        }));
    }
    session.apply(&Record::Stop(rebooted(410)));
    assert!((session.live(None).timer_s - 200.0).abs() < 1e-9);
    assert!(session.rejected().is_empty());
}

#[test]
fn a_wall_clock_that_jumps_a_year_in_mid_run_changes_nothing() {
    let mut expected = start();
    run(&mut expected, 0..201, 0);
    expected.apply(&Record::Stop(at(200)));
    for year_ms in [31_536_000_000_i64, -31_536_000_000] {
        let mut session = start();
        run(&mut session, 0..100, 0);
        for second in 100..201 {
            let jumped = Fix {
                time_ms: fix(second, 0).time_ms + year_ms,
                ..fix(second, second * 3)
            };
            session.apply(&Record::Fix(jumped));
        }
        session.apply(&Record::Stop(Moment {
            wall_ms: at(200).wall_ms + year_ms,
            ..at(200)
        }));
        assert_eq!(session.live(None), expected.live(None));
        assert_eq!(session.repairs()[&Repair::ClockRebased], 102);
    }
}

#[test]
fn a_phone_whose_clock_was_wrong_at_the_start_is_moved_to_satellite_time() {
    let hour_ms = 3_600_000;
    let wrong = Moment {
        wall_ms: at(0).wall_ms + hour_ms,
        elapsed_ms: at(0).elapsed_ms,
    };
    let mut session = Session::new(Id::nil(), StartOptions::new(ActivityKind::Running), &wrong, None);
    run(&mut session, 0..101, 0);
    session.apply(&Record::Stop(Moment {
        wall_ms: at(100).wall_ms + hour_ms,
        ..at(100)
    }));
    assert_eq!(session.started_at_ms(), START_MS);
    assert!((session.live(None).timer_s - 100.0).abs() < 1e-9);
    assert_eq!(session.totals().rows(), 101);
}

#[test]
fn a_cached_fix_from_before_the_start_is_rejected() {
    let mut session = start();
    session.apply(&Record::Fix(fix(-30, 0)));
    run(&mut session, 0..11, 0);
    assert_eq!(rejected(&session, RejectReason::BeforeStart), 1);
}

#[test]
fn a_receiver_whose_week_counter_rolled_over_is_mended() {
    let mut session = start();
    for second in 0..11 {
        let time_ms = fix(second, 0).time_ms - ROLLOVER_MS;
        session.apply(&Record::Fix(Fix {
            time_ms,
            elapsed_ms: None,
            ..fix(second, second * 3)
        }));
    }
    session.apply(&Record::Stop(at(10)));
    assert_eq!(
        (session.totals().rows(), session.repairs()[&Repair::WeekRollover]),
        (11, 11)
    );
}

#[test]
fn standing_pauses_by_itself_and_moving_resumes() {
    let mut session = start_with(StartOptions {
        auto_pause: true,
        ..StartOptions::new(ActivityKind::Running)
    });
    run(&mut session, 0..100, 0);
    for second in 100..400 {
        session.apply(&Record::Fix(Fix {
            speed_cmps: Some(0),
            ..fix(second, 300)
        }));
    }
    assert_eq!(session.state(), RecordingState::AutoPaused);
    run(&mut session, 400..501, -900);
    session.apply(&Record::Stop(at(500)));
    // Five seconds of standing are needed to notice it.
    assert!(
        (session.live(None).timer_s - 205.0).abs() < 1e-9,
        "{}",
        session.live(None).timer_s
    );
}

#[test]
fn an_indoor_ride_needs_no_coordinates() {
    let mut session = start_with(StartOptions::new(ActivityKind::IndoorCycling));
    for second in 0..601_i32 {
        session.apply(&Record::Reading(Reading {
            time_ms: at(second.into()).wall_ms,
            power_w: Some(200),
            distance_cm: Some(second * 900),
            ..Reading::default()
        }));
    }
    session.apply(&Record::Stop(at(600)));
    let live = session.live(None);
    assert!((live.distance_m - 5_400.0).abs() < 1e-6);
    assert_eq!((live.sample_count, session.totals().power_w()), (601, Some(200.0)));
}

#[test]
fn readings_of_a_dropped_fix_are_kept_for_the_next() {
    let mut session = start();
    run(&mut session, 0..10, 0);
    session.apply(&Record::Reading(Reading {
        time_ms: at(10).wall_ms,
        heart_rate_bpm: Some(150),
        ..Reading::default()
    }));
    session.apply(&Record::Fix(fix(10, 90_000)));
    run(&mut session, 11..20, 0);
    session.apply(&Record::Stop(at(20)));
    assert_eq!(rejected(&session, RejectReason::Teleport), 1);
    assert_eq!(session.totals().heart_rate_bpm().0, Some(150.0));
}

#[test]
fn a_workout_that_was_stopped_too_early_goes_on() {
    let mut session = start();
    run(&mut session, 0..101, 0);
    session.apply(&Record::Stop(at(100)));
    session.apply(&Record::Resume(at(160)));
    run(&mut session, 160..261, 0);
    session.apply(&Record::Stop(at(260)));
    assert!((session.live(None).timer_s - 200.0).abs() < 1e-9);
}

fn laps_of(session: &Session) -> Vec<(f64, f64)> {
    session
        .laps()
        .iter()
        .map(|lap| (lap.distance_m.round(), lap.duration_s))
        .collect()
}

#[test]
fn a_lap_ends_where_the_button_is_pressed() {
    let mut session = start();
    run(&mut session, 0..101, 0);
    assert_eq!(session.laps(), []);
    session.apply(&Record::Lap(at(100)));
    run(&mut session, 101..151, 0);
    assert_eq!(laps_of(&session), [(300.0, 100.0), (150.0, 50.0)]);
    let live = session.live(None);
    assert_eq!(
        (live.completed_laps, live.lap_distance_m.round(), live.lap_duration_s),
        (1, 150.0, 50.0)
    );
}

#[test]
fn fixes_that_come_after_the_press_they_were_taken_before_count_in_the_lap_before_it() {
    let mut session = start();
    run(&mut session, 0..91, 0);
    session.apply(&Record::Lap(at(100)));
    run(&mut session, 91..151, 0);
    assert_eq!(laps_of(&session), [(300.0, 100.0), (150.0, 50.0)]);
}

#[test]
fn a_press_in_a_pause_ends_the_lap_at_the_pause_and_a_second_one_changes_nothing() {
    let mut session = start();
    run(&mut session, 0..101, 0);
    session.apply(&Record::Pause(at(100)));
    assert!(session.may_lap(&at(150)));
    session.apply(&Record::Lap(at(150)));
    assert!(!session.may_lap(&at(180)));
    session.apply(&Record::Lap(at(180)));
    session.apply(&Record::Resume(at(200)));
    run(&mut session, 200..251, 0);
    assert_eq!(laps_of(&session), [(300.0, 100.0), (150.0, 50.0)]);
}

#[test]
fn a_press_after_the_stop_changes_nothing() {
    let mut session = start();
    run(&mut session, 0..101, 0);
    session.apply(&Record::Stop(at(100)));
    assert!(!session.may_lap(&at(120)));
    session.apply(&Record::Lap(at(120)));
    assert_eq!(session.laps(), []);
}

#[test]
fn the_silence_after_a_crash_is_in_no_lap() {
    let mut session = start();
    run(&mut session, 0..101, 0);
    session.apply(&Record::Lap(at(101)));
    session.apply(&Record::Interrupted {
        moment: at(400),
        boot_id: Some("boot-1".into()),
    });
    run(&mut session, 401..452, 0);
    assert_eq!(laps_of(&session), [(300.0, 101.0), (150.0, 51.0)]);
}

#[test]
fn auto_pause_never_takes_back_what_a_lap_showed() {
    let mut session = start_with(StartOptions {
        auto_pause: true,
        ..StartOptions::new(ActivityKind::Running)
    });
    run(&mut session, 0..101, 0);
    // Standing; the press comes before the fixes that say so.
    session.apply(&Record::Lap(at(130)));
    for second in 101..140 {
        session.apply(&Record::Fix(Fix {
            speed_cmps: Some(0),
            ..fix(second, 303)
        }));
    }
    assert_eq!(session.state(), RecordingState::AutoPaused);
    let laps = session.laps();
    assert_eq!((laps[0].duration_s, laps[1].duration_s), (130.0, 0.0));
    assert!(
        (session.live(None).timer_s - 130.0).abs() < 1e-9,
        "the laps add up to the timer"
    );
}

#[test]
fn a_start_that_the_satellites_correct_moves_its_laps_along() {
    let mut session = start();
    session.apply(&Record::Lap(at(5)));
    let year_ms = 365 * 86_400_000;
    for second in 6..40 {
        let fix = fix(second, second * 3);
        session.apply(&Record::Fix(Fix {
            time_ms: fix.time_ms + year_ms,
            ..fix
        }));
    }
    let laps = session.laps();
    let started: Vec<i64> = laps
        .iter()
        .map(|lap| crate::domain::time::to_ms(lap.started_at) - START_MS)
        .collect();
    assert_eq!(started, [year_ms, year_ms + 5_000]);
}

fn any_record() -> impl Strategy<Value = Record> {
    let moment = || {
        (0..2_000_i64, any::<bool>()).prop_map(|(s, both)| Moment {
            elapsed_ms: at(s).elapsed_ms.filter(|_| both),
            ..at(s)
        })
    };
    prop_oneof![
        20 => (0..2_000_i64, -5_000..5_000_i64, prop::option::of(-1..900_i32), prop::option::of(0..900_i32), any::<bool>()).prop_map(
            |(second, metres, radius, speed, both)| Record::Fix(Fix {
                horizontal_accuracy_dm: radius,
                speed_cmps: speed,
                elapsed_ms: at(second).elapsed_ms.filter(|_| both),
                ..fix(second, metres)
            })
        ),
        5 => (0..2_000_i64, any::<Option<u8>>(), any::<Option<i32>>(), prop::option::of(-1_200_000..9_000_000_i32)).prop_map(
            |(second, heart_rate, distance_cm, altitude_cm)| Record::Reading(Reading {
                time_ms: at(second).wall_ms,
                heart_rate_bpm: heart_rate.map(i32::from),
                distance_cm,
                altitude_cm,
                ..Reading::default()
            })
        ),
        1 => moment().prop_map(Record::Pause),
        1 => moment().prop_map(Record::Resume),
        3 => moment().prop_map(Record::Lap),
        1 => moment().prop_map(Record::Stop),
        1 => moment().prop_map(|moment| Record::Interrupted { moment, boot_id: Some("boot-1".into()) }),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_the_workout_stays_consistent(
        records in prop::collection::vec(any_record(), 1..200),
        auto_pause in any::<bool>(),
        indoor in any::<bool>(),
    ) {
        let kind = if indoor { ActivityKind::TreadmillRunning } else { ActivityKind::Running };
        let mut session = start_with(StartOptions { auto_pause, ..StartOptions::new(kind) });
        let mut before = session.live(None);
        for record in &records {
            session.apply(record);
            let live = session.live(None);
            prop_assert!(live.timer_s <= live.elapsed_s + 1e-9);
            prop_assert!(live.elapsed_s >= before.elapsed_s && live.sample_count >= before.sample_count);
            prop_assert!(live.acknowledged_samples >= live.rejected_samples);
            before = live;
        }
        session.apply(&Record::Stop(at(2_000)));
        let rows = session.track().rows().expect("what was packed can be unpacked");
        prop_assert!(rows.windows(2).all(|pair| pair[0].time_ms < pair[1].time_ms), "times rise strictly");
        prop_assert!(rows.first().is_none_or(Row::starts_segment));

        // The summary can be recomputed from the track to the last bit.
        let mut totals = session.totals().clone();
        totals.finish();
        let timer_ms = session.timer().reading_ms(session.newest_ms());
        let laps = totals.laps(Id::nil(), session.started_at_ms(), timer_ms);
        let presses: Vec<i64> = match &laps[..] {
            [_whole] => vec![session.newest_ms()],
            laps => laps.iter().skip(1).map(|lap| crate::domain::time::to_ms(lap.started_at)).collect(),
        };
        let unit = session.options().split_unit.unwrap_or_default();
        let again = Totals::of(rows, session.timer().intervals(), &presses, indoor, unit);
        prop_assert_eq!(again.distance_m().to_bits(), totals.distance_m().to_bits());
        prop_assert_eq!(again.gain_m().to_bits(), totals.gain_m().to_bits());
        prop_assert_eq!(again.moving_s().to_bits(), totals.moving_s().to_bits());
        prop_assert_eq!(again.splits(Id::nil(), timer_ms), totals.splits(Id::nil(), timer_ms));
        prop_assert_eq!(again.laps(Id::nil(), session.started_at_ms(), timer_ms), laps.clone());

        // Whatever was pressed when, laps add up to the workout, and none is shorter than a second but the last one.
        if !laps.is_empty() {
            let close = |laps: f64, whole: f64| (laps - whole).abs() <= 1e-6 * whole.max(1.0);
            #[allow(clippy::cast_precision_loss)]
            let seconds = timer_ms as f64 / 1000.0;
            prop_assert!(close(laps.iter().map(|lap| lap.distance_m).sum(), totals.distance_m()));
            prop_assert!(close(laps.iter().map(|lap| lap.duration_s).sum(), seconds));
            prop_assert!(close(laps.iter().map(|lap| lap.elevation_gain_m).sum(), totals.gain_m()));
            prop_assert!(laps.iter().all(|lap| lap.distance_m >= 0.0 && lap.elevation_gain_m >= 0.0));
            prop_assert!(laps.iter().rev().skip(1).all(|lap| lap.duration_s >= 1.0));
            prop_assert!(laps.windows(2).all(|pair| pair[0].started_at < pair[1].started_at));
        }
    }
}
