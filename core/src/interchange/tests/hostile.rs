//! Files that mean harm, and bytes that mean nothing.

use proptest::prelude::*;

use super::*;

#[test]
fn what_is_no_recording_gets_its_own_error() {
    assert_eq!(code(b""), "empty_file");
    assert_eq!(code(b" \r\n\t"), "empty_file");
    assert_eq!(code(b"\xef\xbb\xbf"), "empty_file");
    assert_eq!(code(b"hello"), "unknown_format");
    assert_eq!(code(b"PK\x03\x04 a zip file"), "unknown_format");
    assert_eq!(code(b"<?xml version='1.0'?><kml/>"), "unknown_format");
    assert_eq!(code(b"<html><body>Please log in"), "unknown_format");
    assert_eq!(code(b"{\"type\":\"FeatureCollection\"}"), "unknown_format");
}

#[cfg(not(feature = "fit"))]
#[test]
fn a_build_without_fit_says_so() {
    assert_eq!(code(&fit_bytes::run(80, false)), "format_not_built");
}

#[test]
fn entities_are_refused_before_anything_is_expanded() {
    let bomb = br#"<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><gpx><trk><name>&b;</name></trk></gpx>"#;
    assert_eq!(code(bomb), "forbidden_xml");
    let external = br#"<!DOCTYPE gpx [<!entity x SYSTEM "file:///etc/passwd">]><gpx><trk><name>&x;</name></trk></gpx>"#;
    assert_eq!(code(external), "forbidden_xml");
}

#[test]
fn a_plain_document_type_is_harmless() {
    let text = r#"<!DOCTYPE gpx SYSTEM "gpx.dtd"><gpx><trk><name>&x;</name><trkseg>
        <trkpt lat="1" lon="2"><time>2020-05-01T10:00:00Z</time></trkpt></trkseg></trk></gpx>"#;
    assert_eq!(read_one(text).title.as_deref(), Some("&x;"));
}

#[test]
fn depth_is_bounded() {
    let deep = format!("<gpx>{}", "<a>".repeat(1_000_000));
    assert_eq!(code(deep.as_bytes()), "malformed_file");
    let unmatched = format!("<gpx><a>{}", "</b>".repeat(1_000_000));
    assert_eq!(code(unmatched.as_bytes()), "malformed_file");
}

#[test]
fn the_number_of_points_is_bounded() {
    let many = format!("<gpx><trk><trkseg>{}", "<trkpt/>".repeat(2_000_001));
    assert_eq!(code(many.as_bytes()), "too_many_samples");
}

fn a_gpx() -> Vec<u8> {
    let point = |second: u32| {
        format!(
            r#"<trkpt lat="46.{second:03}" lon="14.5"><ele>300</ele><time>2020-05-01T10:00:{second:02}Z</time>
            <extensions><hr>120</hr></extensions></trkpt>"#
        )
    };
    let points: String = (0..12).map(point).collect();
    format!(r#"<gpx creator="x"><trk><name>a</name><trkseg>{points}</trkseg><trkseg>{points}</trkseg></trk></gpx>"#)
        .into_bytes()
}

fn a_tcx() -> Vec<u8> {
    let point = |second: u32| {
        format!(
            "<Trackpoint><Time>2020-05-01T10:00:{second:02}Z</Time><Position><LatitudeDegrees>46.{second:03}</LatitudeDegrees>
            <LongitudeDegrees>14</LongitudeDegrees></Position><DistanceMeters>{second}</DistanceMeters></Trackpoint>"
        )
    };
    let (a, b): (String, String) = ((0..10).map(point).collect(), (40..50).map(point).collect());
    format!(
        r#"<TrainingCenterDatabase><Activities><Activity Sport="Running"><Lap StartTime="2020-05-01T10:00:00Z"><TotalTimeSeconds>19</TotalTimeSeconds>
        <Track>{a}</Track><Track>{b}</Track></Lap></Activity></Activities></TrainingCenterDatabase>"#
    )
    .into_bytes()
}

/// A real-looking file of each format.
fn a_file() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(a_gpx()),
        Just(a_tcx()),
        Just(fit_bytes::run(80, false)),
        Just(fit_bytes::run(80, true))
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn arbitrary_bytes_give_an_error_or_a_sound_file(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(file) = read(&bytes) {
            holds_the_contract(&file);
        }
    }

    #[test]
    fn arbitrary_messages_behind_a_fit_header_give_an_error_or_a_sound_file(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        let file = fit_bytes::Fit::new(false).raw(&body).finish();
        if let Ok(file) = read(&file) {
            holds_the_contract(&file);
        }
    }

    #[test]
    fn a_damaged_file_gives_an_error_or_a_sound_file(
        mut bytes in a_file(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..12),
    ) {
        for (at, value, how) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = value,
                1 => { bytes.remove(at); }
                2 => bytes.insert(at, value),
                _ => bytes[at] ^= 1 << (value & 7),
            }
        }
        if let Ok(file) = read(&bytes) {
            holds_the_contract(&file);
        }
    }

    #[test]
    fn a_file_cut_anywhere_and_joined_anywhere_gives_an_error_or_a_sound_file(
        first in a_file(), second in a_file(), cut in any::<prop::sample::Index>(), join in any::<prop::sample::Index>(),
    ) {
        let mut bytes = first[..cut.index(first.len())].to_vec();
        bytes.extend_from_slice(&second[join.index(second.len())..]);
        if let Ok(file) = read(&bytes) {
            holds_the_contract(&file);
        }
    }
}
