-- Described in docs/formats/database.md, as all tables. Once released, this file never changes.
--
-- The rows below are what a person sees: what the server said (server_row) under what this device has yet to tell it (outbox). Each of
-- their fields may be null, since a row can arrive in parts; `alive = 0` keeps the place of a deleted row. Each has a column for every
-- field of its kind in protocol/src/entity.rs, under the field's name.

CREATE TABLE program_session (
    account_id    TEXT    NOT NULL,
    id            BLOB    NOT NULL CHECK (length(id) = 16),
    program_id    TEXT,
    week          INTEGER,
    day           INTEGER,
    completed_at_ms INTEGER,
    completed_utc_offset_s INTEGER,
    intensity     TEXT,
    scheduled_date TEXT,
    alive         INTEGER NOT NULL DEFAULT 1 CHECK (alive IN (0, 1)),
    version       INTEGER NOT NULL DEFAULT 0,
    last_modified INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, id)
) STRICT;

CREATE INDEX program_session_by_day ON program_session (account_id, program_id, week, day) WHERE alive = 1;

CREATE TABLE exercise_definition (
    account_id    TEXT    NOT NULL,
    id            BLOB    NOT NULL CHECK (length(id) = 16),
    name          TEXT,
    equipment     TEXT,
    muscle_group  TEXT,
    alive         INTEGER NOT NULL DEFAULT 1 CHECK (alive IN (0, 1)),
    version       INTEGER NOT NULL DEFAULT 0,
    last_modified INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, id)
) STRICT;

CREATE INDEX exercise_definition_by_name ON exercise_definition (account_id, name, id) WHERE alive = 1;

CREATE TABLE workout_log (
    account_id    TEXT    NOT NULL,
    id            BLOB    NOT NULL CHECK (length(id) = 16),
    program_id    TEXT,
    week          INTEGER,
    day           INTEGER,
    started_at_ms INTEGER,
    utc_offset_s  INTEGER,
    is_workout_finished INTEGER CHECK (is_workout_finished IN (0, 1)),
    notes         TEXT,
    alive         INTEGER NOT NULL DEFAULT 1 CHECK (alive IN (0, 1)),
    version       INTEGER NOT NULL DEFAULT 0,
    last_modified INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, id)
) STRICT;

-- The id follows from the training day, so this can only fail for a row that no version wrote.
CREATE UNIQUE INDEX workout_log_by_day ON workout_log (account_id, program_id, week, day);
CREATE INDEX workout_log_by_start ON workout_log (account_id, started_at_ms DESC, id DESC) WHERE alive = 1;
CREATE INDEX workout_log_by_program ON workout_log (account_id, program_id, started_at_ms DESC, id DESC) WHERE alive = 1;

CREATE TABLE exercise (
    account_id    TEXT    NOT NULL,
    id            BLOB    NOT NULL CHECK (length(id) = 16),
    workout_log_id BLOB   CHECK (length(workout_log_id) = 16),
    definition_id BLOB    CHECK (length(definition_id) = 16),
    occurrence    INTEGER,
    position      TEXT,
    notes         TEXT,
    body_weight   REAL,
    body_weight_unit TEXT,
    body_weight_kg REAL,
    alive         INTEGER NOT NULL DEFAULT 1 CHECK (alive IN (0, 1)),
    version       INTEGER NOT NULL DEFAULT 0,
    last_modified INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, id)
) STRICT;

-- With deleted rows: a save has to know which places are taken.
CREATE INDEX exercise_by_log ON exercise (account_id, workout_log_id);
CREATE INDEX exercise_by_definition ON exercise (account_id, definition_id) WHERE alive = 1;

CREATE TABLE exercise_set (
    account_id    TEXT    NOT NULL,
    id            BLOB    NOT NULL CHECK (length(id) = 16),
    workout_log_id BLOB   CHECK (length(workout_log_id) = 16),
    exercise_id   BLOB    CHECK (length(exercise_id) = 16),
    "index"       INTEGER,
    reps          INTEGER,
    weight        REAL,
    weight_unit   TEXT,
    weight_kg     REAL,
    completed     INTEGER CHECK (completed IN (0, 1)),
    alive         INTEGER NOT NULL DEFAULT 1 CHECK (alive IN (0, 1)),
    version       INTEGER NOT NULL DEFAULT 0,
    last_modified INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, id)
) STRICT;

CREATE INDEX exercise_set_by_log ON exercise_set (account_id, workout_log_id, exercise_id, "index");

CREATE TABLE progress_entry (
    account_id    TEXT    NOT NULL,
    id            BLOB    NOT NULL CHECK (length(id) = 16),
    kind          TEXT,
    quantity      REAL,
    unit          TEXT,
    quantity_si   REAL,
    recorded_at_ms INTEGER,
    utc_offset_s  INTEGER,
    date          TEXT,
    notes         TEXT,
    source        TEXT,
    external_id   TEXT,
    backend_id    TEXT,
    alive         INTEGER NOT NULL DEFAULT 1 CHECK (alive IN (0, 1)),
    version       INTEGER NOT NULL DEFAULT 0,
    last_modified INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, id)
) STRICT;

CREATE INDEX progress_entry_by_time ON progress_entry (account_id, recorded_at_ms DESC, id DESC) WHERE alive = 1;
CREATE INDEX progress_entry_by_kind ON progress_entry (account_id, kind, recorded_at_ms DESC, id DESC) WHERE alive = 1;
CREATE INDEX progress_entry_by_date ON progress_entry (account_id, kind, date) WHERE alive = 1;

CREATE TABLE habit_log (
    account_id    TEXT    NOT NULL,
    id            BLOB    NOT NULL CHECK (length(id) = 16),
    kind          TEXT,
    started_at_ms INTEGER,
    utc_offset_s  INTEGER,
    date          TEXT,
    duration_ms   INTEGER,
    method        TEXT,
    notes         TEXT,
    mood          TEXT,
    potency       INTEGER,
    source        TEXT,
    external_id   TEXT,
    alive         INTEGER NOT NULL DEFAULT 1 CHECK (alive IN (0, 1)),
    version       INTEGER NOT NULL DEFAULT 0,
    last_modified INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, id)
) STRICT;

CREATE INDEX habit_log_by_time ON habit_log (account_id, started_at_ms DESC, id DESC) WHERE alive = 1;
CREATE INDEX habit_log_by_kind ON habit_log (account_id, kind, started_at_ms DESC, id DESC) WHERE alive = 1;
-- Holds all that a day's total needs.
CREATE INDEX habit_log_by_date ON habit_log (account_id, kind, date, duration_ms) WHERE alive = 1;

-- What the server has of a row: the layer under the outbox.
CREATE TABLE server_row (
    account_id  TEXT    NOT NULL,
    entity_kind TEXT    NOT NULL,
    entity_id   BLOB    NOT NULL CHECK (length(entity_id) = 16),
    fields      TEXT    NOT NULL,
    -- The lowest epoch that confirms one of the fields.
    confirmed_epoch INTEGER NOT NULL,
    PRIMARY KEY (account_id, entity_kind, entity_id)
) STRICT, WITHOUT ROWID;

-- One row an account that was ever used here.
CREATE TABLE account (
    account_id    TEXT    NOT NULL PRIMARY KEY,
    -- Rises with every sign-in and sign-out; a reply to an older generation changes nothing.
    generation    INTEGER NOT NULL DEFAULT 0,
    -- The server's epoch and the place in its changes; null until it was heard.
    server_epoch  INTEGER,
    cursor        INTEGER NOT NULL DEFAULT 0,
    -- 1 from the moment that a newer epoch was heard until nothing is left that the server said before it alone.
    awaits_snapshot INTEGER NOT NULL DEFAULT 0 CHECK (awaits_snapshot IN (0, 1)),
    -- The newest server time, and when it was heard by this device's clocks.
    heard_ms      INTEGER,
    heard_mono_ms INTEGER,
    heard_boot_id TEXT,
    -- Why nothing is sent at present; null if nothing keeps it.
    paused        TEXT
) STRICT, WITHOUT ROWID;

-- Values that lost a merge, with the values that won.
CREATE TABLE conflict (
    id            INTEGER PRIMARY KEY,
    account_id    TEXT    NOT NULL,
    entity_kind   TEXT    NOT NULL,
    entity_id     BLOB    NOT NULL CHECK (length(entity_id) = 16),
    field         TEXT    NOT NULL,
    kept_value    TEXT    NOT NULL,
    lost_value    TEXT    NOT NULL,
    lost_op_id    BLOB    NOT NULL CHECK (length(lost_op_id) = 16),
    at_ms         INTEGER NOT NULL,
    resolved_at_ms INTEGER
) STRICT;

CREATE INDEX conflict_open ON conflict (account_id, id) WHERE resolved_at_ms IS NULL;

-- The stamp of the root's `alive` when a child was edited: writing a child brings its deleted root back.
ALTER TABLE outbox ADD COLUMN root_base TEXT;
-- 1 if the server had never said anything of the row when the event was made.
ALTER TABLE outbox ADD COLUMN is_new_record INTEGER NOT NULL DEFAULT 0 CHECK (is_new_record IN (0, 1));

CREATE INDEX outbox_by_group ON outbox (account_id, group_id) WHERE group_id IS NOT NULL AND completed_at_ms IS NULL;
-- For the clean-up, which would otherwise read a million closed events to find those that are old.
CREATE INDEX outbox_closed ON outbox (completed_at_ms) WHERE status IN ('completed', 'replaced');
-- Of open events alone: among a million closed ones each look at a root would read pages that no cache of ours holds, which made a
-- claim of ten events 1.4 times as slow.
DROP INDEX outbox_by_root;
CREATE INDEX outbox_by_root ON outbox (account_id, root_id, seq) WHERE completed_at_ms IS NULL;
-- For a child's own events; others are found by their root.
CREATE INDEX outbox_by_child ON outbox (account_id, entity_id, seq) WHERE completed_at_ms IS NULL AND entity_id <> root_id;

-- Recordings that were started under one account and are another's when they are saved: it adopted them in between.
CREATE TABLE adopted_recording (
    workout_id    BLOB NOT NULL CHECK (length(workout_id) = 16),
    started_under TEXT NOT NULL,
    account_id    TEXT NOT NULL,
    PRIMARY KEY (workout_id, started_under)
) STRICT, WITHOUT ROWID;
