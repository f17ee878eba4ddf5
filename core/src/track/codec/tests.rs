//! The promises of the packed track.

use proptest::prelude::*;

use super::*;

/// Values near a level, jumps, and both ends of the type.
fn value() -> impl Strategy<Value = Option<i32>> {
    prop_oneof![
        4 => (-300..300).prop_map(Some),
        2 => Just(None),
        1 => any::<i32>().prop_map(Some),
        1 => prop_oneof![Just(i32::MIN), Just(i32::MAX)].prop_map(Some),
    ]
}

/// Rows in which each column is measured always, never or now and then.
fn rows(count: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = Vec<Row>> {
    let row = (
        prop_oneof![Just(1_000_u64), 1..5_000_u64, any::<u64>()],
        any::<u8>(),
        prop::array::uniform11(value()),
    );
    let habits = prop::array::uniform11(0..3_u8);
    (
        prop_oneof![Just(1_750_000_000_000), any::<i64>()],
        prop::collection::vec(row, count),
        habits,
    )
        .prop_map(|(start, rows, habits)| {
            let mut time = Some(start);
            rows.into_iter()
                .map_while(|(step, flags, mut values)| {
                    let time_ms = time?;
                    time = time_ms.checked_add_unsigned(step.max(1));
                    for (value, habit) in values.iter_mut().zip(habits) {
                        match habit {
                            0 => *value = None,
                            1 => *value = Some(value.unwrap_or(7)),
                            _ => {}
                        }
                    }
                    let [
                        latitude,
                        longitude,
                        altitude,
                        speed,
                        horizontal,
                        vertical,
                        course,
                        heart_rate,
                        ..,
                    ] = values;
                    Some(Row {
                        time_ms,
                        flags,
                        latitude_e7: latitude,
                        longitude_e7: longitude,
                        altitude_cm: altitude,
                        speed_cmps: speed,
                        horizontal_accuracy_dm: horizontal,
                        vertical_accuracy_dm: vertical,
                        course_ddeg: course,
                        heart_rate_bpm: heart_rate,
                        cadence_rpm: values[8],
                        power_w: values[9],
                        distance_cm: values[10],
                    })
                })
                .collect()
        })
}

fn packer(rows: &[Row]) -> TrackPacker {
    let mut packer = TrackPacker::default();
    for row in rows {
        packer.push(row).expect("times increase");
    }
    packer
}

fn one_chunk(rows: &[Row]) -> Chunk {
    let chunks = packer(rows).finish().expect("packs");
    assert_eq!(chunks.len(), 1);
    chunks.into_iter().next().expect("one chunk")
}

fn unpacked(chunks: &[Chunk]) -> Vec<Row> {
    chunks
        .iter()
        .flat_map(|chunk| unpack(&chunk.bytes, chunk.checksum).expect("packed here"))
        .collect()
}

/// `count` rows of a straight run north-east, a second apart.
fn run(count: i32) -> Vec<Row> {
    (0..count)
        .map(|index| Row {
            time_ms: 1_750_000_000_000 + i64::from(index) * 1000,
            flags: if index == 0 { Row::SEGMENT_START } else { 0 },
            latitude_e7: Some(470_000_000 + index * 200),
            longitude_e7: Some(80_000_000 + index * 150 + index % 3),
            heart_rate_bpm: (index % 5 != 0).then_some(140 + index % 7),
            ..Row::default()
        })
        .collect()
}

proptest! {
    #[test]
    fn what_was_packed_comes_back(rows in rows(1..200)) {
        let chunks = packer(&rows).finish().expect("packs");
        prop_assert_eq!(unpacked(&chunks), rows);
    }

    #[test]
    fn any_range_of_times_gives_exactly_the_rows_in_it(rows in rows(1..60), from: usize, until: usize, off in -1..=1_i64) {
        let chunk = one_chunk(&rows);
        let from = rows[from % rows.len()].time_ms.saturating_add(off);
        let until = rows[until % rows.len()].time_ms;
        let mut columns = TrackColumnsBuilder::default();
        append_columns(&chunk.bytes, chunk.checksum, &mut columns, (Bound::Included(from), Bound::Excluded(until)))
            .expect("packed here");
        let mut expected = TrackColumnsBuilder::default();
        let inside: Vec<Row> = rows.into_iter().filter(|row| (from..until).contains(&row.time_ms)).collect();
        expected.extend(&inside);
        prop_assert_eq!(columns.finish(), expected.finish());
    }

    #[test]
    fn columns_hold_the_quanta_as_numbers_and_nan_for_unknown(rows in rows(1..60)) {
        let mut columns = TrackColumnsBuilder::default();
        columns.extend(&rows);
        let columns = columns.finish();
        let expect = |column: &crate::domain::column::DoubleColumn, field: fn(&Row) -> Option<i32>, per_unit: f64| {
            column.len() == rows.len() && column.iter().zip(&rows).all(|(number, row)| match field(row) {
                Some(quanta) => number.to_bits() == (f64::from(quanta) / per_unit).to_bits(),
                None => number.is_nan(),
            })
        };
        prop_assert!(columns.time_ms.iter().eq(rows.iter().map(|row| row.time_ms)));
        prop_assert!(columns.flags.iter().eq(rows.iter().map(|row| i64::from(row.flags))));
        prop_assert!(expect(&columns.latitude_deg, |row| row.latitude_e7, 1e7));
        prop_assert!(expect(&columns.longitude_deg, |row| row.longitude_e7, 1e7));
        prop_assert!(expect(&columns.altitude_m, |row| row.altitude_cm, 100.0));
        prop_assert!(expect(&columns.speed_mps, |row| row.speed_cmps, 100.0));
        prop_assert!(expect(&columns.horizontal_accuracy_m, |row| row.horizontal_accuracy_dm, 10.0));
        prop_assert!(expect(&columns.vertical_accuracy_m, |row| row.vertical_accuracy_dm, 10.0));
        prop_assert!(expect(&columns.course_deg, |row| row.course_ddeg, 10.0));
        prop_assert!(expect(&columns.heart_rate_bpm, |row| row.heart_rate_bpm, 1.0));
        prop_assert!(expect(&columns.cadence_rpm, |row| row.cadence_rpm, 1.0));
        prop_assert!(expect(&columns.power_w, |row| row.power_w, 1.0));
        prop_assert!(expect(&columns.distance_m, |row| row.distance_cm, 100.0));
    }

    #[test]
    fn a_changed_byte_is_found_wherever_it_is(rows in rows(1..100), at: usize, change in 1..=255_u8) {
        let mut chunk = one_chunk(&rows);
        let at = at % chunk.bytes.len();
        chunk.bytes[at] ^= change;
        prop_assert_eq!(code(unpack(&chunk.bytes, chunk.checksum)), "data_damaged");
    }

    #[test]
    fn bytes_nobody_packed_are_refused_or_read_but_never_a_panic(bytes: Vec<u8>) {
        let headed: Vec<u8> = [FORMAT_VERSION, 4, 1].into_iter().chain(bytes.iter().copied()).collect();
        for bytes in [bytes, headed] {
            if let Ok(rows) = unpack(&bytes, crc32fast::hash(&bytes)) {
                prop_assert!((1..=CHUNK_ROWS).contains(&rows.len()));
            }
        }
    }

    #[test]
    fn a_chunk_damaged_before_its_checksum_was_taken_never_panics(
        rows in rows(1..600), places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4), cut: prop::sample::Index
    ) {
        let mut bytes = one_chunk(&rows).bytes;
        for (at, byte) in places {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        for bytes in [&bytes[..], &bytes[..cut.index(bytes.len())]] {
            if let Ok(rows) = unpack(bytes, crc32fast::hash(bytes)) {
                prop_assert!((1..=CHUNK_ROWS).contains(&rows.len()));
            }
        }
    }
}

fn code<T>(result: Result<T>) -> String {
    result.err().map(|error| error.code_name()).unwrap_or_default()
}

#[test]
fn a_long_track_becomes_full_chunks_and_a_rest() {
    let rows = run(10_000);
    let packer = packer(&rows);
    assert_eq!((packer.len(), packer.last_time_ms()), (10_000, Some(1_750_009_999_000)));
    assert_eq!(packer.rows().expect("in memory"), rows);
    let chunks = packer.finish().expect("packs");
    assert_eq!(
        chunks.iter().map(|chunk| chunk.row_count).collect::<Vec<_>>(),
        [4096, 4096, 1808]
    );
    assert_eq!(chunks[1].first_time_ms, rows[4096].time_ms);
    assert_eq!(chunks[1].last_time_ms, rows[8191].time_ms);
    assert_eq!(unpacked(&chunks), rows);
}

#[test]
fn a_track_can_be_sealed_early_and_go_on() {
    let rows = run(300);
    let mut packer = packer(&rows[..100]);
    assert_eq!(packer.seal().expect("packs").len(), 1);
    assert_eq!(packer.seal().expect("nothing to pack").len(), 1);
    for row in &rows[100..] {
        packer.push(row).expect("times increase");
    }
    assert_eq!(unpacked(&packer.finish().expect("packs")), rows);
}

#[test]
fn a_row_that_is_not_later_is_refused_also_across_chunks() {
    let rows = run(4097);
    let mut packer = packer(&rows[..4096]);
    packer.seal().expect("packs");
    assert_eq!(code(packer.push(&rows[4095])), "invalid_argument");
    packer.push(&rows[4096]).expect("later");
    assert_eq!(code(packer.push(&rows[4096])), "invalid_argument");
    assert_eq!(packer.len(), 4097);
}

#[test]
fn a_builder_takes_a_chunk_of_rows_and_an_empty_one_gives_none() {
    let mut builder = ChunkBuilder::default();
    assert_eq!(builder.seal().expect("nothing to pack"), None);
    let rows = run(4097);
    for row in &rows[..4096] {
        builder.push(row).expect("room");
    }
    assert_eq!(code(builder.push(&rows[4096])), "invalid_argument");
    assert_eq!(unpacked(&[builder.seal().expect("packs").expect("rows")]), rows[..4096]);
    assert!(builder.is_empty());
}

#[test]
fn readings_on_their_own_rows_share_their_nulls_for_a_few_bytes() {
    let mut rows = run(4000);
    for (index, row) in (0..).zip(&mut rows) {
        row.longitude_e7 = Some(80_000_000 + index * 150);
        if index % 2 == 0 {
            row.heart_rate_bpm = None;
        } else {
            (row.latitude_e7, row.longitude_e7, row.heart_rate_bpm) = (None, None, Some(140));
        }
    }
    let chunk = one_chunk(&rows);
    assert_eq!(unpacked(std::slice::from_ref(&chunk)), rows);
    assert!(chunk.bytes.len() < 200, "{} bytes", chunk.bytes.len());
}

#[test]
fn the_bytes_of_version_1_stay_as_they_are() {
    let chunk = one_chunk(&run(40));
    let hex = format!("{:02x?}", chunk.bytes).replace(", ", "");
    insta::assert_snapshot!(hex, @"[0104012883002880f086c2ee65e80702000201002880869dc003c80102001a80d0a54c004600a0faff00050008a60140105c0202f2637863554633d7b7491700011101000010000814cccccccc099a02002500207aa103032ebd0891f02022222200]");
    insta::assert_snapshot!(format!("{:08x} {:?}", chunk.checksum, chunk.bounding_box), @"ad6f0155 Some(BoundingBox { south_e7: 470000000, west_e7: 80000000, north_e7: 470007800, east_e7: 80005850 })");
}

#[test]
fn a_newer_version_is_named_as_such() {
    let mut bytes = one_chunk(&run(3)).bytes;
    bytes[0] = FORMAT_VERSION + 1;
    let checksum = crc32fast::hash(&bytes);
    assert_eq!(code(unpack(&bytes, checksum)), "storage_newer_version");
    bytes[0] = 0;
    let checksum = crc32fast::hash(&bytes);
    assert_eq!(code(unpack(&bytes, checksum)), "data_damaged");
}

#[test]
fn a_count_beyond_a_chunk_is_refused_before_anything_is_allocated() {
    for count in [0_u64, 4097, u64::from(u32::MAX), u64::MAX] {
        let mut bytes = vec![FORMAT_VERSION, 4, 1];
        write_unsigned(&mut bytes, count);
        bytes.extend_from_slice(&[0; 40]);
        assert_eq!(code(unpack(&bytes, crc32fast::hash(&bytes))), "data_damaged");
    }
}

#[test]
fn positions_on_a_smeared_grid_cost_what_positions_on_the_grid_cost() {
    let track = |smear: fn(i32) -> i32| {
        let rows: Vec<Row> = (0..4000)
            .map(|index| {
                let wave = (f64::from(index) / 40.0).sin() * 3000.0;
                #[allow(clippy::cast_possible_truncation, reason = "within a few thousand")]
                let wave = wave as i32;
                Row {
                    time_ms: i64::from(index) * 1000,
                    latitude_e7: Some((40_000_000 + index * 10 + wave) * 10 + smear(index)),
                    longitude_e7: Some((-8_000_000 + index * 7 - wave) * 10 + smear(index + 5)),
                    ..Row::default()
                }
            })
            .collect();
        let chunk = one_chunk(&rows);
        assert_eq!(unpacked(std::slice::from_ref(&chunk)), rows);
        chunk.bytes.len()
    };
    let exact = track(|_| 0);
    let smeared = track(|index| -((index * index % 7) & 1));
    assert!(smeared < exact + 2 * 4000 / 7, "{smeared} against {exact} bytes");
}

#[cfg(feature = "fit")]
#[test]
fn real_recordings_stay_within_the_budget_of_bytes() {
    let Some(folder) = super::super::recordings::folder() else {
        println!("skipped: the recordings are not on this machine");
        return;
    };
    let (mut stored, mut ratios) = (Vec::new(), Vec::new());
    for recording in super::super::recordings::read_all(&folder) {
        let rows: Vec<Row> = recording
            .samples
            .iter()
            .map(
                |(time_ms, [latitude, longitude, altitude, speed, heart_rate, cadence])| Row {
                    time_ms: *time_ms,
                    latitude_e7: *latitude,
                    longitude_e7: *longitude,
                    altitude_cm: *altitude,
                    speed_cmps: *speed,
                    heart_rate_bpm: *heart_rate,
                    cadence_rpm: *cadence,
                    ..Row::default()
                },
            )
            .collect();
        let chunks = packer(&rows).finish().expect("packs");
        assert_eq!(unpacked(&chunks), rows, "{}", recording.name);
        let bytes: usize = chunks.iter().map(|chunk| chunk.bytes.len()).sum();
        let ratio = as_f64(bytes) / as_f64(super::super::recordings::whole_column_bytes(&recording.samples));
        assert!(ratio <= 1.05, "{}: {ratio}", recording.name);
        stored.push(as_f64(bytes) / as_f64(rows.len()));
        ratios.push(ratio);
    }
    assert_eq!(stored.len(), 14);
    stored.sort_by(f64::total_cmp);
    ratios.sort_by(f64::total_cmp);
    let (bytes, ratio) = (f64::midpoint(stored[6], stored[7]), f64::midpoint(ratios[6], ratios[7]));
    assert!(
        bytes <= 3.6 && ratio <= 1.0,
        "{bytes} bytes a sample, {ratio} of whole columns"
    );
}

#[cfg(feature = "fit")]
#[allow(clippy::cast_precision_loss, reason = "counts of bytes")]
fn as_f64(count: usize) -> f64 {
    count as f64
}
