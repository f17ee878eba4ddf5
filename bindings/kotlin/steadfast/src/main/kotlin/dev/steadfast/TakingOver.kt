package dev.steadfast

import java.io.File

/**
 * Takes over a file of an earlier store (docs/formats/migration.md), all of it in one transaction or nothing, as often as the app likes.
 *
 * Cancelled with its coroutine: what was committed by then is returned, else nothing was changed.
 *
 * @throws SteadfastException what is wrong with the file, or with a row, as a validation error; a storage error.
 */
public suspend fun Migration.migrateFile(path: String): EarlierDataReport = cancellable { migrateFile(path, it) }

/** As the other `migrateFile`. */
public suspend fun Migration.migrateFile(file: File): EarlierDataReport = migrateFile(file.path)

/**
 * Takes over the training days of an earlier store, all of them or none. Cancelled with its coroutine: what was committed by then is returned,
 * else nothing was changed.
 *
 * @throws SteadfastException `invalid_argument` naming the field and the row; a storage error.
 */
public suspend fun Programs.migrate(sessions: List<ProgramSessionImport>): MigrationReport = cancellable { migrate(sessions, it) }

/**
 * Takes over the metrics of an earlier store, all of them or none. Cancelled with its coroutine: what was committed by then is returned, else
 * nothing was changed.
 *
 * @throws SteadfastException `invalid_argument` naming the field and the row; a storage error.
 */
public suspend fun Metrics.migrate(entries: List<NewProgressEntry>): MigrationReport = cancellable { migrate(entries, it) }

/**
 * Takes over the habit logs of an earlier store, all of them or none. Cancelled with its coroutine: what was committed by then is returned, else
 * nothing was changed.
 *
 * @throws SteadfastException `invalid_argument` naming the field and the row; a storage error.
 */
public suspend fun Habits.migrate(logs: List<NewHabitLog>): MigrationReport = cancellable { migrate(logs, it) }

/**
 * Takes in records of the phone's health store; importing the same records again changes nothing.
 *
 * Cancelled with its coroutine: what was committed by then stays, and importing again goes on from there.
 *
 * @throws SteadfastException a storage error. A record that cannot be an entry is counted in the report.
 */
public suspend fun Metrics.importHealth(records: List<HealthRecord>): HealthImportReport = cancellable { importHealth(records, it) }
