//! Every command as a person or a script calls it.

mod common;

use std::io::Read;
use std::process::Stdio;

use common::{Desk, gpx, text, track};
use serde_json::{Value, json};

#[test]
fn show_has_every_field_of_an_activity() {
    let desk = Desk::new();
    let shown = desk.json(&["activities", "show", &desk.imported()]).ok();
    let distance_m = shown["distance_m"].as_f64().expect("metres");
    // 299 steps of 27e-6° of latitude at 48° north.
    assert!((895.0..900.0).contains(&distance_m), "{distance_m}");
    assert!(text(&shown["created_at"]).ends_with('Z'));
    let mut shape = shown.clone();
    for changing in [
        "id",
        "splits",
        "distance_m",
        "average_speed_mps",
        "max_speed_mps",
        "created_at",
        "updated_at",
    ] {
        assert!(!shape[changing].is_null(), "{changing}");
        shape[changing] = "…".into();
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&shape).expect("JSON"), @r#"
    {
      "average_cadence_rpm": null,
      "average_heart_rate_bpm": 144.5,
      "average_power_w": null,
      "average_speed_mps": "…",
      "created_at": "…",
      "device": "test",
      "distance_m": "…",
      "elapsed_s": 299.0,
      "elevation_gain_m": 0.0,
      "elevation_loss_m": 0.0,
      "ended_at": "2026-05-02T06:04:59.000Z",
      "id": "…",
      "kind": "running",
      "max_heart_rate_bpm": 149.0,
      "max_speed_mps": "…",
      "moving_s": 299.0,
      "notes": "",
      "origin": "imported",
      "rejected": {},
      "repairs": {},
      "reported": {
        "distance_m": null,
        "elapsed_s": null,
        "elevation_gain_m": null,
        "elevation_loss_m": null,
        "moving_s": null,
        "timer_s": null
      },
      "sample_count": 300,
      "segment_count": 1,
      "splits": "…",
      "started_at": "2026-05-02T06:00:00.000Z",
      "timer_s": 299.0,
      "title": "Morning",
      "updated_at": "…",
      "utc_offset_s": null
    }
    "#);
    let split = &shown["splits"][0];
    for field in [
        "id",
        "index",
        "distance_m",
        "duration_s",
        "pace_s_per_km",
        "elevation_gain_m",
        "is_full",
    ] {
        assert!(!split[field].is_null(), "{field}");
    }
}

#[test]
fn a_list_goes_on_where_a_page_ended() {
    let desk = Desk::new();
    for (day, kind) in [("01", "running"), ("02", "walking"), ("03", "running")] {
        let file = desk.file("run.gpx", gpx(60).replace("2026-05-02", &format!("2026-05-{day}")));
        desk.json(&["record", "--replay", &file, "--kind", kind]).ok();
    }
    let list = |more: &[&str]| {
        let page = desk.json(&[&["activities", "list"], more].concat()).ok();
        let days = page["activities"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| text(&one["started_at"])[8..10].to_owned());
        (days.collect::<Vec<_>>().join(" "), page["next"].clone())
    };
    assert_eq!(list(&[]), ("03 02 01".to_owned(), Value::Null));
    let (days, next) = list(&["--limit", "2"]);
    assert_eq!(days, "03 02");
    assert_eq!(list(&["--after", &text(&next)]).0, "01");
    assert_eq!(list(&["--kind", "running"]).0, "03 01");
    assert_eq!(list(&["--from", "2026-05-02", "--until", "2026-05-03"]).0, "02");
    assert_eq!(
        desk.json(&["activities", "list", "--limit", "0"]).error(),
        "invalid_argument"
    );
    assert_eq!(
        desk.json(&["activities", "list", "--after", "nonsense"]).error(),
        "invalid_argument"
    );
}

#[test]
fn an_id_may_be_cut_short_as_long_as_it_means_one() {
    let desk = Desk::new();
    let id = desk.imported();
    assert_eq!(text(&desk.json(&["activities", "show", &id[..8]]).ok()["id"]), id);
    assert_eq!(desk.json(&["activities", "show", "ffffffff"]).error(), "not_found");
    assert_eq!(desk.json(&["activities", "show", &id[..7]]).code, Some(2));
    let file = desk.file("run.gpx", gpx(60));
    let same_minute: Vec<String> = (0..2)
        .map(|_| text(&desk.json(&["record", "--replay", &file]).ok()["id"]))
        .collect();
    let said = desk.json(&["activities", "show", &same_minute[0][..8]]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""));
    assert!(
        same_minute.iter().all(|id| said.err.contains(id.as_str())),
        "{}",
        said.err
    );
}

#[test]
fn editing_changes_what_is_named_and_nothing_else() {
    let desk = Desk::new();
    let id = desk.imported();
    let edited = desk
        .json(&["activities", "edit", &id, "--title", "Café", "--kind", "trail_running"])
        .ok();
    assert_eq!(
        (&edited["title"], &edited["kind"], &edited["notes"]),
        (&"Café".into(), &"trail_running".into(), &"".into())
    );
    assert_eq!(desk.json(&["activities", "edit", &id, "--title", ""]).ok()["title"], "");
    assert_eq!(
        desk.json(&["activities", "edit", &id, "--title", &"x".repeat(1000)])
            .error(),
        "invalid_argument"
    );
    assert_eq!(desk.json(&["activities", "edit", &id]).code, Some(2));
    assert_eq!(
        desk.json(&["activities", "edit", &id, "--kind", "flying"]).code,
        Some(2)
    );
}

#[test]
fn what_is_deleted_is_gone_until_it_is_imported_again() {
    let desk = Desk::new();
    let id = desk.imported();
    assert_eq!(desk.json(&["activities", "delete", &id]).ok(), json!({ "deleted": id }));
    assert_eq!(desk.json(&["activities", "delete", &id]).error(), "not_found");
    assert_eq!(desk.json(&["activities", "show", &id]).error(), "not_found");
    assert_eq!(desk.imported(), id);
}

#[test]
fn splits_and_tracks_come_as_they_are_asked_for() {
    let desk = Desk::new();
    let id = desk.imported();
    let miles = desk.json(&["activities", "splits", &id, "--unit", "mi"]).ok();
    assert_eq!(miles["splits"].as_array().map(Vec::len), Some(1));
    let laps = desk.json(&["activities", "laps", &id]).ok();
    assert_eq!(laps, json!({ "laps": [] }), "nobody pressed the lap button");
    let track = |more: &[&str]| desk.json(&[&["activities", "track", &id], more].concat());
    let whole = track(&[]).ok();
    assert_eq!(whole["time_ms"].as_array().map(Vec::len), Some(300));
    assert_eq!(whole["power_w"][0], Value::Null);
    assert_eq!(
        whole["flags"][0].as_i64().map(|flags| flags & 1),
        Some(1),
        "the first row starts a segment"
    );
    assert_eq!(whole["heart_rate_bpm"][11], 141.0);
    let straight = track(&["--tolerance", "5"]).ok();
    assert!(straight["time_ms"].as_array().is_some_and(|times| times.len() < 10));
    let part = track(&["--from", "2026-05-02T06:01:00Z", "--until", "2026-05-02T06:02:00Z"]).ok();
    assert_eq!(part["time_ms"].as_array().map(Vec::len), Some(60));
    assert_eq!(track(&["--tolerance", "-1"]).error(), "invalid_argument");
}

#[test]
fn an_export_can_be_imported_again() {
    let desk = Desk::new();
    let id = desk.imported();
    for format in ["gpx", "tcx"] {
        let written = desk.json(&["activities", "export", &id, "--format", format]).ok();
        let path = desk.path(&text(&written["path"])).to_string_lossy().into_owned();
        let again = desk.json(&["import", &path]).ok();
        assert_eq!(again["imported"][0]["activities"][0]["sample_count"], 300, "{format}");
    }
    let out = desk.path("run.geojson").to_string_lossy().into_owned();
    desk.json(&["activities", "export", &id, "--out", &out]).ok();
    let whole = std::fs::read_to_string(&out).expect("the file").len();
    desk.json(&["activities", "export", &id, "--out", &out, "--privacy", "48,11,300"])
        .ok();
    assert!(
        std::fs::read_to_string(&out).expect("the file").len() < whole,
        "a zone leaves positions out"
    );
    assert_eq!(
        desk.json(&["activities", "export", &id, "--out", &out, "--privacy", "91,0,300"])
            .error(),
        "invalid_argument"
    );
    let nowhere = desk.path("no/such/folder/run.gpx").to_string_lossy().into_owned();
    assert_eq!(
        desk.json(&["activities", "export", &id, "--out", &nowhere]).error(),
        "export_failed"
    );
    assert_eq!(
        desk.json(&["activities", "export", &id, "--out", "run.xyz"]).code,
        Some(2)
    );
}

#[test]
fn a_drawing_is_a_picture() {
    let desk = Desk::new();
    let id = desk.imported();
    let (png, svg) = (desk.path("run.png"), desk.path("run.svg"));
    desk.json(&["activities", "draw", &id, "--out", &png.to_string_lossy()])
        .ok();
    desk.json(&[
        "activities",
        "draw",
        &id,
        "--out",
        &svg.to_string_lossy(),
        "--units",
        "imperial",
    ])
    .ok();
    assert!(std::fs::read(png).expect("the picture").starts_with(b"\x89PNG"));
    let svg = std::fs::read_to_string(svg).expect("the picture");
    assert!(svg.starts_with("<svg") && svg.contains("/mi"));
    assert_eq!(
        desk.json(&["activities", "draw", &id, "--out", "run.jpg"]).code,
        Some(2)
    );
    let nowhere = desk.path("no/such/folder/run.png").to_string_lossy().into_owned();
    assert_eq!(
        desk.json(&["activities", "draw", &id, "--out", &nowhere]).error(),
        "export_failed"
    );
}

#[test]
fn the_store_is_checked_backed_up_and_tidied() {
    let desk = Desk::new();
    desk.imported();
    assert_eq!(desk.json(&["check"]).ok()["ok"], true);
    assert_eq!(
        desk.json(&["check", "--repair"]).ok(),
        json!({ "repaired": [], "remaining": [] })
    );
    assert_eq!(desk.json(&["backup"]).ok()["made"], true);
    assert_eq!(desk.json(&["backup"]).ok()["made"], false);
    assert!(desk.json(&["free-space"]).ok()["free_bytes"].is_u64());
    assert_eq!(desk.json(&["backups", "list"]).ok(), json!({ "backups": [] }));
    assert_eq!(
        desk.json(&["backups", "restore", "ffffffff-0000-7000-8000-000000000001"])
            .error(),
        "recovery_not_found"
    );
}

#[test]
fn usage_errors_are_told_from_failures() {
    let desk = Desk::new();
    for wrong in [
        vec!["fly"],
        vec!["record"],
        vec!["import"],
        vec!["import", "x", "--jobs", "0"],
        vec!["record", "--replay", "x", "--speed", "fast"],
        vec!["activities", "list", "--from", "yesterday"],
        vec!["activities", "export", "00000000"],
    ] {
        let said = desk.json(&wrong);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{wrong:?}");
        assert!(said.err.contains("error:"), "{}", said.err);
    }
    for fine in [vec!["--help"], vec!["--version"], vec!["activities", "--help"]] {
        assert_eq!(desk.run(&fine).code, Some(0), "{fine:?}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let desk = Desk::new();
    let file = desk.file("long.gpx", gpx(3000).replace("06:50:", "07:00:"));
    let id = text(&desk.json(&["record", "--replay", &file]).ok()["id"]);
    let mut child = desk
        .command(&["activities", "track", &id])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let mut complaint = String::new();
    child
        .stderr
        .take()
        .expect("a pipe")
        .read_to_string(&mut complaint)
        .expect("text");
    assert_eq!(
        (child.wait().expect("it ends").code(), complaint.as_str()),
        (Some(0), "")
    );
}

#[test]
fn text_for_a_person_fits_80_columns() {
    let desk = Desk::new();
    let id = desk.imported();
    desk.json(&[
        "activities",
        "edit",
        &id,
        "--title",
        &"A very long title ".repeat(10),
        "--notes",
        &"word ".repeat(100),
    ])
    .ok();
    desk.json(&[
        "record",
        "--replay",
        &desk.file("run.gpx", gpx(300)),
        "--stop-after",
        "100",
    ])
    .ok();
    let recording = track("activity-large-fenxi2-multisport.fit").map(|path| path.to_string_lossy().into_owned());
    let mut commands = vec![
        vec!["activities", "list"],
        vec!["activities", "show", &id],
        vec!["activities", "splits", &id],
        vec!["activities", "laps", &id],
        vec!["activities", "track", &id],
        vec!["recover", "list"],
        vec!["check"],
        vec!["--help"],
        vec!["record", "--help"],
    ];
    if let Some(recording) = &recording {
        commands.push(vec!["import", recording]);
        commands.push(vec!["record", "--replay", recording]);
    }
    for command in commands {
        let said = desk.run(&command);
        for line in said.out.lines() {
            assert!(line.chars().count() <= 80, "{command:?}: {line}");
        }
    }
}
