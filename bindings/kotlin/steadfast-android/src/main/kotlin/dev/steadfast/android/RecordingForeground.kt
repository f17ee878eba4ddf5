package dev.steadfast.android

import android.app.NotificationManager
import android.app.Service
import android.content.pm.ServiceInfo.FOREGROUND_SERVICE_TYPE_HEALTH
import android.content.pm.ServiceInfo.FOREGROUND_SERVICE_TYPE_LOCATION
import android.os.Build
import android.os.SystemClock
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.update

/** Keeps the service in the foreground, and its notification true. */
internal class RecordingForeground(private val service: Service, private val problem: MutableStateFlow<RecordingProblem?>) {
    private val notification = service.steadfastOptions.notification
    private val actions by lazy { RecordingActions(service) }
    private val manager = service.getSystemService(NotificationManager::class.java)
    private var shown: Shown? = null

    private var asked: List<Int>? = null
    private var isOver = false

    /** Goes to the foreground, or stays there with another type, as far as the system allows it; else it says what is in the way. */
    @Synchronized
    fun enter(status: RecordingStatus): Boolean {
        notification.channel(service).let { manager?.createNotificationChannel(it) }
        val built = notification.build(service, status, actions)
        var refused: Exception? = null
        val types = types(status)
        asked = types
        for (type in types) {
            try {
                if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) {
                    service.startForeground(NOTIFICATION_ID, built, type)
                } else {
                    service.startForeground(NOTIFICATION_ID, built)
                }
                problem.update { now ->
                    refused?.let { RecordingProblem.LocationNotAllowedYet(it) } ?: now?.takeUnless { it.isOfTheSystem }
                }
                manager?.cancel(NOTICE_ID)
                return true
            } catch (error: SecurityException) {
                refused = error
            } catch (error: IllegalStateException) {
                // ForegroundServiceStartNotAllowedException, which Android 11 does not know by name.
                refused = error
            }
        }
        problem.value = RecordingProblem.NotAllowedInBackground(checkNotNull(refused))
        return false
    }

    /** Shows [status] at once if it says something new, else only if five seconds have passed: the shade is no screen. */
    @Synchronized
    fun show(status: RecordingStatus) {
        val now = Shown(status, SystemClock.elapsedRealtime())
        val before = shown
        if (isOver || (before != null && !now.isDueAfter(before))) return
        shown = now
        if (asked == types(status)) {
            manager?.notify(NOTIFICATION_ID, notification.build(service, status, actions))
        } else {
            enter(status)
        }
    }

    /** Leaves a notification that stays when the service goes: the app has to be opened. Until the service is in the foreground again. */
    @Synchronized
    fun leaveNotice() {
        notification.channel(service).let { manager?.createNotificationChannel(it) }
        manager?.notify(NOTICE_ID, notification.build(service, RecordingStatus(null, problem.value), actions))
    }

    /** The service is gone: a notification that were shown now would stay for good. */
    @Synchronized
    fun leave() {
        isOver = true
        service.stopForeground(Service.STOP_FOREGROUND_REMOVE)
    }

    private fun types(status: RecordingStatus) =
        foregroundTypes(Build.VERSION.SDK_INT, status.live?.kind?.isIndoor(), hasLocationPermission(service))

    private class Shown(val status: RecordingStatus, val atMs: Long) {
        private val says: List<Any?> =
            listOf(status.live?.workoutId, status.live?.state, status.problem, (status.live?.unsavedSamples ?: 0u) > 0u)

        fun isDueAfter(before: Shown): Boolean = says != before.says || atMs - before.atMs >= INTERVAL_MS
    }

    companion object {
        const val NOTIFICATION_ID = 735_001
        const val NOTICE_ID = 735_002
        private const val INTERVAL_MS = 5_000
    }
}

private val RecordingProblem.isOfTheSystem: Boolean
    get() = this is RecordingProblem.LocationNotAllowedYet || this is RecordingProblem.NotAllowedInBackground

/** Before Android 14: no type at all, which the manifest's types allow. */
internal const val NO_TYPE = 0

/**
 * The types to try, in this order. `location` is what lets positions come while the app is in the background; from Android 14 on it needs the
 * permission, and an app that is or was on the screen. Without it, and indoors, the service is of type `health` there: it needs no permission
 * that the person could refuse, so that the timer and the sensors go on.
 *
 * @param isIndoor null while the workout is not known yet.
 */
internal fun foregroundTypes(sdk: Int, isIndoor: Boolean?, hasPermission: Boolean): List<Int> {
    val without = if (sdk >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE) FOREGROUND_SERVICE_TYPE_HEALTH else NO_TYPE
    return if (isIndoor == true || !hasPermission) listOf(without) else listOf(FOREGROUND_SERVICE_TYPE_LOCATION, without)
}
