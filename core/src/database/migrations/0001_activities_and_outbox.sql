-- Every table is described in docs/formats/database.md. Once released, this file never changes: a later version adds a file.
--
-- Keys start with account_id. There are no foreign keys: a row may arrive from another device before the row that it belongs to,
-- and no constraint may fail because of the order of arrival. Deleting is done by code in one transaction; the integrity check
-- finds what belongs to nothing.

-- 'Stdf', so that the file names its owner.
PRAGMA application_id = 1400136806;

CREATE TABLE activity (
    account_id             TEXT    NOT NULL,
    id                     BLOB    NOT NULL CHECK (length(id) = 16),
    kind                   TEXT    NOT NULL,
    origin                 TEXT    NOT NULL,
    title                  TEXT    NOT NULL,
    notes                  TEXT    NOT NULL,
    started_at_ms          INTEGER NOT NULL,
    ended_at_ms            INTEGER NOT NULL,
    utc_offset_s           INTEGER,
    distance_m             REAL    NOT NULL,
    elevation_gain_m       REAL    NOT NULL,
    elevation_loss_m       REAL    NOT NULL,
    timer_s                REAL    NOT NULL,
    elapsed_s              REAL    NOT NULL,
    moving_s               REAL    NOT NULL,
    sample_count           INTEGER NOT NULL,
    segment_count          INTEGER NOT NULL,
    average_speed_mps      REAL,
    max_speed_mps          REAL,
    average_heart_rate_bpm REAL,
    max_heart_rate_bpm     REAL,
    average_cadence_rpm    REAL,
    average_power_w        REAL,
    device                 TEXT,
    reported               TEXT    NOT NULL,
    rejected               TEXT    NOT NULL,
    repairs                TEXT    NOT NULL,
    south_e7               INTEGER,
    west_e7                INTEGER,
    north_e7               INTEGER,
    east_e7                INTEGER,
    created_at_ms          INTEGER NOT NULL,
    updated_at_ms          INTEGER NOT NULL,
    alive                  INTEGER NOT NULL DEFAULT 1 CHECK (alive IN (0, 1)),
    version                INTEGER NOT NULL DEFAULT 0,
    last_modified          INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, id)
) STRICT;

CREATE INDEX activity_by_start ON activity (account_id, started_at_ms DESC, id DESC) WHERE alive = 1;
CREATE INDEX activity_by_kind ON activity (account_id, kind, started_at_ms DESC, id DESC) WHERE alive = 1;

-- The bytes come last, so that what stands before them is read without touching their overflow pages.
CREATE TABLE track_chunk (
    account_id    TEXT    NOT NULL,
    activity_id   BLOB    NOT NULL CHECK (length(activity_id) = 16),
    "index"       INTEGER NOT NULL,
    first_time_ms INTEGER NOT NULL,
    last_time_ms  INTEGER NOT NULL,
    row_count     INTEGER NOT NULL,
    south_e7      INTEGER,
    west_e7       INTEGER,
    north_e7      INTEGER,
    east_e7       INTEGER,
    checksum      INTEGER NOT NULL,
    bytes         BLOB    NOT NULL,
    PRIMARY KEY (account_id, activity_id, "index")
) STRICT;

CREATE TABLE split (
    account_id       TEXT    NOT NULL,
    activity_id      BLOB    NOT NULL CHECK (length(activity_id) = 16),
    "index"          INTEGER NOT NULL,
    id               BLOB    NOT NULL CHECK (length(id) = 16),
    distance_m       REAL    NOT NULL,
    duration_s       REAL    NOT NULL,
    pace_s_per_km    REAL,
    elevation_gain_m REAL    NOT NULL,
    is_full          INTEGER NOT NULL CHECK (is_full IN (0, 1)),
    PRIMARY KEY (account_id, activity_id, "index")
) STRICT, WITHOUT ROWID;

CREATE TABLE timer_interval (
    account_id    TEXT    NOT NULL,
    activity_id   BLOB    NOT NULL CHECK (length(activity_id) = 16),
    started_at_ms INTEGER NOT NULL,
    ended_at_ms   INTEGER NOT NULL,
    PRIMARY KEY (account_id, activity_id, started_at_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    seq             INTEGER PRIMARY KEY,
    account_id      TEXT    NOT NULL,
    op_id           BLOB    NOT NULL CHECK (length(op_id) = 16),
    device_id       BLOB    NOT NULL CHECK (length(device_id) = 16),
    root_kind       TEXT    NOT NULL,
    root_id         BLOB    NOT NULL CHECK (length(root_id) = 16),
    entity_kind     TEXT    NOT NULL,
    entity_id       BLOB    NOT NULL CHECK (length(entity_id) = 16),
    operation       TEXT    NOT NULL,
    fields          TEXT    NOT NULL,
    payload_hash    BLOB,
    schema_version  INTEGER NOT NULL,
    priority        INTEGER NOT NULL,
    group_id        BLOB,
    status          TEXT    NOT NULL CHECK (status IN
                    ('pending', 'processing', 'completed', 'failed', 'dead', 'replaced', 'discarded')),
    coalescable     INTEGER NOT NULL DEFAULT 1 CHECK (coalescable IN (0, 1)),
    open_epoch      INTEGER NOT NULL DEFAULT 0,
    claim           INTEGER NOT NULL DEFAULT 0,
    attempt         INTEGER NOT NULL DEFAULT 0,
    max_attempts    INTEGER NOT NULL,
    crash_count     INTEGER NOT NULL DEFAULT 0,
    not_before_ms   INTEGER,
    error_class     TEXT,
    error_code      TEXT,
    error_message   TEXT,
    created_at_ms   INTEGER NOT NULL,
    last_attempt_at_ms INTEGER,
    completed_at_ms INTEGER,
    -- An event is open until it has a time of completion, whatever the completion was. The indexes rest on this.
    CHECK ((completed_at_ms IS NOT NULL) = (status IN ('completed', 'replaced', 'discarded')))
) STRICT;

CREATE UNIQUE INDEX outbox_by_operation ON outbox (account_id, op_id);
-- Open events only, so that a million completed ones cost a claim nothing.
CREATE INDEX outbox_open ON outbox (account_id, status, priority, seq) WHERE completed_at_ms IS NULL;
-- completed_at_ms before seq: "is an earlier one of this root open?" reads open ones alone.
CREATE INDEX outbox_by_root ON outbox (account_id, root_id, completed_at_ms, seq);

CREATE TABLE local_state (
    key   TEXT NOT NULL PRIMARY KEY,
    value ANY  NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine (
    id           INTEGER PRIMARY KEY,
    account_id   TEXT    NOT NULL,
    source_table TEXT    NOT NULL,
    parent_id    BLOB,
    key          TEXT    NOT NULL,
    reason       TEXT    NOT NULL,
    at_ms        INTEGER NOT NULL,
    bytes        BLOB    NOT NULL
) STRICT;

CREATE INDEX quarantine_by_parent ON quarantine (account_id, parent_id);
