//! What a call gave, as JSON in the API's own names. Each record is taken apart by name, so that a new field cannot be forgotten here.

use std::collections::HashMap;
use std::fmt::Debug;
use std::time::SystemTime;

use serde::Serialize;
use serde_json::{Value, json};
use steadfast_core::activities::model::{Activity, ActivityPage, ActivityProfile};
use steadfast_core::database::integrity::{Checked, Finding, IntegrityReport, RepairReport, Repaired};
use steadfast_core::database::space::FreedSpace;
use steadfast_core::domain::column::{DoubleColumn, LongColumn};
use steadfast_core::domain::id::Id;
use steadfast_core::domain::lap::Lap;
use steadfast_core::domain::progress::SaveProgress;
use steadfast_core::domain::reported::Reported;
use steadfast_core::domain::split::Split;
use steadfast_core::domain::time::to_ms;
use steadfast_core::event::Event;
use steadfast_core::interchange::import::{ImportReport, ImportedActivity, SkippedSession};
use steadfast_core::interchange::spool::{RefusedFile, SpoolReport};
use steadfast_core::recording::model::LiveStatistics;
use steadfast_core::recovery::model::{RecoveryInfo, RecoveryLocation, RecoverySource};
use steadfast_core::track::model::{TrackColumns, TrackPoint};

/// Anything that a scenario can look at.
pub trait Seen {
    /// As JSON.
    fn seen(&self) -> Value;
}

impl Seen for () {
    fn seen(&self) -> Value {
        Value::Null
    }
}

impl Seen for Id {
    fn seen(&self) -> Value {
        json!(self.to_string())
    }
}

impl Seen for SystemTime {
    fn seen(&self) -> Value {
        json!(to_ms(*self))
    }
}

impl<T: Seen> Seen for Option<T> {
    fn seen(&self) -> Value {
        self.as_ref().map_or(Value::Null, Seen::seen)
    }
}

impl<T: Seen> Seen for Vec<T> {
    fn seen(&self) -> Value {
        self.iter().map(Seen::seen).collect()
    }
}

impl<K: Serialize, V: Seen> Seen for HashMap<K, V> {
    fn seen(&self) -> Value {
        let members = self.iter().map(|(name, value)| {
            let name = json!(name).as_str().expect("a name").to_owned();
            (name, value.seen())
        });
        Value::Object(members.collect())
    }
}

impl Seen for DoubleColumn {
    fn seen(&self) -> Value {
        self.iter().map(|number| json!(number)).collect()
    }
}

impl Seen for LongColumn {
    fn seen(&self) -> Value {
        self.iter().map(|number| json!(number)).collect()
    }
}

/// Those whose JSON is the API's own.
macro_rules! plainly {
    ($($type:ty),*) => {
        $(impl Seen for $type {
            fn seen(&self) -> Value {
                json!(self)
            }
        })*
    };
}

plainly!(
    bool,
    u16,
    u32,
    u64,
    i32,
    i64,
    f64,
    String,
    steadfast_core::domain::progress::SavePhase,
    steadfast_core::activities::model::ActivityOrigin,
    steadfast_core::database::integrity::FindingKind,
    steadfast_core::database::integrity::RepairAction,
    steadfast_core::domain::kind::ActivityKind,
    steadfast_core::domain::recording_state::RecordingState,
    steadfast_core::interchange::model::FileFormat
);

impl Seen for RecoverySource {
    fn seen(&self) -> Value {
        json!(match self {
            Self::Primary => "primary",
            Self::Backup => "backup",
            Self::Journal => "journal",
        })
    }
}

impl Seen for RecoveryLocation {
    fn seen(&self) -> Value {
        json!(match self {
            Self::Recovery => "recovery",
            Self::Backup => "backup",
        })
    }
}

/// Enumerations that travel under other names than the API's: their own, in snake case.
macro_rules! named {
    ($($type:ty),* $(,)?) => {
        $(impl Seen for $type {
            fn seen(&self) -> Value {
                json!(snake_case(self))
            }
        })*
    };
}
pub(super) use named;

/// The name of a case, as the scenarios write it.
pub fn snake_case(case: &impl Debug) -> String {
    let mut name = String::new();
    for char in format!("{case:?}").chars() {
        if char.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(char.to_lowercase());
    }
    name
}

macro_rules! record {
    ($type:ident { $($field:ident),* $(,)? }) => {
        impl Seen for $type {
            fn seen(&self) -> Value {
                let Self { $($field),* } = self;
                Value::Object([$((stringify!($field).to_owned(), $field.seen())),*].into_iter().collect())
            }
        }
    };
}
pub(super) use record;

record!(LiveStatistics {
    workout_id,
    kind,
    started_at,
    state,
    distance_m,
    timer_s,
    elapsed_s,
    moving_s,
    current_speed_mps,
    current_pace_s_per_km,
    average_pace_s_per_km,
    elevation_gain_m,
    elevation_loss_m,
    heart_rate_bpm,
    cadence_rpm,
    power_w,
    completed_splits,
    split_distance_m,
    split_duration_s,
    completed_laps,
    lap_distance_m,
    lap_duration_s,
    acknowledged_samples,
    sample_count,
    rejected_samples,
    unsaved_samples,
});
record!(Activity {
    id,
    kind,
    origin,
    title,
    notes,
    started_at,
    ended_at,
    utc_offset_s,
    distance_m,
    elevation_gain_m,
    elevation_loss_m,
    timer_s,
    elapsed_s,
    moving_s,
    sample_count,
    segment_count,
    average_speed_mps,
    max_speed_mps,
    average_heart_rate_bpm,
    max_heart_rate_bpm,
    average_cadence_rpm,
    average_power_w,
    device,
    reported,
    rejected,
    repairs,
    created_at,
    updated_at,
});
record!(Reported {
    distance_m,
    elevation_gain_m,
    elevation_loss_m,
    timer_s,
    elapsed_s,
    moving_s
});
record!(ActivityPage { activities, next });
record!(ActivityProfile { timer_s, distance_m });
record!(Split {
    id,
    index,
    distance_m,
    duration_s,
    pace_s_per_km,
    elevation_gain_m,
    is_full
});
record!(Lap {
    id,
    index,
    started_at,
    distance_m,
    duration_s,
    pace_s_per_km,
    elevation_gain_m,
    is_open
});
record!(RecoveryInfo {
    id,
    kind,
    state,
    started_at,
    distance_m,
    duration_s,
    sample_count,
    split_count,
    is_fresh,
    can_resume,
    bad_records,
    missing_records,
    torn_tail,
    source,
    location,
    problem,
});
record!(TrackColumns {
    time_ms,
    flags,
    latitude_deg,
    longitude_deg,
    altitude_m,
    speed_mps,
    horizontal_accuracy_m,
    vertical_accuracy_m,
    course_deg,
    heart_rate_bpm,
    cadence_rpm,
    power_w,
    distance_m,
});
record!(TrackPoint {
    time,
    starts_segment,
    latitude_deg,
    longitude_deg,
    altitude_m,
    speed_mps,
    horizontal_accuracy_m,
    vertical_accuracy_m,
    course_deg,
    heart_rate_bpm,
    cadence_rpm,
    power_w,
    distance_m,
});
record!(ImportReport {
    format,
    activities,
    skipped
});
record!(ImportedActivity { activity, is_new });
record!(SkippedSession { index, code, reason });
record!(SpoolReport { activities, refused });
record!(RefusedFile { path, code, reason });
record!(IntegrityReport { ok, findings, checked });
record!(Finding {
    kind,
    table,
    key,
    detail
});
record!(Checked { table, rows });
record!(RepairReport { repaired, remaining });
record!(Repaired {
    action,
    table,
    key,
    detail
});
record!(FreedSpace {
    events_deleted,
    freed_bytes,
    free_bytes
});
record!(SaveProgress { phase, done, total });

impl Seen for Event {
    fn seen(&self) -> Value {
        match self {
            Self::Recording {
                workout_id,
                state,
                unsaved_samples,
            } => json!({
                "event": "recording",
                "workout_id": workout_id.seen(),
                "state": state.seen(),
                "unsaved_samples": unsaved_samples,
            }),
            Self::Progress { workout_id, progress } => json!({
                "event": "progress",
                "workout_id": workout_id.seen(),
                "progress": progress.seen(),
            }),
            Self::Changed { entity, id } => {
                json!({ "event": "changed", "entity": snake_case(entity), "id": id.seen() })
            }
            Self::Alert { alert } => json!({ "event": "alert", "alert": alert.seen() }),
            Self::StorageLow { free_bytes } => json!({ "event": "storage_low", "free_bytes": free_bytes.seen() }),
            Self::Sync { status } => json!({ "event": "sync", "status": status.seen() }),
            Self::NeedsToken { account_id } => json!({ "event": "needs_token", "account_id": account_id }),
        }
    }
}
