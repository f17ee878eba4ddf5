//! The scenarios that Kotlin and Swift run as well, through the Rust API.

use std::path::Path;

use steadfast_tests::conformance::{Scenario, files, folder, run};
use steadfast_tests::scratch::{canonical, scratch, target};

const CHILD: &str = env!("CARGO_BIN_EXE_scenario_child");

fn outcome(file: &Path) -> Result<(), String> {
    let work = scratch();
    run(file, &canonical(work.path()), CHILD.as_ref())
}

fn name(file: &Path) -> String {
    file.file_stem().expect("a file").to_string_lossy().into_owned()
}

#[test]
fn every_scenario_is_as_it_says() {
    let mut passed = Vec::new();
    let mut failures = Vec::new();
    for file in files(&folder()) {
        match outcome(&file) {
            Ok(()) => passed.push(name(&file)),
            Err(why) => failures.push(format!("{}: {why}", name(&file))),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    std::fs::create_dir_all(target("conformance")).expect("target can be written");
    std::fs::write(target("conformance/rust.txt"), passed.join("\n") + "\n").expect("target can be written");
}

#[test]
fn every_scenario_that_is_broken_on_purpose_fails_for_its_reason() {
    for file in files(&folder().join("broken")) {
        let reason = Scenario::read(&file).expect("a scenario").fails.expect("a reason");
        match outcome(&file) {
            Ok(()) => panic!("{} passed", name(&file)),
            Err(why) => assert!(why.contains(&reason), "{}: {why}", name(&file)),
        }
    }
}
