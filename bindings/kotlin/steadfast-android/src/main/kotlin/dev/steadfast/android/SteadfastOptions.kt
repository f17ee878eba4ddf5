package dev.steadfast.android

import android.content.Context
import dev.steadfast.LogLevel
import dev.steadfast.Recorder
import dev.steadfast.save
import java.io.File
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * Implemented by the app's `Application`, if it wants anything else than the defaults.
 *
 * Asked for, not told: the system restarts the recording service and runs the jobs in a process that has no screen, where nothing but
 * `Application.onCreate` has run.
 */
public interface SteadfastHost {
    public val steadfastOptions: SteadfastOptions
}

/**
 * How the app records on Android. Every part has a default.
 *
 * @param encryptRecovery seals the files of unfinished workouts with a key that the Keystore keeps. Saved activities are not sealed.
 * @param autosaveInterval how long an acknowledged sample may wait until it survives power loss as well as a kill.
 * @param notification what the person sees while something is recorded.
 * @param positions where the fixes come from; called once a recording, in the service.
 * @param finish what the notification's "finish" does. By default it saves; the title can be edited later.
 * @param spool a folder in which extensions and watches leave files, taken in by [BackgroundJob.UPKEEP]; null for none.
 * @param upkeep what the app adds to [BackgroundJob.UPKEEP]; run after the package's own, in this order.
 * @param logLevel how much of what the core does goes to logcat, under the tag `steadfast`; null for nothing. Never a position, a note or a key.
 * @param jobIdBase the first of the job ids that the package uses; an app must not use them, or those of the ten after it.
 */
public class SteadfastOptions(
    public val encryptRecovery: Boolean = true,
    public val autosaveInterval: Duration = 10.seconds,
    public val notification: RecordingNotification = DefaultRecordingNotification(),
    public val positions: (Context) -> PositionSource = { GpsPositionSource(it) },
    public val finish: suspend (Recorder) -> Unit = { it.save() },
    public val spool: (Context) -> File? = { null },
    public val upkeep: List<BackgroundTask> = emptyList(),
    public val logLevel: LogLevel? = LogLevel.WARN,
    public val jobIdBase: Int = 735_001,
)

private val defaults by lazy { SteadfastOptions() }

internal val Context.steadfastOptions: SteadfastOptions
    get() = (applicationContext as? SteadfastHost)?.steadfastOptions ?: defaults
