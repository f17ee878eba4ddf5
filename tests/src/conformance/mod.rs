//! Runs the scenarios of `tests/scenarios` through the Rust API; its README says what they are. Kotlin and Swift have a runner each.

mod actor;
mod arguments;
mod events;
mod folder;
mod habits;
pub mod matching;
mod metrics;
mod outbox;
mod programs;
mod recorder;
mod room_arguments;
mod scenario;
mod seen;
mod seen_error;
mod seen_rooms;
mod seen_strength;
mod server_process;
mod stored;
mod strength;
mod sync;
mod values;
mod verb;
mod verb_names;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use actor::Actor;
pub use scenario::Scenario;

/// Where the scenarios are.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// The scenario files of a folder, sorted by name.
///
/// # Panics
/// If the folder cannot be read.
#[must_use]
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the scenarios")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files
}

/// Every verb that a scenario may use.
#[must_use]
pub fn verbs() -> Vec<&'static str> {
    let mut verbs = actor::verbs();
    verbs.push("kill");
    verbs
}

/// The scripted server, which lies beside the children.
fn server_beside(child: &Path) -> PathBuf {
    child.with_file_name("scripted_server")
}

/// Runs a scenario in an empty folder; what comes before a kill in a child, `program FILE WORK FROM`.
///
/// # Errors
/// What was not as the scenario says, with the step.
///
/// # Panics
/// If the child cannot be started.
pub fn run(file: &Path, work: &Path, program: &Path) -> Result<(), String> {
    let scenario = Scenario::read(file)?;
    let mut from = 0;
    while let Some(kill) = scenario.kill_after(from) {
        let mut child = Command::new(program)
            .arg(file)
            .arg(work)
            .arg(from.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the scenario child");
        let said = first_line(&mut child);
        if said != READY {
            child.wait().expect("a child of ours");
            return Err(said);
        }
        child.kill().expect("a child of ours");
        child.wait().expect("a child of ours");
        from = kill + 1;
    }
    let mut actor = Actor::new(work, &server_beside(program))?;
    perform(&mut actor, &scenario, from..scenario.steps.len())
}

/// What a child says when it waits for its end.
pub const READY: &str = "ready to be killed";

fn first_line(child: &mut std::process::Child) -> String {
    use std::io::{BufRead, BufReader};
    let mut line = String::new();
    let stdout = child.stdout.as_mut().expect("a pipe");
    BufReader::new(stdout).read_line(&mut line).expect("text");
    line.trim_end().to_owned()
}

/// The part of the child: performs the steps up to the next kill.
///
/// # Errors
/// As `run`.
///
/// # Panics
/// If this program has no name.
pub fn run_until_kill(file: &Path, work: &Path, from: usize) -> Result<(), String> {
    let scenario = Scenario::read(file)?;
    let kill = scenario.kill_after(from).ok_or("there is no kill to wait for")?;
    let program = std::env::current_exe().expect("a program");
    let mut actor = Actor::new(work, &server_beside(&program))?;
    perform(&mut actor, &scenario, from..kill)?;
    // Dropping it would close the client, which no kill does.
    std::mem::forget(actor);
    Ok(())
}

fn perform(actor: &mut Actor, scenario: &Scenario, steps: std::ops::Range<usize>) -> Result<(), String> {
    for index in steps {
        let step = &scenario.steps[index];
        for _ in 0..step.times {
            actor
                .perform(step)
                .map_err(|why| format!("step {} ({}): {why}", index + 1, step.verb))?;
        }
    }
    Ok(())
}
