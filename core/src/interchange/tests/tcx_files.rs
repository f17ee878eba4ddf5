//! TCX files, and when a gap in them is a pause.

use std::fmt::Write;

use super::*;
use crate::domain::kind::ActivityKind;

fn tcx(laps: &str) -> String {
    format!(
        r#"<TrainingCenterDatabase><Activities><Activity Sport="Biking"><Id>2020-05-01T10:00:00Z</Id>{laps}<Notes>n</Notes>
        <Creator><Name>Edge</Name></Creator></Activity></Activities></TrainingCenterDatabase>"#
    )
}

fn lap(start_s: u32, timer_s: f64, tracks: &[&[u32]]) -> String {
    let time = |second: u32| format!("2020-05-01T10:{:02}:{:02}Z", second / 60, second % 60);
    let mut text = format!(
        r#"<Lap StartTime="{}"><TotalTimeSeconds>{timer_s}</TotalTimeSeconds><DistanceMeters>100.5</DistanceMeters>"#,
        time(start_s)
    );
    for track in tracks {
        text.push_str("<Track>");
        for &second in *track {
            write!(
                text,
                "<Trackpoint><Time>{}</Time><Position><LatitudeDegrees>46.{second:04}</LatitudeDegrees><LongitudeDegrees>14</LongitudeDegrees>
                </Position><AltitudeMeters>300</AltitudeMeters><DistanceMeters>{second}</DistanceMeters><HeartRateBpm><Value>120</Value>
                </HeartRateBpm><Extensions><TPX><Speed>5.5</Speed><Watts>200</Watts></TPX></Extensions></Trackpoint>",
                time(second)
            )
            .expect("a string takes everything");
        }
        text.push_str("</Track>");
    }
    text + "</Lap>"
}

#[test]
fn laps_and_points_are_read_with_their_totals() {
    let session = read_one(&tcx(&(lap(0, 30.0, &[&[0, 10, 20]]) + &lap(30, 30.5, &[&[30, 50, 60]]))));
    assert_eq!(session.kind, ActivityKind::Cycling);
    assert_eq!(
        (session.notes.as_deref(), session.device.as_deref()),
        (Some("n"), Some("Edge"))
    );
    assert_eq!(
        (session.reported.distance_m, session.reported.timer_s),
        (Some(201.0), Some(60.5))
    );
    assert_eq!(session.ended_at_ms - session.started_at_ms, 60_500);
    assert!(turns(&session).is_empty());
    assert_eq!(fixes(&session)[1].speed_cmps, Some(550));
    let reading = readings(&session)[1];
    assert_eq!(
        (reading.distance_cm, reading.heart_rate_bpm, reading.power_w),
        (Some(1000), Some(120), Some(200))
    );
}

#[test]
fn a_hole_between_tracks_is_a_pause_of_the_length_that_the_lap_shows() {
    let session = read_one(&tcx(&lap(0, 40.0, &[&[0, 10, 20], &[80, 90, 100]])));
    assert_eq!(turns(&session), [(20_000, false), (80_000, true)]);
    // Five seconds of the hole were not paused.
    let session = read_one(&tcx(&lap(0, 45.0, &[&[0, 10, 20], &[80, 90, 100]])));
    assert_eq!(turns(&session), [(25_000, false), (80_000, true)]);
    assert_eq!(timer_ms(&session), 45_000);
}

#[test]
fn a_new_track_or_a_gap_without_a_shorter_timer_is_no_pause() {
    assert!(turns(&read_one(&tcx(&lap(0, 100.0, &[&[0, 10, 20], &[80, 90, 100]])))).is_empty());
    assert!(turns(&read_one(&tcx(&lap(0, 100.0, &[&[0, 10, 20, 80, 90, 100]])))).is_empty());
}

#[test]
fn the_largest_gaps_of_a_single_track_take_what_the_timer_misses() {
    let session = read_one(&tcx(&lap(0, 50.0, &[&[0, 10, 20, 60, 70, 90, 100]])));
    assert_eq!(
        turns(&session),
        [(20_000, false), (60_000, true), (80_000, false), (90_000, true)]
    );
    assert_eq!(timer_ms(&session), 50_000);
}

#[test]
fn a_pause_between_two_laps_is_found() {
    let session = read_one(&tcx(&(lap(0, 20.0, &[&[0, 10, 20]]) + &lap(120, 10.0, &[&[120, 130]]))));
    assert_eq!(turns(&session), [(20_000, false), (120_000, true)]);
    assert_eq!(timer_ms(&session), 30_000);
}

#[test]
fn a_timer_that_no_gap_explains_invents_no_pause() {
    // Moving time instead of timer time, with points all the way.
    let every_second: Vec<u32> = (0..=100).collect();
    let session = read_one(&tcx(&lap(0, 60.0, &[&every_second])));
    assert!(turns(&session).is_empty());
}

#[test]
fn several_activities_are_several_sessions_and_a_course_is_a_route() {
    let two = tcx(&lap(0, 20.0, &[&[0, 20]])).replace(
        "</Activities>",
        &format!(
            "<Activity Sport=\"Running\">{}</Activity></Activities>",
            lap(600, 20.0, &[&[600, 620]])
        ),
    );
    let file = read(two.as_bytes()).expect("a readable file");
    assert_eq!(
        file.sessions.iter().map(|session| session.kind).collect::<Vec<_>>(),
        [ActivityKind::Cycling, ActivityKind::Running]
    );
    let course = "<TrainingCenterDatabase><Courses><Course><Name>x</Name><Track><Trackpoint><Position><LatitudeDegrees>46</LatitudeDegrees>
        <LongitudeDegrees>14</LongitudeDegrees></Position></Trackpoint></Track></Course></Courses></TrainingCenterDatabase>";
    assert_eq!(code(course.as_bytes()), "no_times");
    assert_eq!(code(b"<TrainingCenterDatabase/>"), "no_activity");
}

#[test]
fn an_activity_without_positions_is_indoors() {
    let text = tcx(&lap(0, 20.0, &[&[0, 20]]))
        .replace("Position>", "Nowhere>")
        .replace("LatitudeDegrees", "X");
    assert_eq!(read_one(&text).kind, ActivityKind::IndoorCycling);
}
