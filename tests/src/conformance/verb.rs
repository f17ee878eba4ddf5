//! What a step asks for: the verbs of the client, of recordings, of activities and of files. The other rooms have theirs beside their calls.

use std::path::PathBuf;

use serde::Deserialize;
use steadfast_core::domain::id::Id;
use steadfast_core::domain::split::SplitUnit;
use steadfast_core::interchange::model::FileFormat;
use steadfast_core::track::privacy::PrivacyZone;

use super::arguments::{Edit, Number, OpenArguments, Part, Query, Reading, Samples, Save, Start, WriteFile};

/// A step's call.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Verb {
    Open(OpenArguments),
    OpenAnother(OpenArguments),
    OpenFromBackup(OpenArguments),
    Shutdown {},
    SuspendStorage {
        #[serde(default = "second_ms")]
        deadline_ms: u32,
    },
    ResumeStorage {},
    Advance {
        ms: i64,
    },
    SetClock {
        time_ms: i64,
    },
    AwaitEvent {
        event: serde_json::Value,
        without: Option<serde_json::Value>,
    },
    RaiseError {
        code: String,
    },
    ErrorCodes {},
    Start {
        options: Start,
    },
    Samples(Samples),
    Readings {
        readings: Vec<Reading>,
    },
    Pause {},
    Resume {},
    Stop {},
    Lap {},
    Laps {},
    Splits {},
    Discard {},
    Live {},
    ActiveId {},
    Save {
        #[serde(default)]
        options: Save,
        #[serde(default)]
        cancel: bool,
    },
    Recovery {},
    Backups {},
    ResumeRecovered {
        id: Id,
    },
    SaveRecovered {
        id: Id,
        #[serde(default)]
        options: Save,
        #[serde(default)]
        cancel: bool,
    },
    DiscardRecovered {
        id: Id,
    },
    RestoreBackup {
        id: Id,
    },
    ResumeFresh {},
    ExportRecovered {
        id: Id,
        format: FileFormat,
        path: PathBuf,
    },
    List {
        #[serde(default)]
        query: Query,
    },
    Get {
        id: Id,
    },
    Delete {
        id: Id,
    },
    Edit {
        id: Id,
        edit: Edit,
    },
    ActivitySplits {
        id: Id,
        unit: SplitUnit,
    },
    ActivityLaps {
        id: Id,
    },
    Track {
        id: Id,
        #[serde(default)]
        query: Part,
    },
    Points {
        id: Id,
        #[serde(default)]
        query: Part,
    },
    Profile {
        id: Id,
    },
    Polyline {
        id: Id,
        tolerance_m: Number,
        #[serde(default)]
        privacy_zones: Vec<PrivacyZone>,
    },
    ImportFile {
        path: PathBuf,
        #[serde(default)]
        cancel: bool,
    },
    ExportFile {
        id: Id,
        format: FileFormat,
        path: PathBuf,
        #[serde(default)]
        privacy_zones: Vec<PrivacyZone>,
    },
    TakeInSpool {
        path: PathBuf,
        #[serde(default)]
        cancel: bool,
    },
    CheckIntegrity {
        #[serde(default)]
        cancel: bool,
    },
    Repair {
        #[serde(default)]
        cancel: bool,
    },
    FreeSpace {},
    BackUp {},
    Telemetry {},
    Diagnostics {},
    WriteFile(WriteFile),
    AppendFile {
        path: PathBuf,
        text: String,
    },
    MakeDir {
        path: PathBuf,
    },
    Remove {
        path: PathBuf,
    },
    Files {
        path: PathBuf,
    },
    ReadFile {
        path: PathBuf,
    },
}

fn second_ms() -> u32 {
    1000
}
