//! Runs the built program as a person would.
#![allow(dead_code, reason = "each test file uses its part")]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A data folder of its own, and files beside it.
pub struct Desk {
    folder: TempDir,
}

/// What the program said.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Said {
    fn new(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The one JSON object on standard output.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: no JSON in {self:?}"))
    }

    /// The JSON of a success.
    pub fn ok(&self) -> Value {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.json()
    }

    /// The code of the one error on standard output, after checking that it is whole.
    pub fn error(&self) -> String {
        assert_eq!(self.code, Some(1), "{self:?}");
        let error = &self.json()["error"];
        for field in ["category", "code", "severity", "message", "reason", "suggestion"] {
            assert!(
                error[field].as_str().is_some_and(|text| !text.is_empty()),
                "{field} in {error}"
            );
        }
        assert!(error["retryable"].is_boolean());
        assert!(!self.err.contains("panicked"), "{}", self.err);
        error["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Desk {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// Writes a file beside the data.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).expect("a file in a temporary folder");
        path.to_string_lossy().into_owned()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_steadfast"));
        command
            .current_dir(self.folder.path())
            .env("STEADFAST_DATA", self.data())
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    /// Runs it for a person.
    pub fn run(&self, arguments: &[&str]) -> Said {
        Said::new(&self.command(arguments).output().expect("the built program"))
    }

    /// Runs it for a program.
    pub fn json(&self, arguments: &[&str]) -> Said {
        let mut all = arguments.to_vec();
        all.push("--json");
        self.run(&all)
    }

    /// Imports a short run; its id.
    pub fn imported(&self) -> String {
        let file = self.file("run.gpx", gpx(300));
        let said = self.json(&["import", &file]).ok();
        text(&said["imported"][0]["activities"][0]["id"])
    }

    /// Ids of what is stored.
    pub fn stored(&self) -> Vec<String> {
        let list = self.json(&["activities", "list"]).ok();
        list["activities"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|activity| text(&activity["id"]))
            .collect()
    }
}

/// A string.
pub fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}

/// A run of so many seconds to the north at 3 m/s, with heart rate: a fix and a reading a second.
pub fn gpx(seconds: u32) -> String {
    let mut points = String::new();
    for second in 0..seconds {
        let latitude = 48.0 + f64::from(second) * 0.000_027;
        let (minutes, rest) = (second / 60, second % 60);
        let _ = writeln!(
            points,
            "<trkpt lat=\"{latitude:.7}\" lon=\"11.0\"><ele>500.0</ele><time>2026-05-02T06:{minutes:02}:{rest:02}Z</time>\
             <extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>{}</gpxtpx:hr></gpxtpx:TrackPointExtension></extensions></trkpt>",
            140 + second % 10
        );
    }
    format!(
        "<?xml version=\"1.0\"?>\n<gpx version=\"1.1\" creator=\"test\" xmlns=\"http://www.topografix.com/GPX/1/1\" \
         xmlns:gpxtpx=\"http://www.garmin.com/xmlschemas/TrackPointExtension/v1\">\n<trk><name>Morning</name><type>running</type>\
         <trkseg>\n{points}</trkseg></trk></gpx>\n"
    )
}

/// Real recordings, where there are any.
pub fn track(name: &str) -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/tracks");
    let folder = std::env::var_os("STEADFAST_TRACKS").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let path = folder.join(name);
    if !path.exists() {
        println!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

/// Mounts a tiny or a read-only file system; `None` where this user may not. Unmounted when dropped.
pub struct Mount(PathBuf);

impl Mount {
    pub fn tmpfs(at: &Path, options: &str) -> Option<Self> {
        std::fs::create_dir_all(at).ok()?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(at)
            .output()
            .ok()?;
        if !mounted.status.success() {
            println!("skipped: this user may not mount a file system");
            return None;
        }
        Some(Self(at.to_owned()))
    }

    pub fn read_only(&self) -> bool {
        Command::new("mount")
            .args(["-o", "remount,ro"])
            .arg(&self.0)
            .status()
            .is_ok_and(|status| status.success())
    }

    pub fn resize(&self, size: &str) -> bool {
        let options = format!("remount,rw,size={size}");
        Command::new("mount")
            .args(["-o", &options])
            .arg(&self.0)
            .status()
            .is_ok_and(|status| status.success())
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(&self.0).status());
    }
}
