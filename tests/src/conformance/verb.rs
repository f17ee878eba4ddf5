//! What a step asks for: the verbs.

use std::path::PathBuf;

use serde::Deserialize;
use steadfast_core::accounts::model::{LocalData, SignOut};
use steadfast_core::domain::id::Id;
use steadfast_core::domain::split::SplitUnit;
use steadfast_core::interchange::model::FileFormat;
use steadfast_core::metrics::kind::MetricKind;
use steadfast_core::programs::model::Intensity;
use steadfast_core::track::privacy::PrivacyZone;

use super::arguments::{Edit, Number, OpenArguments, Part, Query, Reading, Samples, Save, Start, WriteFile};
use super::room_arguments::{
    Date, Done, EarlierSession, EventRef, Events, Habit, HabitEdit, HabitQuery, Health, Metric, MetricEdit,
    MetricQuery, Name, Scheduled, TrainingDay,
};

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
    Complete {
        program_day: TrainingDay,
        #[serde(default)]
        completion: Done,
    },
    Uncomplete {
        program_day: TrainingDay,
    },
    Rate {
        program_day: TrainingDay,
        intensity: Intensity,
    },
    Schedule {
        days: Vec<Scheduled>,
    },
    Session {
        program_day: TrainingDay,
    },
    Progress {
        program_id: String,
    },
    Week {
        program_id: String,
        week: u32,
    },
    RemoveSession {
        program_day: TrainingDay,
    },
    MigratePrograms {
        sessions: Vec<EarlierSession>,
        #[serde(default)]
        cancel: bool,
    },
    RecordMetric {
        entry: Metric,
    },
    EditMetric {
        id: Id,
        edit: MetricEdit,
    },
    DeleteMetric {
        id: Id,
    },
    GetMetric {
        id: Id,
    },
    ListMetrics {
        #[serde(default)]
        query: MetricQuery,
    },
    LatestMetric {
        kind: Name<MetricKind>,
    },
    DailyMetric {
        kind: Name<MetricKind>,
        from_date: Date,
        to_date: Date,
    },
    ImportHealth {
        records: Vec<Health>,
        #[serde(default)]
        cancel: bool,
    },
    MigrateMetrics {
        entries: Vec<Metric>,
        #[serde(default)]
        cancel: bool,
    },
    RecordHabit {
        log: Habit,
    },
    EditHabit {
        id: Id,
        edit: HabitEdit,
    },
    DeleteHabit {
        id: Id,
    },
    GetHabit {
        id: Id,
    },
    ListHabits {
        #[serde(default)]
        query: HabitQuery,
    },
    DailyHabit {
        kind: String,
        from_date: Date,
        to_date: Date,
    },
    MigrateHabits {
        logs: Vec<Habit>,
        #[serde(default)]
        cancel: bool,
    },
    MigrateFile {
        path: PathBuf,
        #[serde(default)]
        cancel: bool,
    },
    OutboxStatistics {},
    OutboxEvents {
        #[serde(default)]
        query: Events,
    },
    OutboxStale {},
    OutboxRetry {
        events: Vec<EventRef>,
    },
    OutboxDiscard {
        events: Vec<EventRef>,
    },
    SignIn {
        account_id: String,
        local_data: Name<LocalData>,
    },
    SignOut {
        queue: Name<SignOut>,
    },
    AccountId {},
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
