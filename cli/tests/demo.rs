//! The demo does what it says.

mod common;

use common::{Desk, text};

#[test]
fn the_demo_loses_nothing_and_leaves_its_picture() {
    let desk = Desk::new();
    let said = desk.json(&["demo"]).ok();
    assert_eq!(said["lost_samples"], 0);
    let count = |field: &str| said[field].as_u64().expect("a count");
    assert!(count("recovered_samples") >= count("acknowledged_before_kill"));
    assert!(
        count("acknowledged_before_kill") > 1000 && count("resumed_samples") > 1000,
        "killed in mid-run"
    );
    assert_eq!(count("recovered_samples") + count("resumed_samples"), count("samples"));
    assert_eq!(
        (&said["integrity_ok"], &said["activity"]["segment_count"]),
        (&true.into(), &3.into())
    );
    let distance_m = said["activity"]["distance_m"].as_f64().expect("metres");
    assert!((9_800.0..10_600.0).contains(&distance_m), "{distance_m}");
    let png = std::fs::read(desk.path("steadfast-demo.png")).expect("the picture in the current folder");
    assert!(png.starts_with(b"\x89PNG"));
    assert!(!desk.data().exists(), "the demo touches no data of its user");
}

#[test]
fn the_demo_tells_its_story_in_order_and_keeps_what_it_is_told_to() {
    let desk = Desk::new();
    let said = desk.run(&["demo", "--keep", &desk.path("kept").to_string_lossy()]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let places: Vec<Option<usize>> = ["recording", "killed", "found", "resumed", "saved", "lost"]
        .map(|step| said.out.find(&format!("\n  {step} ")))
        .into();
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{places:?}\n{}",
        said.out
    );
    assert!(said.out.contains("0 samples"));
    assert!(
        said.out
            .lines()
            .all(|line| line.chars().count() <= 80 || line.contains("/kept/")),
        "{}",
        said.out
    );
    for kept in ["kept/demo.png", "kept/demo.svg", "kept/data/steadfast.db"] {
        assert!(desk.path(kept).exists(), "{kept}");
    }
    let data = desk.path("kept/data").to_string_lossy().into_owned();
    let list = desk.json(&["activities", "list", "--data", &data]).ok();
    assert!(text(&list["activities"][0]["title"]).contains("castle hill"));
}
