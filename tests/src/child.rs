//! Starts the recording child and listens to it until it dies.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::fault::Shim;
use crate::performer::Setting;
use crate::script::Step;

/// When the parent kills it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Never.
    Endless,
    /// As soon as it has said so many lines.
    Lines(usize),
    /// As soon as the n-th line that begins like this was said.
    Until(&'static str, usize),
    /// After so many microseconds.
    Micros(u64),
}

/// What a child said before it died or ended.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Whole lines.
    pub lines: Vec<String>,
    /// It was killed rather than ended.
    pub was_killed: bool,
}

impl Heard {
    /// True if one of the lines begins like this.
    #[must_use]
    pub fn said(&self, beginning: &str) -> bool {
        self.lines.iter().any(|line| line.starts_with(beginning))
    }
}

/// Runs the script to its end, or to the child's.
///
/// # Panics
/// If the child cannot be started, or ends in any other way than by itself or by SIGKILL: it must not panic, whatever the disk does.
#[must_use]
pub fn run(program: &Path, setting: &Setting, steps: &[Step], shim: Option<&Shim>, patience: Patience) -> Heard {
    let mut command = Command::new(program);
    command
        .arg(&setting.folder)
        .arg(setting.now_ms.to_string())
        .arg(setting.autosave_ms.to_string())
        .arg(
            setting
                .recovery_key
                .as_ref()
                .map_or("-".into(), |key| String::from_utf8_lossy(key).into_owned()),
        )
        .arg(
            setting
                .gate
                .as_ref()
                .map_or("-".into(), |gate| gate.display().to_string()),
        )
        .args(steps.iter().map(ToString::to_string))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(shim) = shim {
        shim.attach(&mut command, &setting.folder);
    }
    let mut child = command.spawn().expect("the recording child");
    if let Patience::Micros(micros) = patience {
        std::thread::sleep(Duration::from_micros(micros));
        child.kill().expect("a child of ours");
    }
    let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut lines = Vec::new();
    let mut line = String::new();
    while reader.read_line(&mut line).expect("a pipe of text") > 0 {
        // A line is written at once; without its end it was never said.
        if let Some(whole) = line.strip_suffix('\n') {
            lines.push(whole.to_owned());
        }
        line.clear();
        let is_over = match patience {
            Patience::Lines(count) => lines.len() == count,
            Patience::Until(beginning, nth) => lines.iter().filter(|line| line.starts_with(beginning)).count() == nth,
            Patience::Endless | Patience::Micros(_) => false,
        };
        if is_over {
            child.kill().expect("a child of ours");
        }
    }
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .expect("a pipe")
        .read_to_string(&mut stderr)
        .expect("text");
    let status = child.wait().expect("a child of ours");
    let was_killed = status.signal() == Some(9);
    assert!(
        was_killed || status.success(),
        "the child ended with {status}: {stderr}\n{}",
        lines.join("\n")
    );
    assert!(!stderr.contains("panicked"), "a thread of the child panicked: {stderr}");
    Heard { lines, was_killed }
}
