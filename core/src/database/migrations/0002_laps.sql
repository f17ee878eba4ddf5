-- Described in docs/formats/database.md, as all tables. Once released, this file never changes.

CREATE TABLE lap (
    account_id       TEXT    NOT NULL,
    activity_id      BLOB    NOT NULL CHECK (length(activity_id) = 16),
    "index"          INTEGER NOT NULL,
    id               BLOB    NOT NULL CHECK (length(id) = 16),
    started_at_ms    INTEGER NOT NULL,
    distance_m       REAL    NOT NULL,
    duration_s       REAL    NOT NULL,
    pace_s_per_km    REAL,
    elevation_gain_m REAL    NOT NULL,
    PRIMARY KEY (account_id, activity_id, "index")
) STRICT, WITHOUT ROWID;
