package dev.steadfast.android

import android.content.Context
import android.os.PowerManager

/**
 * Keeps the processor awake while positions are recorded, from one fix to the next: the platform holds it awake only while it hands a fix over,
 * not until the core has written it down.
 *
 * Each fix renews it for ten minutes; a receiver that falls silent for longer lets the device sleep, and the next fix wakes it. Not held while
 * paused, nor for indoor workouts, whose sensors wake the device themselves; the timer needs no processor.
 */
internal class RecordingWakeLock(context: Context) {
    private val lock =
        context
            .getSystemService(PowerManager::class.java)
            ?.newWakeLock(PowerManager.PARTIAL_WAKE_LOCK, "steadfast:recording")
            ?.apply { setReferenceCounted(false) }

    fun renew() {
        lock?.acquire(TEN_MINUTES_MS)
    }

    fun release() {
        lock?.release()
    }

    private companion object {
        const val TEN_MINUTES_MS = 10 * 60 * 1000L
    }
}
