//! What the rooms of training data, the outbox and the accounts gave.

use serde_json::{Value, json};
use steadfast_core::accounts::model::{SignInReport, SignOutReport};
use steadfast_core::domain::civil_date::CivilDate;
use steadfast_core::domain::migration::MigrationReport;
use steadfast_core::domain::program_day::ProgramDay;
use steadfast_core::habits::model::{HabitDay, HabitLog, HabitLogPage};
use steadfast_core::maintenance::report::DiagnosticsReport;
use steadfast_core::metrics::health::{HealthImportReport, HealthRefusal};
use steadfast_core::metrics::kind::MetricKind;
use steadfast_core::metrics::model::{DailyTotal, ProgressEntry, ProgressEntryPage};
use steadfast_core::metrics::unit::MetricUnit;
use steadfast_core::migration::api::EarlierDataReport;
use steadfast_core::outbox::model::{OutboxEvent, OutboxStatistics, OutboxStatus};
use steadfast_core::programs::model::{Intensity, ProgramSession};
use steadfast_core::telemetry::model::{Alert, AlertKind, Operation, OperationStatistics, Telemetry};

use super::seen::{Seen, named, record, snake_case};

named!(MetricKind, MetricUnit, Intensity, OutboxStatus, Operation, AlertKind);

impl Seen for CivilDate {
    fn seen(&self) -> Value {
        json!(self.to_string())
    }
}

record!(ProgramDay { program_id, week, day });
record!(ProgramSession {
    id,
    program_day,
    completed_at,
    completed_utc_offset_s,
    intensity,
    scheduled_date,
    version,
    last_modified,
});
record!(ProgressEntry {
    id,
    kind,
    quantity,
    unit,
    quantity_si,
    recorded_at,
    utc_offset_s,
    date,
    notes,
    source,
    external_id,
    backend_id,
    version,
    last_modified,
});
record!(ProgressEntryPage { entries, next });
record!(DailyTotal {
    date,
    count,
    sum_si,
    average_si,
    minimum_si,
    maximum_si,
    latest_si
});
record!(HealthImportReport {
    imported,
    updated,
    unchanged,
    deleted,
    refused_count,
    refused
});
record!(HealthRefusal { external_id, reason });
record!(HabitLog {
    id,
    kind,
    started_at,
    utc_offset_s,
    date,
    duration_ms,
    method,
    notes,
    mood,
    potency,
    source,
    external_id,
    version,
    last_modified,
});
record!(HabitLogPage { logs, next });
record!(HabitDay {
    date,
    count,
    duration_ms
});
record!(MigrationReport {
    imported,
    unchanged,
    total
});
record!(EarlierDataReport {
    program_sessions,
    habit_logs,
    progress_entries
});
record!(OutboxEvent {
    seq,
    op_id,
    root_kind,
    root_id,
    entity_kind,
    entity_id,
    operation,
    fields,
    status,
    attempt,
    max_attempts,
    is_new_record,
    group_id,
    not_before,
    error_code,
    error_message,
    created_at,
    last_attempt_at,
    completed_at,
});
record!(OutboxStatistics {
    pending,
    processing,
    failed,
    dead,
    completed,
    replaced,
    discarded,
    oldest_open_at
});
record!(SignInReport { adopted, kept, pending });
record!(SignOutReport { kept, discarded });
record!(Telemetry { since, operations });
record!(OperationStatistics {
    count,
    failures,
    median_ms,
    p95_ms,
    max_ms
});
record!(DiagnosticsReport {
    version,
    schema_version,
    platform,
    store_bytes,
    free_bytes,
    rows,
    outbox,
    outbox_errors,
    telemetry,
    text,
});
record!(Alert {
    kind,
    operation,
    value,
    threshold
});
