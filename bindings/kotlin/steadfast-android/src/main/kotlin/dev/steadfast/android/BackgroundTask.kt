package dev.steadfast.android

import android.app.ActivityManager
import android.app.ActivityManager.RunningAppProcessInfo
import dev.steadfast.RecordingState
import dev.steadfast.RecoveryInfo
import dev.steadfast.SteadfastClient
import dev.steadfast.SteadfastException
import dev.steadfast.saveRecovered
import dev.steadfast.takeInSpool
import java.io.File

/** Work that waits for a good moment. */
public fun interface BackgroundTask {
    /**
     * Does it. Cancelled when the system takes the moment back: what is not done by then is done the next time.
     *
     * @return [Outcome.AGAIN] to be run again, later and later.
     * @throws SteadfastException run again if it is retryable.
     */
    public suspend fun run(client: SteadfastClient): Outcome

    /** How it went. */
    public enum class Outcome {
        DONE,
        AGAIN,
    }
}

/**
 * Saves the workouts that were finished but whose save the process did not live to end. Those that were not finished are left for the person to
 * decide, and so are those that cannot be saved as they are; while the app is on the screen, all of them.
 */
internal val saveFinished =
    BackgroundTask { client ->
        val recorder = client.recorder()
        if (isOnScreen()) return@BackgroundTask BackgroundTask.Outcome.AGAIN
        for (info in recorder.recovery().filter { it.wasFinished }) {
            try {
                recorder.saveRecovered(info.id)
            } catch (_: SteadfastException.Validation) {
                // Too short, or saved or discarded by the person meanwhile: offered by `recovery` as long as it is there.
            }
        }
        // In progress, so not among them: the process lives, and may be killed yet.
        if (recorder.live()?.state == RecordingState.STOPPED) BackgroundTask.Outcome.AGAIN else BackgroundTask.Outcome.DONE
    }

/** Imports what extensions and watches left in the folder. */
internal fun takeIn(spool: File) =
    BackgroundTask { client ->
        if (spool.isDirectory) client.activities().takeInSpool(spool)
        BackgroundTask.Outcome.DONE
    }

/** Copies the store if the last copy is a day old; not while something is recorded. */
internal val backUp =
    BackgroundTask { client ->
        if (client.recorder().live() != null) return@BackgroundTask BackgroundTask.Outcome.AGAIN
        client.maintenance().backUp()
        BackgroundTask.Outcome.DONE
    }

private val RecoveryInfo.wasFinished: Boolean get() = state == RecordingState.STOPPED && problem == null

private fun isOnScreen(): Boolean {
    val process = RunningAppProcessInfo().also { ActivityManager.getMyMemoryState(it) }
    return process.importance <= RunningAppProcessInfo.IMPORTANCE_FOREGROUND
}
