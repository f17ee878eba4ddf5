package dev.steadfast

/**
 * Saves the workout in progress: the activity, its track, its splits and its outbox event in one transaction, or nothing. Stops it first if it
 * still runs.
 *
 * Cancelled with its coroutine. It ends when the core has decided: if the transaction was committed by then, the activity is returned; if not,
 * a `CancellationException` is thrown and the recording is where it was.
 *
 * @throws SteadfastException `not_recording`; a validation error (too few samples, too short, too many, impossible dates); `save_failed` or
 * `kept_as_backup`. The recording is still there: save it again or resume it.
 */
public suspend fun Recorder.save(options: SaveOptions = SaveOptions()): Activity = cancellable { save(options, it) }

/**
 * Saves an interrupted workout as it is, with its last record as its end; otherwise as `save`.
 *
 * @throws SteadfastException as `save` and `resumeRecovered`; age is no hindrance.
 */
public suspend fun Recorder.saveRecovered(id: Id, options: SaveOptions = SaveOptions()): Activity =
    cancellable { saveRecovered(id, options, it) }
