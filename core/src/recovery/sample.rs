//! Records and headers for the tests of this room.

use proptest::prelude::*;

use crate::domain::id::Id;
use crate::domain::kind::ActivityKind;
use crate::domain::record::Record;
use crate::domain::sample::{Fix, LocationSource, Reading};
use crate::domain::split::SplitUnit;
use crate::domain::start_options::StartOptions;
use crate::domain::tally::RejectReason;
use crate::domain::time::Moment;

use super::cipher::{NonceSource, RecoveryKey};
use super::model::{FORMAT_VERSION, Header};

pub(super) const STARTED_MS: i64 = 1_769_843_700_000;

pub(super) fn workout_id() -> Id {
    Id::from_u128(0x019c_1a2b_3c4d_7e5f_8a9b_0c1d_2e3f_4a5b)
}

pub(super) fn header() -> Header {
    let options = StartOptions {
        utc_offset_s: Some(3600),
        split_unit: Some(SplitUnit::Kilometre),
        ..StartOptions::new(ActivityKind::Running)
    };
    Header {
        format_version: FORMAT_VERSION,
        workout_id: workout_id(),
        account_id: "local".to_owned(),
        options,
        started: Moment {
            wall_ms: STARTED_MS,
            elapsed_ms: Some(86_400_000),
        },
        boot_id: Some("6f1c".to_owned()),
    }
}

pub(super) fn key() -> RecoveryKey {
    RecoveryKey::new(&[7; 32]).expect("32 bytes")
}

/// Prefixes that differ, without chance.
pub(super) fn nonces() -> NonceSource {
    let mut next = 0_u8;
    Box::new(move || {
        next += 1;
        [next; 16]
    })
}

/// The fix of a phone, all fields known, `second` seconds into a run.
pub(super) fn fix(second: i32) -> Record {
    let ms = i64::from(second) * 1000;
    Record::Fix(Fix {
        time_ms: STARTED_MS + ms,
        elapsed_ms: Some(86_400_000 + ms),
        latitude_e7: 481_234_567 + second * 230,
        longitude_e7: 115_678_901 - second * 170,
        altitude_cm: Some(52_012 + second % 300),
        horizontal_accuracy_dm: Some(45),
        vertical_accuracy_dm: Some(80),
        speed_cmps: Some(312),
        course_ddeg: Some(2754),
        source: LocationSource::Satellite,
    })
}

/// The first `count` records of a workout: mostly fixes, and one of everything else.
pub(super) fn records(count: usize) -> Vec<Record> {
    (0..count)
        .map(|index| record(i32::try_from(index).expect("small")))
        .collect()
}

fn record(index: i32) -> Record {
    let moment = Moment {
        wall_ms: STARTED_MS + i64::from(index) * 1000,
        elapsed_ms: Some(i64::from(index) * 1000),
    };
    match index % 20 {
        3 | 13 => Record::Reading(Reading {
            time_ms: moment.wall_ms + 400,
            elapsed_ms: moment.elapsed_ms,
            heart_rate_bpm: Some(140 + index % 7),
            ..Reading::default()
        }),
        5 => Record::Pause(moment),
        6 => Record::Resume(moment),
        8 => Record::Rejected(RejectReason::NotFinite),
        9 => Record::Lap(moment),
        11 => Record::Interrupted {
            moment,
            boot_id: Some("a \"boot\"\n{\"seq\":1,".to_owned()),
        },
        19 => Record::Stop(moment),
        _ => fix(index),
    }
}

pub(super) fn any_record() -> impl Strategy<Value = Record> {
    let time = || (any::<i64>(), any::<Option<i64>>());
    let moment = || time().prop_map(|(wall_ms, elapsed_ms)| Moment { wall_ms, elapsed_ms });
    let value = any::<Option<i32>>;
    let source = prop_oneof![
        Just(LocationSource::Satellite),
        Just(LocationSource::Fused),
        Just(LocationSource::Network)
    ];
    let reason = proptest::sample::select(vec![
        RejectReason::NotFinite,
        RejectReason::OutOfRange,
        RejectReason::ZeroPosition,
    ]);
    let fix = (
        time(),
        any::<(i32, i32)>(),
        [value(), value(), value(), value(), value()],
        source,
    )
        .prop_map(
            |(
                (time_ms, elapsed_ms),
                (latitude_e7, longitude_e7),
                [alt, horizontal, vertical, speed, course],
                source,
            )| {
                Record::Fix(Fix {
                    time_ms,
                    elapsed_ms,
                    latitude_e7,
                    longitude_e7,
                    altitude_cm: alt,
                    horizontal_accuracy_dm: horizontal,
                    vertical_accuracy_dm: vertical,
                    speed_cmps: speed,
                    course_ddeg: course,
                    source,
                })
            },
        );
    let reading = (time(), [value(), value(), value(), value(), value(), value()]).prop_map(
        |((time_ms, elapsed_ms), [heart, cadence, power, distance, altitude, speed])| {
            Record::Reading(Reading {
                time_ms,
                elapsed_ms,
                heart_rate_bpm: heart,
                cadence_rpm: cadence,
                power_w: power,
                distance_cm: distance,
                altitude_cm: altitude,
                speed_cmps: speed,
            })
        },
    );
    prop_oneof![
        4 => fix,
        3 => reading,
        1 => reason.prop_map(Record::Rejected),
        1 => moment().prop_map(Record::Pause),
        1 => moment().prop_map(Record::Resume),
        1 => moment().prop_map(Record::Lap),
        1 => moment().prop_map(Record::Stop),
        1 => (moment(), any::<Option<String>>()).prop_map(|(moment, boot_id)| Record::Interrupted { moment, boot_id }),
    ]
}
