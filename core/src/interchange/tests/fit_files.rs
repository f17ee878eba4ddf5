//! FIT files, whole and damaged.

use super::super::model::FileFormat;
use super::fit_bytes::*;
use super::*;
use crate::domain::kind::ActivityKind;
use crate::domain::reported::Reported;
use crate::domain::tally::Repair;

#[test]
fn a_run_is_read_in_either_byte_order() {
    for big_endian in [false, true] {
        let file = read(&run(100, big_endian)).expect("a readable file");
        holds_the_contract(&file);
        assert_eq!(file.format, FileFormat::Fit);
        let session = only(file);
        assert_eq!(session.kind, ActivityKind::Running);
        assert_eq!(session.device.as_deref(), Some("Garmin 3113"));
        assert_eq!(
            (session.started_at_ms, session.ended_at_ms),
            (START_MS, START_MS + 100_400)
        );
        assert_eq!(session.utc_offset_s, Some(7200));
        assert_eq!(turns(&session), [(20_000, false), (50_000, true), (100_000, false)]);
        assert_eq!(
            session.reported,
            Reported {
                distance_m: Some(110.0),
                elevation_gain_m: Some(3.0),
                elevation_loss_m: None,
                timer_s: Some(70.2),
                elapsed_s: Some(100.4),
                moving_s: None,
            }
        );
        assert!(session.repairs.is_empty());
        let last = *fixes(&session).last().expect("fixes");
        assert_eq!(
            (last.latitude_e7, last.longitude_e7, last.speed_cmps),
            (460_809_975, 145_006_925, Some(110))
        );
        let last = *readings(&session).last().expect("readings");
        assert_eq!(
            (last.altitude_cm, last.heart_rate_bpm, last.cadence_rpm),
            (Some(31_000), Some(120), Some(85))
        );
        assert_eq!(last.distance_cm, Some(11_000));
    }
}

#[test]
fn every_truncation_keeps_what_stands_before_it() {
    let whole = run(100, false);
    let mut fixes_before = 0;
    for length in 0..whole.len() {
        let Ok(file) = read(&whole[..length]) else { continue };
        holds_the_contract(&file);
        let session = only(file);
        let fixes = fixes(&session).len();
        assert!(fixes >= fixes_before, "{length}");
        fixes_before = fixes;
        assert_eq!(session.repairs.get(&Repair::Truncated), Some(&1), "{length}");
    }
    assert_eq!(fixes_before, 72);
}

#[test]
fn a_wrong_checksum_is_counted_and_forgiven() {
    let mut bytes = run(100, false);
    *bytes.last_mut().expect("bytes") ^= 0x55;
    let session = only(read(&bytes).expect("a readable file"));
    assert_eq!(session.repairs.get(&Repair::ChecksumWrong), Some(&1));
    assert_eq!(fixes(&session).len(), 72);
}

#[test]
fn a_lost_byte_costs_two_records() {
    let whole = run(100, false);
    // In the middle of the records after the pause.
    let at = whole.len() * 2 / 3;
    let mut bytes = whole.clone();
    bytes.remove(at);
    let session = only(read(&bytes).expect("a readable file"));
    assert!(fixes(&session).len() >= 70, "{}", fixes(&session).len());
    assert!(session.repairs.contains_key(&Repair::PartSkipped));
}

#[test]
fn garbage_between_records_is_skipped() {
    let mut fit = Fit::new(false);
    fit.define(2, 20, &record(0));
    for second in 0..30 {
        fit.data(2, &record(second));
    }
    fit.raw(&[0x3f; 50]);
    for second in 30..60 {
        fit.data(2, &record(second));
    }
    let session = only(read(&fit.finish()).expect("a readable file"));
    assert!(fixes(&session).len() >= 59);
    assert_eq!(session.repairs.get(&Repair::PartSkipped), Some(&1));
    assert_eq!(
        (session.started_at_ms, session.ended_at_ms),
        (START_MS, START_MS + 59_000)
    );
}

#[test]
fn a_size_of_zero_or_two_gigabytes_means_to_the_end() {
    for size in [0_u32, 0x7fff_ffff, u32::MAX] {
        let mut bytes = run(100, false);
        bytes[4..8].copy_from_slice(&size.to_le_bytes());
        let session = only(read(&bytes).expect("a readable file"));
        assert_eq!(fixes(&session).len(), 72);
        assert_eq!(session.repairs.get(&Repair::Truncated), Some(&1));
    }
}

#[test]
fn a_size_that_is_too_small_cuts_nothing_off() {
    let mut bytes = run(100, false);
    bytes[4..8].copy_from_slice(&700_u32.to_le_bytes());
    let session = only(read(&bytes).expect("a readable file"));
    assert_eq!(fixes(&session).len(), 72);
    assert_eq!(session.repairs.get(&Repair::ChecksumWrong), Some(&1));
}

#[test]
fn damage_before_the_first_record_costs_no_record() {
    let mut bytes = run(100, false);
    // The definition of the file's own identity becomes impossible.
    bytes[16] = 9;
    let session = only(read(&bytes).expect("a readable file"));
    assert_eq!(fixes(&session).len(), 72);
    assert!(session.repairs.contains_key(&Repair::PartSkipped));
}

#[test]
fn compressed_times_and_developer_fields_are_understood() {
    let mut fit = Fit::new(false);
    fit.message(0, 20, &record(0));
    // The same without a time, with a developer's field of two bytes.
    let timeless: Vec<Field> = record(1).into_iter().skip(1).collect();
    fit.raw(&[0x61, 0, 0, 20, 0, u8::try_from(timeless.len()).expect("few")]);
    for (number, base, value) in &timeless {
        fit.raw(&[*number, u8::try_from(value.len()).expect("short"), *base]);
    }
    fit.raw(&[1, 0, 2, 0]);
    for second in 1..80_u32 {
        let low = u8::try_from((START + second) & 0x1f).expect("five bits");
        fit.data(0x80 | 1 << 5 | low, &timeless).raw(&[9, 9]);
    }
    let session = only(read(&fit.finish()).expect("a readable file"));
    let times: Vec<i64> = fixes(&session).iter().map(|fix| fix.time_ms).collect();
    assert_eq!(
        times,
        (0..80).map(|second| START_MS + second * 1000).collect::<Vec<_>>()
    );
}

#[test]
fn a_chained_file_and_a_multisport_file_have_several_sessions() {
    let mut fit = Fit::new(false);
    fit.define(2, 20, &record(0));
    for second in 0..200 {
        fit.data(2, &record(second));
    }
    let session = |start: u32, end: u32, sport| {
        vec![
            time(end),
            u32_field(2, START + start),
            u32_field(7, (end - start) * 1000),
            enum_field(5, sport),
            enum_field(6, 0),
        ]
    };
    fit.define(3, 18, &session(0, 1, 0));
    for (start, end, sport) in [(0, 80, 5), (80, 100, 3), (100, 199, 2)] {
        fit.data(3, &session(start, end, sport));
    }
    let file = read(&fit.finish()).expect("a readable file");
    holds_the_contract(&file);
    let kinds: Vec<ActivityKind> = file.sessions.iter().map(|session| session.kind).collect();
    assert_eq!(
        kinds,
        [
            ActivityKind::OpenWaterSwimming,
            ActivityKind::Other,
            ActivityKind::Cycling
        ]
    );
    assert_eq!(
        file.sessions
            .iter()
            .map(|session| fixes(session).len())
            .collect::<Vec<_>>(),
        [80, 20, 100]
    );

    let mut chained = run(100, false);
    chained.extend(run(100, true));
    assert_eq!(fixes(&only(read(&chained).expect("a readable file"))).len(), 144);
}

#[test]
fn a_time_decades_away_is_left_out() {
    let mut fit = Fit::new(false);
    fit.define(2, 20, &record(0));
    for second in 0..40 {
        let mut fields = record(second);
        if second == 20 {
            fields[0] = time(2_000_000_000);
        }
        fit.data(2, &fields);
    }
    let session = only(read(&fit.finish()).expect("a readable file"));
    assert_eq!(session.ended_at_ms - session.started_at_ms, 39_000);
    assert_eq!(session.repairs.get(&Repair::TimeMissing), Some(&1));
}

#[test]
fn settings_may_carry_the_times_of_their_last_change() {
    let mut fit = Fit::new(false);
    fit.define(2, 20, &record(0));
    for second in 0..10 {
        fit.data(2, &record(second));
    }
    // A profile and two zones, changed years ago and never.
    fit.message(5, 6, &[u32_field(253, START - 90_000_000), u16_field(0, 7)]);
    fit.message(6, 9, &[u32_field(253, 0), u16_field(1, 123)])
        .data(6, &[u32_field(253, 0), u16_field(1, 150)]);
    for second in 10..20 {
        fit.data(2, &record(second));
    }
    let session = only(read(&fit.finish()).expect("a readable file"));
    assert_eq!(fixes(&session).len(), 20);
    assert!(session.repairs.is_empty());
}

#[test]
fn a_clock_that_is_set_while_recording_derails_nothing() {
    let mut fit = Fit::new(false);
    fit.define(2, 20, &record(0));
    for second in 0..3 {
        fit.data(2, &record(second));
    }
    // Three days later by the new clock.
    for second in 259_200..259_240 {
        let mut fields = record(second - 259_200);
        fields[0] = time(second);
        fit.data(2, &fields);
    }
    let session = only(read(&fit.finish()).expect("a readable file"));
    assert_eq!(fixes(&session).len(), 43);
    assert!(session.repairs.is_empty());
}

#[test]
fn heart_rates_that_a_strap_stored_are_taken_up_once_a_second() {
    let mut fit = Fit::new(false);
    let stroke = |second| vec![time(second), u32_field(5, second * 100)];
    fit.define(2, 20, &stroke(0));
    for second in 0..=10 {
        fit.data(2, &stroke(second));
    }
    fit.message(7, 132, &[time(2), u32_field(9, 4096), u8_field(6, 100)]);
    // Ticks 5120 and 6144, one and two seconds later; their low 12 bits are 1024 and 2048, packed into three bytes.
    fit.message(8, 132, &[(6, 2, vec![110, 120]), (10, 13, vec![0x00, 0x04, 0x80])]);
    let session = only(read(&fit.finish()).expect("a readable file"));
    let rates: Vec<(i64, i32)> = readings(&session)
        .iter()
        .filter_map(|r| Some((r.time_ms - START_MS, r.heart_rate_bpm?)))
        .collect();
    assert_eq!(rates, [(2000, 100), (3000, 110), (4000, 120)]);
}

#[test]
fn lengths_of_a_pool_are_its_distance_where_records_have_none() {
    let mut fit = Fit::new(false);
    let beat = |second| vec![time(second), u8_field(3, 130)];
    fit.define(2, 20, &beat(0));
    for second in 0..=90 {
        fit.data(2, &beat(second));
    }
    let length = |end, kind| vec![time(end), enum_field(12, kind)];
    fit.define(4, 101, &length(30, 1));
    fit.data(4, &length(30, 1))
        .data(4, &length(45, 0))
        .data(4, &length(80, 1));
    fit.message(
        3,
        18,
        &[
            time(95),
            u32_field(2, START),
            u32_field(7, 90_000),
            enum_field(5, 5),
            enum_field(6, 17),
            u16_field(44, 2500),
        ],
    );
    let session = only(read(&fit.finish()).expect("a readable file"));
    assert_eq!(session.kind, ActivityKind::PoolSwimming);
    let distances: Vec<(i64, i32)> = readings(&session)
        .iter()
        .filter_map(|r| Some((r.time_ms - START_MS, r.distance_cm?)))
        .collect();
    assert_eq!(distances, [(30_000, 2500), (80_000, 5000)]);
}

#[test]
fn a_file_without_a_recording_says_so() {
    let mut settings = Fit::new(false);
    settings.message(0, 0, &[enum_field(0, 2), u16_field(1, 1)]);
    assert_eq!(code(&settings.finish()), "no_activity");
    let mut course = Fit::new(false);
    course
        .message(0, 0, &[enum_field(0, 6), u16_field(1, 1)])
        .message(2, 20, &record(0));
    assert_eq!(code(&course.finish()), "no_times");
    assert_eq!(code(&run(100, false)[..20]), "malformed_file");
}
