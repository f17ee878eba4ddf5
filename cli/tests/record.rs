//! Recording by replay, killed and taken up again.

mod common;

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use common::{Desk, gpx, text, track};
use serde_json::Value;

/// What a kill must not change: all but ids, times of making, and the gap itself.
fn same_run(a: &Value, b: &Value) {
    for field in [
        "kind",
        "started_at",
        "ended_at",
        "sample_count",
        "elapsed_s",
        "elevation_gain_m",
        "average_heart_rate_bpm",
    ] {
        assert_eq!(a[field], b[field], "{field}");
    }
    let distance = |value: &Value| value["distance_m"].as_f64().expect("metres");
    // The step over the gap belongs to nobody: 3 m at 1 Hz, twice that if the kill came between a reading and its fix.
    assert!(
        (distance(a) - distance(b)).abs() < 7.0,
        "{} and {}",
        distance(a),
        distance(b)
    );
}

#[test]
fn a_replay_prints_the_activity_as_show_does() {
    let desk = Desk::new();
    let file = desk.file("run.gpx", gpx(300));
    let recorded = desk.json(&["record", "--replay", &file, "--title", "Replayed"]).ok();
    let shown = desk.json(&["activities", "show", &text(&recorded["id"])]).ok();
    assert_eq!(recorded, shown);
    let told = |field: &str| recorded[field].clone();
    assert_eq!(
        (told("origin"), told("kind"), told("title")),
        ("recorded".into(), "running".into(), "Replayed".into())
    );
    assert_eq!(told("started_at"), "2026-05-02T06:00:00.000Z");
    assert_eq!(recorded["splits"].as_array().map(Vec::len), Some(1));
    let as_walk = desk.json(&["record", "--replay", &file, "--kind", "walking"]).ok();
    assert_eq!(as_walk["kind"], "walking");
}

#[test]
fn every_sample_is_acknowledged_once_and_in_order() {
    let desk = Desk::new();
    let file = desk.file("run.gpx", gpx(60));
    let said = desk.run(&["record", "--replay", &file, "--acks"]);
    let acks: Vec<&str> = said.out.lines().take_while(|line| line.starts_with("ack ")).collect();
    let expected: Vec<String> = (1..=120).map(|count| format!("ack {count}")).collect();
    assert_eq!(acks, expected);
}

#[test]
fn a_recording_that_ends_without_saving_is_found_resumed_and_saved() {
    let desk = Desk::new();
    let file = desk.file("run.gpx", gpx(300));
    let whole = desk.json(&["record", "--replay", &file]).ok();
    let stopped = desk.json(&["record", "--replay", &file, "--stop-after", "251"]).ok();
    assert_eq!(stopped["stopped"]["acknowledged_samples"], 251);
    let found = desk.json(&["recover", "list"]).ok()["recoverable"][0].clone();
    assert_eq!(
        (&found["sample_count"], &found["kind"], &found["split_count"]),
        (&251.into(), &"running".into(), &1.into())
    );
    let id = text(&found["id"]);
    let resumed = desk.json(&["recover", "resume", &id, "--replay", &file]).ok();
    assert_eq!(resumed["id"], id.as_str());
    assert_eq!(resumed["segment_count"], 2);
    same_run(&whole, &resumed);
    assert_eq!(
        desk.json(&["recover", "list"]).ok()["recoverable"],
        serde_json::json!([])
    );
    assert_eq!(
        desk.json(&["recover", "resume", &id, "--replay", &file]).error(),
        "recovery_not_found"
    );
}

#[test]
fn a_killed_recording_has_every_acknowledged_sample() {
    let desk = Desk::new();
    let file = desk.file("run.gpx", gpx(300));
    let whole = desk.json(&["record", "--replay", &file]).ok();
    let mut child = desk
        .command(&["record", "--replay", &file, "--acks", "--speed", "500"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut acknowledged = 0;
    for line in BufReader::new(child.stdout.take().expect("a pipe")).lines() {
        let line = line.expect("a line");
        acknowledged = line
            .strip_prefix("ack ")
            .and_then(|count| count.parse::<u64>().ok())
            .expect("an ack");
        if acknowledged == 200 {
            child.kill().expect("it is killed");
        }
    }
    child.wait().expect("it ended");
    assert!(
        (200..600).contains(&acknowledged),
        "killed in the middle: {acknowledged}"
    );
    let found = desk.json(&["recover", "list"]).ok()["recoverable"][0].clone();
    // One more may have been written when the kill came before its ack.
    assert!(found["sample_count"].as_u64() >= Some(acknowledged), "{found}");
    assert_eq!(
        (&found["missing_records"], &found["bad_records"]),
        (&0.into(), &0.into())
    );
    let resumed = desk.run(&[
        "recover",
        "resume",
        &text(&found["id"])[..18],
        "--replay",
        &file,
        "--acks",
    ]);
    let first = format!("ack {}", found["sample_count"].as_u64().expect("a count") + 1);
    assert_eq!(resumed.out.lines().next(), Some(first.as_str()));
    let stored = desk.stored();
    let resumed = stored
        .iter()
        .find(|id| **id == text(&found["id"]))
        .expect("saved under its id");
    same_run(&whole, &desk.json(&["activities", "show", resumed]).ok());
    assert_eq!(desk.json(&["check"]).ok()["ok"], true);
}

#[test]
fn an_unfinished_workout_can_be_saved_exported_and_discarded() {
    let desk = Desk::new();
    let file = desk.file("run.gpx", gpx(300));
    for _ in 0..2 {
        desk.json(&["record", "--replay", &file, "--stop-after", "200"]).ok();
    }
    let found = desk.json(&["recover", "list"]).ok()["recoverable"].clone();
    let (one, other) = (text(&found[0]["id"]), text(&found[1]["id"]));
    let out = desk.path("left.geojson").to_string_lossy().into_owned();
    desk.json(&["recover", "export", &one, &out]).ok();
    assert!(std::fs::read_to_string(&out).expect("the file").contains("LineString"));
    let saved = desk
        .json(&["recover", "save", &one, "--title", "Half", "--notes", "It stopped"])
        .ok();
    assert_eq!(
        (&saved["title"], &saved["notes"], &saved["sample_count"]),
        (&"Half".into(), &"It stopped".into(), &100.into())
    );
    desk.json(&["recover", "discard", &other]).ok();
    assert_eq!(desk.json(&["recover", "discard", &other]).error(), "recovery_not_found");
    assert_eq!(desk.stored(), [one]);
}

#[test]
fn another_file_is_no_continuation() {
    let desk = Desk::new();
    let file = desk.file("run.gpx", gpx(300));
    let other = desk.file("other.gpx", gpx(300).replace("2026-05-02", "2026-05-03"));
    let id = text(&desk.json(&["record", "--replay", &file, "--stop-after", "200"]).ok()["stopped"]["id"]);
    assert_eq!(
        desk.json(&["recover", "resume", &id, "--replay", &other]).error(),
        "invalid_argument"
    );
    assert_eq!(
        desk.json(&["recover", "list"]).ok()["recoverable"][0]["sample_count"],
        200
    );
}

#[test]
fn what_is_too_short_stays_recoverable() {
    let desk = Desk::new();
    let file = desk.file("run.gpx", gpx(2));
    assert_eq!(desk.json(&["record", "--replay", &file]).error(), "distance_too_short");
    let found = desk.json(&["recover", "list"]).ok()["recoverable"].clone();
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    assert_eq!(
        desk.json(&["recover", "save", &text(&found[0]["id"])]).error(),
        "distance_too_short"
    );
}

#[test]
fn a_multisport_file_is_resumed_in_the_session_where_it_was_left() {
    let Some(file) = track("activity-large-fenxi2-multisport.fit") else {
        return;
    };
    let desk = Desk::new();
    let file = file.to_string_lossy().into_owned();
    let whole = desk.json(&["record", "--replay", &file]).ok();
    let activities = whole["activities"].as_array().expect("several sessions").len();
    let first = whole["activities"][0]["sample_count"].as_u64().expect("a count");
    // Beyond the first session's fixes and readings, so that one activity is saved already.
    let stopped = desk
        .json(&["record", "--replay", &file, "--stop-after", &(first * 3).to_string()])
        .ok();
    let saved = stopped["activities"].as_array().expect("a list").len();
    assert!(saved >= 1, "{}", stopped["stopped"]);
    let resumed = desk
        .json(&["recover", "resume", &text(&stopped["stopped"]["id"]), "--replay", &file])
        .ok();
    let rest = resumed["activities"].as_array().map_or(1, Vec::len);
    assert_eq!(saved + rest, activities);
}
