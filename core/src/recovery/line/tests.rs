use std::hint::black_box;

use proptest::prelude::*;

use super::*;
use crate::recovery::sample::{any_record, fix, key, nonces, records, workout_id};

fn line(seq: u64, record: &Record, cipher: Option<&FileCipher>) -> Vec<u8> {
    let mut line = Vec::new();
    write_record(&mut line, seq, record, cipher, &mut Vec::new());
    line
}

fn text(seq: u64, record: &Record) -> String {
    String::from_utf8(line(seq, record, None)).expect("JSON is UTF-8")
}

fn cipher() -> FileCipher {
    FileCipher::new(&key(), nonces()(), workout_id())
}

/// The line with its checksum made right, as another writer could have laid it out.
fn signed(body: &str) -> Vec<u8> {
    let mut line = body.as_bytes().to_vec();
    finish(&mut line, 0);
    line.pop();
    line
}

#[test]
fn the_shape_of_every_record() {
    let lines: String = records(20)
        .iter()
        .zip(1..)
        .map(|(record, seq)| text(seq, record))
        .collect();
    let shapes: Vec<&str> = lines
        .lines()
        .enumerate()
        .filter(|(at, _)| [0, 3, 5, 6, 8, 9, 11, 19].contains(at))
        .map(|(_, line)| line)
        .collect();
    insta::assert_snapshot!(shapes.join("\n"), @r#"
{"seq":1,"fix":[1769843700000,86400000,481234567,115678901,52012,45,80,312,2754,"satellite"],"crc":"5e26b9f3"}
{"seq":4,"reading":[1769843703400,3000,143,null,null,null,null,null],"crc":"cb32a6cf"}
{"seq":6,"pause":[1769843705000,5000],"crc":"6bf625e4"}
{"seq":7,"resume":[1769843706000,6000],"crc":"44b4b6e1"}
{"seq":9,"rejected":"not_finite","crc":"e4cad320"}
{"seq":10,"lap":[1769843709000,9000],"crc":"57b3ae6d"}
{"seq":12,"interrupted":[1769843711000,11000,"a \"boot\"\n{\"seq\":1,"],"crc":"3b00ad29"}
{"seq":20,"stop":[1769843719000,19000],"crc":"0351cc74"}
"#);
}

#[test]
fn the_shape_of_a_sealed_record() {
    insta::assert_snapshot!(String::from_utf8_lossy(&line(12_345, &fix(12_345), Some(&cipher()))), @r#"{"seq":12345,"sealed":"zTV3JpHjBTIHbTHRSq6igknzrdd2bd6LMuLuogUND3d0j3T50z/Y2JIyFBiYH+fVPrtk3juO4uSuwVIX5/KBqN7+zzPVTSt/xER6WPpATeV2cbE7lD8PyVML/flcKFc0GHJF","crc":"4da5c294"}"#);
}

/// The budget of 0.6 MB an hour at 1 Hz is 166 bytes a line; a phone's fix with every field known stays well below, ten
/// hours in and in the corner of the world with the longest coordinates.
#[test]
fn a_full_fix_takes_at_most_150_bytes() {
    let Record::Fix(usual) = fix(36_000) else {
        unreachable!("a fix")
    };
    let longest = Fix {
        elapsed_ms: Some(4_000_000_000),
        latitude_e7: -481_234_567,
        longitude_e7: -1_715_678_901,
        altitude_cm: Some(-42_000),
        horizontal_accuracy_dm: Some(500),
        vertical_accuracy_dm: Some(800),
        speed_cmps: Some(3120),
        ..usual
    };
    let bytes = [usual, longest].map(|fix| line(36_000, &Record::Fix(fix), None).len());
    insta::assert_snapshot!(format!("{bytes:?}"), @"[116, 124]");
    assert!(bytes.iter().all(|&bytes| bytes <= 150));
}

#[test]
fn any_json_parser_reads_a_line() {
    for (seq, record) in (1..).zip(records(40)) {
        let line = text(seq, &record);
        assert_eq!(line.find('\n'), Some(line.len() - 1), "one line feed, at the end");
        let value: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(value["seq"], seq);
    }
}

#[test]
fn another_layout_of_the_same_line_is_read_as_well() {
    let expected = Some(Line::Record(
        7,
        Record::Pause(Moment {
            wall_ms: 5,
            elapsed_ms: None,
        }),
    ));
    for body in [
        r#"{"seq":7,"pause":[5,null]"#,
        r#"{"seq": 7, "pause": [5, null] "#,
        r#"{"pause":[5,null],"seq":7"#,
        r#"{"seq":7,"note":"a later field","pause":[5,null],"stop":null"#,
    ] {
        assert_eq!(read(&signed(body), None), expected, "{body}");
    }
}

#[test]
fn what_says_nothing_known_is_no_record() {
    for body in [
        "",
        "{",
        r#"{"seq":7"#,
        r#"{"pause":[5,null]"#,
        r#"{"seq":7,"lap":[5]"#,
        r#"{"seq":7,"turn":[5,null]"#,
        r#"{"seq":7,"pause":[5]"#,
        r#"{"seq":7,"pause":[5,null,6]"#,
        r#"{"seq":7,"fix":[1,2,3,4,5,6,7,8,9,"satellites"]"#,
        r#"{"seq":7,"fix":[1,2,3,2147483648,5,6,7,8,9,"satellite"]"#,
        r#"{"seq":-7,"pause":[5,null]"#,
        r#"{"seq":7,"seq":8,"pause":[5,null]"#,
        r#"{"seq":7,"sealed":"AAAA"#,
    ] {
        assert_eq!(read(&signed(body), None), None, "{body}");
        assert_eq!(read(&signed(body), Some(&cipher())), None, "{body}");
    }
}

#[test]
fn numbers_that_json_would_not_write_are_not_canonical() {
    let canonical = |number: &str| {
        let body = format!(r#"{{"seq":7,"reading":[{number},null,null,null,null,null,null,null]"#);
        let line = [signed(&body), b"\n".to_vec()].concat();
        parse_canonical(&line)
    };
    assert!(canonical("0").is_some());
    assert!(canonical("-1").is_some());
    assert!(canonical("999999999999999999").is_some());
    for number in [
        "",
        "-",
        "00",
        "01",
        "-0",
        "+1",
        "1.0",
        "1e3",
        " 1",
        "null",
        "1000000000000000000",
        "99999999999999999999",
    ] {
        assert!(canonical(number).is_none(), "{number}");
    }
}

#[test]
fn a_sealed_line_opens_only_with_its_key_and_number() {
    let sealed = line(7, &fix(7), Some(&cipher()));
    let sealed = &sealed[..sealed.len() - 1];
    assert_eq!(read(sealed, Some(&cipher())), Some(Line::Record(7, fix(7))));
    assert_eq!(read(sealed, None), None);

    let renumbered = String::from_utf8_lossy(sealed).replace("{\"seq\":7,", "{\"seq\":8,");
    let renumbered = signed(&renumbered[..renumbered.len() - CRC_BYTES]);
    assert!(body(&renumbered).is_some());
    assert_eq!(read(&renumbered, Some(&cipher())), None);
}

#[test]
fn two_lines_that_a_damaged_line_feed_joined_are_both_salvaged() {
    let (first, second) = (line(1, &fix(1), None), line(2, &records(12)[11], None));
    let mut joined = [first.clone(), second.clone()].concat();
    joined[first.len() - 1] = b'*';
    joined.pop();
    let salvaged: Vec<&[u8]> = salvage(&joined).collect();
    assert_eq!(salvaged, [&first[..first.len() - 1], &second[..second.len() - 1]]);
}

#[test]
fn a_boot_id_too_long_for_a_line_is_written_as_unknown() {
    let moment = Moment {
        wall_ms: 1,
        elapsed_ms: None,
    };
    let interrupted = |boot_id| Record::Interrupted {
        moment: moment.clone(),
        boot_id,
    };
    let long = interrupted(Some("b".repeat(MAX_BOOT_ID_BYTES + 1)));
    assert_eq!(line(1, &long, None), line(1, &interrupted(None), None));
}

proptest! {
    #[test]
    fn what_is_written_is_read(seq in 1_u64.., record in any_record(), sealed: bool) {
        let cipher = sealed.then(cipher);
        let line = line(seq, &record, cipher.as_ref());
        prop_assert_eq!(line.iter().position(|&byte| byte == b'\n'), Some(line.len() - 1));
        prop_assert_eq!(read(&line[..line.len() - 1], cipher.as_ref()), Some(Line::Record(seq, record)));
    }

    #[test]
    fn the_canonical_parser_and_serde_agree(seq in 1_u64.., record in any_record()) {
        let line = line(seq, &record, None);
        if let Some((canonical_seq, canonical, length)) = parse_canonical(&line) {
            prop_assert_eq!(length, line.len());
            prop_assert_eq!(Some(Line::Record(canonical_seq, canonical)), read(&line[..line.len() - 1], None));
        } else {
            // Only numbers of 19 digits, which no clock shows, and the rare records take the longer way.
            let is_rare = !matches!(record, Record::Fix(_) | Record::Reading(_));
            let long = |number: u64| number >= 1_000_000_000_000_000_000;
            let (time_ms, elapsed_ms) = match record {
                Record::Fix(fix) => (fix.time_ms, fix.elapsed_ms),
                Record::Reading(reading) => (reading.time_ms, reading.elapsed_ms),
                _ => (0, None),
            };
            prop_assert!(is_rare || long(seq) || long(time_ms.unsigned_abs()) || elapsed_ms.is_some_and(|ms| long(ms.unsigned_abs())));
        }
    }

    /// Bytes changed anywhere, with the checksum made right again: whatever one parser takes, the other takes for the
    /// same.
    #[test]
    fn the_parsers_agree_on_lines_nobody_wrote(
        record in any_record(),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), proptest::sample::select(b"-0123456789,[]\"nule{}: .".to_vec())), 1..4),
    ) {
        let line = line(7, &record, None);
        let mut changed = line[..line.len() - CRC_BYTES - 1].to_vec();
        for (at, byte) in changes {
            let at = at.index(changed.len());
            changed[at] = byte;
        }
        finish(&mut changed, 0);
        if let Some((seq, record, length)) = parse_canonical(&changed) {
            prop_assert_eq!(length, changed.len());
            prop_assert_eq!(read(&changed[..length - 1], None), Some(Line::Record(seq, record)));
        }
    }

    #[test]
    fn arbitrary_bytes_are_never_a_record_and_never_a_panic(bytes: Vec<u8>) {
        prop_assert_eq!(parse_canonical(&bytes), None);
        prop_assert_eq!(read(&bytes, None), None);
        prop_assert_eq!(read(&bytes, Some(&cipher())), None);
        prop_assert_eq!(salvage(&bytes).count(), 0);
    }
}

/// A line as somebody without the canonical parser would read it, the checksum not even compared.
#[derive(Deserialize)]
struct Peer<'a> {
    seq: u64,
    fix: Option<FixColumns>,
    reading: Option<ReadingColumns>,
    crc: &'a str,
}

/// Prints the cost of a line for this room and for `serde_json`: `cargo test --release -p steadfast-core line_cost --
/// --ignored --nocapture`.
#[test]
#[ignore = "prints figures, worth something in a release build only"]
#[allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn line_cost() {
    const LINES: usize = 100_000;
    let mut journal = Vec::new();
    let started = std::time::Instant::now();
    for seq in 1..=LINES {
        write_record(
            &mut journal,
            seq as u64,
            &fix(i32::try_from(seq).expect("small")),
            None,
            &mut Vec::new(),
        );
    }
    let per_line = |nanoseconds: u128| nanoseconds / LINES as u128;
    println!(
        "write      {} ns a line, {} bytes",
        per_line(started.elapsed().as_nanos()),
        journal.len() / LINES
    );

    let best = |name: &str, read: &dyn Fn() -> usize| {
        let mut times = Vec::new();
        for _ in 0..15 {
            let started = std::time::Instant::now();
            assert_eq!(black_box(read()), LINES);
            times.push(started.elapsed().as_nanos());
        }
        println!(
            "{name} {} ns a line",
            per_line(times.into_iter().min().expect("15 runs"))
        );
    };
    best("canonical ", &|| {
        let (mut at, mut count) = (0, 0);
        while let Some((seq, record, length)) = parse_canonical(&journal[at..]) {
            black_box((seq, record));
            at += length;
            count += 1;
        }
        count
    });
    best("fallback  ", &|| {
        journal
            .split(|&byte| byte == b'\n')
            .filter_map(|line| black_box(read(line, None)))
            .count()
    });
    best("serde_json", &|| {
        let lines = journal.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        lines
            .filter(|line| {
                let peer: Peer<'_> = serde_json::from_slice(line).expect("a line");
                black_box((peer.seq, peer.fix, peer.reading, peer.crc));
                true
            })
            .count()
    });
}
