package dev.steadfast

import java.io.File

/**
 * Imports a GPX, TCX or FIT file, told apart by content, all of it in one transaction. Importing a file again changes nothing.
 *
 * Cancelled with its coroutine: what was committed by then is returned, else nothing was stored.
 *
 * @throws SteadfastException what is wrong with the file, as a validation error; a storage error.
 */
public suspend fun Activities.importFile(path: String): ImportReport = cancellable { importFile(path, it) }

/** As the other `importFile`. */
public suspend fun Activities.importFile(file: File): ImportReport = importFile(file.path)

/**
 * Imports each finished file of a spool folder once, then removes it; what is refused is set aside.
 *
 * Cancelled with its coroutine: a file that was not taken in by then stays for the next time.
 *
 * @throws SteadfastException a storage error.
 */
public suspend fun Activities.takeInSpool(folder: File): SpoolReport = cancellable { takeInSpool(folder.path, it) }

/**
 * Writes an activity to a file, which is replaced as a whole or not at all. FIT cannot be written.
 *
 * @throws SteadfastException `not_found`, `invalid_argument` for a format that is read only, `data_damaged`, `export_failed`; a storage error.
 */
public suspend fun Activities.exportFile(id: Id, format: FileFormat, file: File, options: ExportOptions = ExportOptions()): Unit =
    exportFile(id, format, file.path, options)

/**
 * Writes an interrupted workout to a file without saving or changing it.
 *
 * @throws SteadfastException as `resumeRecovered` and `exportFile`.
 */
public suspend fun Recorder.exportRecovered(id: Id, format: FileFormat, file: File, options: ExportOptions = ExportOptions()): Unit =
    exportRecovered(id, format, file.path, options)
