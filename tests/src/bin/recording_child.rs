//! An app without screens, to be killed: performs a script in a folder and writes to stdout what was acknowledged, a line with a
//! single write(2) after each call, so that whoever reads them knows what it was told when it died.
//!
//! `recording_child FOLDER NOW_MS AUTOSAVE_MS KEY|- GATE|- STEP…`

use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;
use std::path::PathBuf;

use steadfast_tests::performer::{Performer, Setting};
use steadfast_tests::script::Step;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("FOLDER NOW_MS AUTOSAVE_MS KEY|- GATE|- STEP…");
    let setting = Setting {
        folder: PathBuf::from(next()),
        now_ms: next().parse().expect("milliseconds"),
        autosave_ms: next().parse().expect("milliseconds"),
        recovery_key: Some(next()).filter(|key| key != "-").map(String::into_bytes),
        gate: Some(next()).filter(|gate| gate != "-").map(PathBuf::from),
    };
    let steps: Vec<Step> = arguments.map(|word| word.parse().expect("a step")).collect();
    // Not through Rust's buffer: it may write a line in two parts.
    let mut stdout = File::from(std::io::stdout().as_fd().try_clone_to_owned().expect("stdout"));
    let mut say = move |line: &str| stdout.write_all(format!("{line}\n").as_bytes()).expect("stdout");
    match Performer::open(&setting, &mut say) {
        Ok(mut performer) => {
            for step in steps {
                performer.perform(step);
            }
            drop(performer);
            say("closed");
        }
        Err(error) => say(&format!(
            "error open {} {}",
            error.code_name(),
            error.path().unwrap_or_default()
        )),
    }
}
