//! GPX files as they should be, and as they are.

use super::*;
use crate::domain::kind::ActivityKind;
use crate::domain::tally::{RejectReason, Repair};

fn gpx(body: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><gpx version="1.1" creator="Test" xmlns="http://www.topografix.com/GPX/1/1">{body}</gpx>"#
    )
}

fn point(second: u32, latitude: &str) -> String {
    format!(r#"<trkpt lat="{latitude}" lon="14.5"><ele>300.5</ele><time>2020-05-01T10:00:{second:02}Z</time></trkpt>"#)
}

#[test]
fn a_track_is_read_with_its_names_sensors_and_offset() {
    let session = read_one(&gpx(r#"<metadata><time>2020-05-01T08:00:00Z</time></metadata>
        <trk><name>Tom &amp; Jerry &#x26; &lt;Co&gt;</name><desc><![CDATA[up & down]]></desc><type>trail_running</type><trkseg>
        <trkpt lat="46.0000001" lon="-14.5"><ele>300.25</ele><time>2020-05-01T10:00:00.500+02:00</time><extensions>
        <power>210</power><x:TrackPointExtension><x:hr>141</x:hr><x:cad>88</x:cad><x:atemp>20</x:atemp></x:TrackPointExtension>
        </extensions></trkpt></trkseg></trk>"#));
    assert_eq!(session.title.as_deref(), Some("Tom & Jerry & <Co>"));
    assert_eq!(session.notes.as_deref(), Some("up & down"));
    assert_eq!(session.device.as_deref(), Some("Test"));
    assert_eq!(session.kind, ActivityKind::TrailRunning);
    assert_eq!(session.utc_offset_s, Some(7200));
    assert_eq!(session.started_at_ms, 1_588_320_000_500);
    let fix = fixes(&session)[0];
    assert_eq!(
        (fix.latitude_e7, fix.longitude_e7, fix.altitude_cm),
        (460_000_001, -145_000_000, Some(30_025))
    );
    let reading = readings(&session)[0];
    assert_eq!(
        (reading.heart_rate_bpm, reading.cadence_rpm, reading.power_w),
        (Some(141), Some(88), Some(210))
    );
    assert!(session.repairs.is_empty());
}

#[test]
fn a_new_segment_is_a_pause() {
    let (a, b, c, d) = (point(1, "46"), point(5, "46.1"), point(20, "46.2"), point(25, "46.3"));
    let session = read_one(&gpx(&format!(
        "<trk><trkseg>{a}{b}</trkseg><trkseg/><trkseg>{c}{d}</trkseg></trk>"
    )));
    assert_eq!(turns(&session), [(4000, false), (19_000, true)]);
    assert_eq!(timer_ms(&session), 9000);
}

#[test]
fn points_out_of_order_are_sorted_and_counted() {
    let (a, b, c) = (point(1, "46"), point(5, "46.1"), point(3, "46.2"));
    let session = read_one(&gpx(&format!("<trk><trkseg>{a}{b}{c}</trkseg></trk>")));
    assert_eq!(
        fixes(&session)
            .iter()
            .map(|fix| fix.latitude_e7 / 1_000_000)
            .collect::<Vec<_>>(),
        [460, 462, 461]
    );
    assert_eq!(session.repairs.get(&Repair::Sorted), Some(&1));
    // Whole segments as well; then the pause is between them in time.
    let session = read_one(&gpx(&format!("<trk><trkseg>{b}</trkseg><trkseg>{a}{c}</trkseg></trk>")));
    assert_eq!(turns(&session), [(2000, false), (4000, true)]);
}

#[test]
fn untimed_points_get_their_share_of_the_time_by_distance() {
    let untimed = |latitude: &str| format!(r#"<trkpt lat="{latitude}" lon="14.5"/>"#);
    let (a, b) = (point(0, "46.0"), point(40, "46.4"));
    let inside = format!(
        "<trk><trkseg>{}{a}{}{}{b}{}</trkseg></trk>",
        untimed("45"),
        untimed("46.1"),
        untimed("46.3"),
        untimed("47")
    );
    let session = read_one(&gpx(&inside));
    assert_eq!(
        fixes(&session)
            .iter()
            .map(|fix| fix.time_ms - session.started_at_ms)
            .collect::<Vec<_>>(),
        [0, 10_000, 30_000, 40_000]
    );
    assert_eq!(session.repairs.get(&Repair::TimeInterpolated), Some(&2));
    assert_eq!(session.repairs.get(&Repair::TimeMissing), Some(&2));
    // A segment without times is spread over the gap it stands in.
    let segment = format!(
        "<trk><trkseg>{a}</trkseg><trkseg>{}{}</trkseg><trkseg>{b}</trkseg></trk>",
        untimed("46.1"),
        untimed("46.3")
    );
    let session = read_one(&gpx(&segment));
    assert_eq!(
        turns(&session),
        [(0, false), (10_000, true), (30_000, false), (40_000, true)]
    );
}

#[test]
fn untimed_points_at_the_edges_get_theirs_by_the_speed_of_the_rest() {
    let untimed = |latitude: &str| format!(r#"<trkpt lat="{latitude}" lon="14.5"/>"#);
    let (a, b, c) = (point(20, "46.2"), point(30, "46.3"), point(40, "46.4"));
    let edges = format!(
        "<trk><trkseg>{}{}</trkseg><trkseg>{a}{b}{c}{}</trkseg></trk>",
        untimed("46.0"),
        untimed("46.1"),
        untimed("46.6"),
    );
    let session = read_one(&gpx(&edges));
    let times: Vec<i64> = fixes(&session)
        .iter()
        .map(|fix| fix.time_ms - session.started_at_ms)
        .collect();
    assert_eq!(times, [0, 10_000, 20_000, 30_000, 40_000, 60_000]);
    assert_eq!(session.repairs.get(&Repair::TimeInterpolated), Some(&3));
    assert_eq!(session.repairs.get(&Repair::TimeMissing), None);
}

#[test]
fn a_route_is_told_from_a_recording_and_from_waypoints() {
    assert_eq!(
        code(gpx(r#"<rte><rtept lat="46" lon="14"/></rte>"#).as_bytes()),
        "no_times"
    );
    assert_eq!(
        code(gpx(r#"<trk><trkseg><trkpt lat="46" lon="14"/></trkseg></trk>"#).as_bytes()),
        "no_times"
    );
    assert_eq!(
        code(gpx(r#"<wpt lat="46" lon="14"><time>2020-05-01T10:00:00Z</time></wpt>"#).as_bytes()),
        "no_activity"
    );
    assert_eq!(code(gpx("").as_bytes()), "no_activity");
}

#[test]
fn impossible_coordinates_become_counted_rejections() {
    let session = read_one(&gpx(&format!(
        r#"<trk><trkseg>{}{}{}<trkpt lat="1"><time>2020-05-01T10:00:09Z</time></trkpt></trkseg></trk>"#,
        point(1, "NaN"),
        point(2, "91"),
        point(3, "46,25")
    )));
    let rejected: Vec<&Record> = session
        .records
        .iter()
        .filter(|record| matches!(record, Record::Rejected(_)))
        .collect();
    assert_eq!(
        rejected,
        [
            &Record::Rejected(RejectReason::NotFinite),
            &Record::Rejected(RejectReason::OutOfRange)
        ]
    );
    assert_eq!(fixes(&session)[0].latitude_e7, 462_500_000, "a decimal comma");
    assert_eq!(session.repairs.get(&Repair::ValueDropped), Some(&1), "a latitude alone");
}

#[test]
fn a_receiver_that_lost_1024_weeks_gets_them_back() {
    let body = |day: &str| {
        gpx(&format!(
            r#"<metadata><time>2020-05-01T12:00:00Z</time></metadata><trk><trkseg>
            <trkpt lat="46" lon="14"><time>{day}T10:00:00Z</time></trkpt></trkseg></trk>"#
        ))
    };
    let session = read_one(&body("2000-09-15"));
    assert_eq!(session.repairs.get(&Repair::WeekRollover), Some(&1));
    assert_eq!(session.started_at_ms, 1_588_327_200_000);
    assert!(
        read_one(&body("2001-09-15")).repairs.is_empty(),
        "an old recording stays old"
    );
}

#[test]
fn a_year_that_is_decades_off_gets_its_time_from_its_neighbours() {
    let stray = r#"<trkpt lat="46.1" lon="14.5"><time>2085-05-01T10:00:00Z</time></trkpt>"#;
    let (a, b, c) = (point(0, "46.0"), point(1, "46.05"), point(3, "46.15"));
    let session = read_one(&gpx(&format!("<trk><trkseg>{a}{b}{stray}{c}</trkseg></trk>")));
    assert_eq!(session.ended_at_ms - session.started_at_ms, 3000);
    assert_eq!(fixes(&session)[2].time_ms - session.started_at_ms, 2000);
}

#[test]
fn broken_xml_is_read_as_far_as_it_goes() {
    let (a, b) = (point(1, "46"), point(5, "46.1"));
    for (text, repair) in [
        (
            format!("<gpx><trk><name>Tom & Jerry</name><trkseg>{a}{b}</trkseg></trk></gpx>"),
            None,
        ),
        (
            format!("\u{feff}  \n<gpx><trk><trkseg>{a}{b}</trkseg></trk></gpx>"),
            None,
        ),
        (
            format!("<!-- a > b --><x:gpx><x:trk><x:trkseg>{a}{b}</x:trkseg></x:trk></x:gpx>"),
            None,
        ),
        (format!("<gpx><trk><trkseg>{a}{b}"), Some(Repair::Truncated)),
        (
            format!("<gpx><trk><trkseg>{a}{b}<trkpt lat=\"46.2\" lo"),
            Some(Repair::Truncated),
        ),
        (format!("<gpx><trk><trkseg>{a}{b}</trk></gpx>"), None),
    ] {
        let session = read_one(&text);
        assert_eq!(fixes(&session).len(), 2, "{text}");
        assert_eq!(session.repairs.keys().next().copied(), repair, "{text}");
    }
}

#[test]
fn other_encodings_are_understood() {
    let text = gpx(&format!(
        "<trk><name>Škofja Loka – 1€</name><trkseg>{}</trkseg></trk>",
        point(1, "46")
    ));
    let utf16 = |mark: &[u8], unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        mark.iter().copied().chain(text.encode_utf16().flat_map(unit)).collect()
    };
    for bytes in [
        text.clone().into_bytes(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        utf16(&[0xff, 0xfe], u16::to_le_bytes),
        utf16(&[0xfe, 0xff], u16::to_be_bytes),
        utf16(&[], u16::to_le_bytes),
        utf16(&[], u16::to_be_bytes),
    ] {
        let session = only(read(&bytes).expect("a readable file"));
        assert_eq!(session.title.as_deref(), Some("Škofja Loka – 1€"));
    }
    let windows: Vec<u8> = text
        .chars()
        .map(|c| match c {
            'Š' => 0x8a,
            '–' => 0x96,
            '€' => 0x80,
            c => c as u8,
        })
        .collect();
    assert_eq!(
        only(read(&windows).expect("a readable file")).title.as_deref(),
        Some("Škofja Loka – 1€")
    );
}
