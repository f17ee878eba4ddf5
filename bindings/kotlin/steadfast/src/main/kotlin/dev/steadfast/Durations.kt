package dev.steadfast

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.File
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * How the client is opened: the generated `Config` with a file and a duration.
 *
 * @param dataDir the folder that holds everything: `context.noBackupFilesDir` on Android, never a cache folder.
 * @param autosaveInterval how long an acknowledged sample may wait until it survives power loss as well as a kill, in whole milliseconds;
 * [Duration.ZERO] makes every call wait for the disk.
 */
public fun Config(
    dataDir: File,
    recoveryKey: ByteArray? = null,
    autosaveInterval: Duration = 10.seconds,
    bootId: String? = null,
    alertThresholds: AlertThresholds? = null,
): Config = Config(dataDir.path, recoveryKey, autosaveInterval.toMilliseconds(), bootId, alertThresholds)

/**
 * Finishes the write in flight and closes every database file until `resumeStorage`, on [Dispatchers.IO]. A recording goes on.
 *
 * @param deadline how long it may wait for the write in flight, in whole milliseconds; it takes at most two seconds more.
 * @throws SteadfastException a storage error; the files are closed unless it is `storage_busy`.
 */
public suspend fun SteadfastClient.suspendStorage(deadline: Duration): Unit =
    withContext(Dispatchers.IO) { suspendStorage(deadline.toMilliseconds()) }

/** Moves both clocks by [duration], in whole milliseconds. */
public fun ManualClock.advance(duration: Duration): Unit = advance(duration.inWholeMilliseconds)

/** How long the timer ran: from start to end without pauses. */
public val Activity.timer: Duration get() = timerS.seconds

/** From start to end, pauses included. */
public val Activity.elapsed: Duration get() = elapsedS.seconds

/** In motion. */
public val Activity.moving: Duration get() = movingS.seconds

/** How long the timer ran, up to now. */
public val LiveStatistics.timer: Duration get() = timerS.seconds

/** Since the start, up to now. */
public val LiveStatistics.elapsed: Duration get() = elapsedS.seconds

/** In motion. */
public val LiveStatistics.moving: Duration get() = movingS.seconds

/** On the timer so far. */
public val RecoveryInfo.duration: Duration get() = durationS.seconds

/** Of the timer. */
public val Split.duration: Duration get() = durationS.seconds

/** Of the timer. */
public val Lap.duration: Duration get() = durationS.seconds

/** How long it took, if that is known. */
public val HabitLog.duration: Duration? get() = durationMs?.toLong()?.milliseconds

/** How long its entries took together; null if none of them says. */
public val HabitDay.duration: Duration? get() = durationMs?.toLong()?.milliseconds

/** Whole milliseconds as the core takes them; what is negative is nothing, what is too long is the longest. */
private fun Duration.toMilliseconds(): UInt = coerceIn(Duration.ZERO, UInt.MAX_VALUE.toLong().milliseconds).inWholeMilliseconds.toUInt()
