//! What is exported and read again is what it was.

use proptest::prelude::*;

use super::super::model::ExportedActivity;
use super::super::{geojson, gpx, tcx};
use super::*;
use crate::domain::id::Id;
use crate::domain::kind::ActivityKind;
use crate::domain::lap::Lap;
use crate::domain::split::Split;
use crate::domain::time::TimerInterval;

const START_MS: i64 = 1_588_320_000_000;

fn a_row() -> impl Strategy<Value = (i64, Row)> {
    let position = (-900_000_000..=900_000_000_i32, -1_800_000_000..=1_800_000_000_i32);
    let altitude = proptest::option::of(-50_000..900_000_i32);
    let sensors = (
        proptest::option::of(1..=255_i32),
        proptest::option::of(0..=254_i32),
        proptest::option::of(0..=2_000_i32),
        proptest::option::of(0..=10_000_000_i32),
        proptest::option::of(0..=5_000_i32),
    );
    (1..15_000_i64, position, altitude, sensors).prop_map(|(step_ms, (latitude, longitude), altitude_cm, sensors)| {
        let (heart_rate_bpm, cadence_rpm, power_w, distance_cm, speed_cmps) = sensors;
        let row = Row {
            latitude_e7: Some(latitude),
            longitude_e7: Some(longitude),
            altitude_cm,
            heart_rate_bpm,
            cadence_rpm,
            power_w,
            distance_cm,
            speed_cmps,
            ..Row::default()
        };
        (step_ms, row)
    })
}

/// Stretches of rows with pauses of at least 10 s between them; the timer runs a little before and behind the rows.
fn an_activity() -> impl Strategy<Value = ExportedActivity> {
    let stretch = (
        proptest::collection::vec(a_row(), 2..12),
        0..3_000_i64,
        0..3_000_i64,
        10_000..600_000_i64,
    );
    let kind = proptest::sample::select(ActivityKind::ALL.to_vec());
    (proptest::collection::vec(stretch, 1..5), "\\PC{0,20}", kind).prop_map(|(stretches, title, kind)| {
        let mut activity = ExportedActivity {
            kind: Some(kind),
            title,
            device: Some("Edge & Co".to_owned()),
            started_at_ms: START_MS,
            ..ExportedActivity::default()
        };
        let mut now = START_MS;
        for (rows, before, after, pause) in stretches {
            let started_at_ms = now;
            now += before;
            for (index, (step, mut row)) in rows.into_iter().enumerate() {
                now += step;
                row.time_ms = now;
                row.flags = if index == 0 { Row::SEGMENT_START } else { 0 };
                activity.rows.push(row);
            }
            now += after;
            activity.timer_intervals.push(TimerInterval {
                started_at_ms,
                ended_at_ms: now,
            });
            activity.ended_at_ms = now;
            now += pause;
        }
        activity
    })
}

fn written(write: impl Fn(&mut String) -> std::fmt::Result) -> String {
    let mut text = String::new();
    write(&mut text).expect("a string takes everything");
    text
}

/// Without what the format cannot hold.
fn expected(activity: &ExportedActivity, keep: impl Fn(Row) -> Row) -> Vec<Row> {
    activity.rows.iter().map(|row| keep(Row { flags: 0, ..*row })).collect()
}

/// Titles lose the white space around them.
fn trimmed(title: &str) -> Option<&str> {
    Some(title.trim()).filter(|title| !title.is_empty())
}

/// As XML readers see a text: line ends are line feeds.
fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn gpx_gives_back_rows_names_and_segments(activity in an_activity()) {
        let session = read_one(&written(|out| gpx::write(&activity, out)));
        prop_assert_eq!(rows(&session), expected(&activity, |row| Row { distance_cm: None, speed_cmps: None, ..row }));
        prop_assert_eq!(session.title.as_deref().map(normal), trimmed(&activity.title).map(normal));
        prop_assert_eq!(session.device.as_deref(), Some("Edge & Co"));
        let segments: Vec<&[Row]> = activity.segments().collect();
        prop_assert_eq!(segments.len(), activity.timer_intervals.len());
        let pauses: Vec<(i64, bool)> = segments
            .windows(2)
            .flat_map(|pair| [(pair[0][pair[0].len() - 1].time_ms, false), (pair[1][0].time_ms, true)])
            .map(|(at, resumes)| (at - session.started_at_ms, resumes))
            .collect();
        prop_assert_eq!(turns(&session), pauses);
        prop_assert!(session.repairs.is_empty());
    }

    #[test]
    fn tcx_gives_back_rows_and_pauses_to_the_millisecond(activity in an_activity(), lap_ms in proptest::option::of(5_000..60_000_u32)) {
        let mut activity = activity;
        let total: i64 = activity.timer_intervals.iter().map(|i| i.ended_at_ms - i.started_at_ms).sum();
        if let Some(lap_ms) = lap_ms {
            let laps = u32::try_from(total).expect("minutes") / lap_ms + 1;
            let split = |index| Split {
                id: Id::nil(),
                index,
                distance_m: 1000.0,
                duration_s: f64::from(lap_ms) / 1000.0,
                pace_s_per_km: None,
                elevation_gain_m: 0.0,
                is_full: true,
            };
            activity.splits = (1..=laps).map(split).collect();
        }
        let session = read_one(&written(|out| tcx::write(&activity, out)));
        prop_assert_eq!(rows(&session), expected(&activity, |row| row));
        prop_assert_eq!((session.started_at_ms, session.ended_at_ms), (activity.started_at_ms, activity.ended_at_ms));
        let pauses: Vec<(i64, bool)> = activity
            .timer_intervals
            .windows(2)
            .flat_map(|pair| [(pair[0].ended_at_ms - START_MS, false), (pair[1].started_at_ms - START_MS, true)])
            .collect();
        prop_assert_eq!(turns(&session), pauses);
        prop_assert_eq!(timer_ms(&session), total);
        prop_assert!(session.repairs.is_empty());
    }

    #[test]
    fn geojson_is_json_with_a_line_and_times_for_each_segment(activity in an_activity()) {
        let text = written(|out| geojson::write(&activity, out));
        let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let feature = &json["features"][0];
        let lines = feature["geometry"]["coordinates"].as_array().expect("lines");
        let times = feature["properties"]["coordTimes"].as_array().expect("times");
        prop_assert_eq!(lines.len(), activity.timer_intervals.len());
        for ((line, times), segment) in lines.iter().zip(times).zip(activity.segments()) {
            let (line, times) = (line.as_array().expect("a line"), times.as_array().expect("times"));
            prop_assert_eq!((line.len(), times.len()), (segment.len(), segment.len()));
            for (position, row) in line.iter().zip(segment) {
                #[allow(clippy::cast_possible_truncation, reason = "degrees")]
                let quanta = |at: usize| (position[at].as_f64().expect("a number") * 1e7).round() as i32;
                prop_assert_eq!(Some((quanta(1), quanta(0))), row.position_e7());
            }
        }
        prop_assert_eq!(feature["properties"]["title"].as_str(), Some(activity.title.as_str()));
    }
}

fn small() -> ExportedActivity {
    let row = |second: i64, flags| Row {
        time_ms: START_MS + second * 1000,
        flags,
        latitude_e7: Some(460_000_000 + i32::try_from(second).expect("small")),
        longitude_e7: Some(-5),
        altitude_cm: Some(-5),
        heart_rate_bpm: Some(120),
        cadence_rpm: Some(85),
        power_w: Some(200),
        speed_cmps: Some(305),
        distance_cm: Some(1_234),
        ..Row::default()
    };
    ExportedActivity {
        id: Id::nil(),
        kind: Some(ActivityKind::Running),
        title: "Over \u{1}<hill> & \"dale\"".to_owned(),
        notes: "two\nlines".to_owned(),
        device: None,
        started_at_ms: START_MS,
        ended_at_ms: START_MS + 70_000,
        distance_m: 12.34,
        elevation_gain_m: 1.5,
        elevation_loss_m: 0.5,
        timer_s: 20.0,
        moving_s: 19.0,
        timer_intervals: vec![
            TimerInterval {
                started_at_ms: START_MS,
                ended_at_ms: START_MS + 10_000,
            },
            TimerInterval {
                started_at_ms: START_MS + 50_000,
                ended_at_ms: START_MS + 60_000,
            },
        ],
        laps: Vec::new(),
        splits: Vec::new(),
        rows: vec![row(0, Row::SEGMENT_START), row(50, Row::SEGMENT_START), row(60, 0)],
    }
}

#[test]
fn a_workout_that_was_ended_while_paused_keeps_its_end_in_tcx() {
    let session = read_one(&written(|out| tcx::write(&small(), out)));
    assert_eq!(session.ended_at_ms, START_MS + 70_000);
    assert_eq!(timer_ms(&session), 20_000);
}

#[test]
fn a_segment_without_a_pause_is_a_track_and_no_pause_in_tcx() {
    let mut activity = small();
    activity.timer_intervals = vec![TimerInterval {
        started_at_ms: START_MS,
        ended_at_ms: START_MS + 70_000,
    }];
    let text = written(|out| tcx::write(&activity, out));
    assert_eq!(text.matches("<Track>").count(), 2);
    assert!(turns(&read_one(&text)).is_empty());
}

#[test]
fn the_laps_that_the_person_made_stand_in_tcx_in_the_place_of_splits() {
    let lap = |index, distance_m, duration_s| Lap {
        id: Id::nil(),
        index,
        started_at: crate::domain::time::from_ms(START_MS),
        distance_m,
        duration_s,
        pace_s_per_km: None,
        elevation_gain_m: 0.0,
        is_open: false,
    };
    let activity = ExportedActivity {
        laps: vec![lap(1, 4.0, 5.0), lap(2, 3.0, 8.0), lap(3, 5.34, 7.0)],
        ..small()
    };
    let text = written(|out| tcx::write(&activity, out));
    let told: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| {
            ["<Lap", "<TotalTimeSeconds", "<DistanceMeters>"]
                .iter()
                .any(|tag| line.starts_with(tag))
        })
        .filter(|line| *line != "<DistanceMeters>12.34</DistanceMeters>")
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    <Lap StartTime="2020-05-01T08:00:00.000Z">
    <TotalTimeSeconds>5.000</TotalTimeSeconds>
    <DistanceMeters>4.00</DistanceMeters>
    <Lap StartTime="2020-05-01T08:00:05.000Z">
    <TotalTimeSeconds>8.000</TotalTimeSeconds>
    <DistanceMeters>3.00</DistanceMeters>
    <Lap StartTime="2020-05-01T08:00:53.000Z">
    <TotalTimeSeconds>7.000</TotalTimeSeconds>
    <DistanceMeters>5.34</DistanceMeters>
    "#);
    assert_eq!(timer_ms(&read_one(&text)), 20_000);
}

#[test]
fn an_activity_without_rows_is_written_all_the_same() {
    let activity = ExportedActivity {
        rows: Vec::new(),
        ..small()
    };
    assert_eq!(
        code(written(|out| gpx::write(&activity, out)).as_bytes()),
        "no_activity"
    );
    let session = read_one(&written(|out| tcx::write(&activity, out)));
    assert_eq!(
        (timer_ms(&session), session.kind),
        (20_000, ActivityKind::TreadmillRunning)
    );
    assert!(written(|out| geojson::write(&activity, out)).contains(r#""geometry":null"#));
}

#[test]
#[allow(clippy::too_many_lines, reason = "three whole files")]
fn the_formats_look_like_this() {
    let activity = ExportedActivity {
        rows: small().rows[..1].to_vec(),
        ..small()
    };
    insta::assert_snapshot!(written(|out| gpx::write(&activity, out)), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <gpx version="1.1" creator="Steadfast"
      xmlns="http://www.topografix.com/GPX/1/1"
      xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
      xsi:schemaLocation="http://www.topografix.com/GPX/1/1 http://www.topografix.com/GPX/1/1/gpx.xsd http://www.garmin.com/xmlschemas/TrackPointExtension/v1 http://www.garmin.com/xmlschemas/TrackPointExtensionv1.xsd">
     <metadata>
      <time>2020-05-01T08:00:00.000Z</time>
     </metadata>
     <trk>
      <name>Over &lt;hill&gt; &amp; &quot;dale&quot;</name>
      <desc>two
    lines</desc>
      <type>running</type>
      <trkseg>
       <trkpt lat="46.0000000" lon="-0.0000005">
        <ele>-0.05</ele>
        <time>2020-05-01T08:00:00.000Z</time>
        <extensions>
         <power>200</power>
         <gpxtpx:TrackPointExtension>
          <gpxtpx:hr>120</gpxtpx:hr>
          <gpxtpx:cad>85</gpxtpx:cad>
         </gpxtpx:TrackPointExtension>
        </extensions>
       </trkpt>
      </trkseg>
     </trk>
    </gpx>
    "#);
    insta::assert_snapshot!(written(|out| tcx::write(&activity, out)), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
      xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
      xsi:schemaLocation="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2 http://www.garmin.com/xmlschemas/TrainingCenterDatabasev2.xsd">
     <Activities>
      <Activity Sport="Running">
       <Id>2020-05-01T08:00:00.000Z</Id>
       <Lap StartTime="2020-05-01T08:00:00.000Z">
        <TotalTimeSeconds>20.000</TotalTimeSeconds>
        <DistanceMeters>12.34</DistanceMeters>
        <Calories>0</Calories>
        <Intensity>Active</Intensity>
        <TriggerMethod>Manual</TriggerMethod>
        <Track>
         <Trackpoint>
          <Time>2020-05-01T08:00:00.000Z</Time>
          <Position>
           <LatitudeDegrees>46.0000000</LatitudeDegrees>
           <LongitudeDegrees>-0.0000005</LongitudeDegrees>
          </Position>
          <AltitudeMeters>-0.05</AltitudeMeters>
          <DistanceMeters>12.34</DistanceMeters>
          <HeartRateBpm>
           <Value>120</Value>
          </HeartRateBpm>
          <Extensions>
           <ns3:TPX>
            <ns3:Speed>3.05</ns3:Speed>
            <ns3:RunCadence>85</ns3:RunCadence>
            <ns3:Watts>200</ns3:Watts>
           </ns3:TPX>
          </Extensions>
         </Trackpoint>
         <Trackpoint>
          <Time>2020-05-01T08:00:10.000Z</Time>
         </Trackpoint>
        </Track>
        <Track>
         <Trackpoint>
          <Time>2020-05-01T08:00:50.000Z</Time>
         </Trackpoint>
         <Trackpoint>
          <Time>2020-05-01T08:01:00.000Z</Time>
         </Trackpoint>
        </Track>
        <Track>
         <Trackpoint>
          <Time>2020-05-01T08:01:10.000Z</Time>
         </Trackpoint>
        </Track>
       </Lap>
       <Notes>two
    lines</Notes>
       <Creator xsi:type="Device_t">
        <Name>Steadfast</Name>
        <UnitId>0</UnitId>
        <ProductID>0</ProductID>
        <Version>
         <VersionMajor>0</VersionMajor>
         <VersionMinor>0</VersionMinor>
        </Version>
       </Creator>
      </Activity>
     </Activities>
    </TrainingCenterDatabase>
    "#);
    insta::assert_snapshot!(written(|out| geojson::write(&small(), out)), @r#"
    {"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"MultiLineString","coordinates":[[[-0.0000005,46.0000050,-0.05],[-0.0000005,46.0000060,-0.05]]]},"properties":{"creator":"Steadfast","distance_m":12.34,"elevation_gain_m":1.5,"elevation_loss_m":0.5,"ended_at":"2020-05-01T08:01:10.000Z","id":"00000000-0000-0000-0000-000000000000","kind":"running","moving_s":19.0,"notes":"two\nlines","started_at":"2020-05-01T08:00:00.000Z","timer_s":20.0,"title":"Over \u0001<hill> & \"dale\"","coordTimes":[["2020-05-01T08:00:50.000Z","2020-05-01T08:01:00.000Z"]]}}]}
    "#);
}
