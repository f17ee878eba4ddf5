package dev.steadfast.android

import android.app.Notification
import android.app.NotificationChannel
import android.app.PendingIntent
import android.content.Context
import dev.steadfast.LiveStatistics

/** What the person sees while something is recorded. [DefaultRecordingNotification] is one; an app may write its own. */
public interface RecordingNotification {
    /** The channel of every notification that [build] makes. Of low importance or more: below it the system shows one of its own. */
    public fun channel(context: Context): NotificationChannel

    /**
     * The notification for [status]. Called from one thread, not the main one but for the first time: at once after a change of state, else
     * at most every five seconds. It has to be quick.
     */
    public fun build(context: Context, status: RecordingStatus, actions: RecordingActions): Notification
}

/**
 * What there is to show.
 *
 * @property live the workout; null while the store is being opened after a restart by the system, and after [RecordingProblem.NotAllowedInBackground].
 * @property problem what does not go as it should.
 */
public data class RecordingStatus(val live: LiveStatistics?, val problem: RecordingProblem? = null)

/** What the notification's buttons do. Each works from the lock screen. */
public class RecordingActions internal constructor(context: Context) {
    public val pause: PendingIntent = RecordingService.Command.PAUSE.pendingIntent(context)
    public val resume: PendingIntent = RecordingService.Command.RESUME.pendingIntent(context)
    public val lap: PendingIntent = RecordingService.Command.LAP.pendingIntent(context)

    /** Does what [SteadfastOptions.finish] says. */
    public val finish: PendingIntent = RecordingService.Command.FINISH.pendingIntent(context)

    /** Opens the app's launcher activity; null if it has none. */
    public val open: PendingIntent? =
        context.packageManager.getLaunchIntentForPackage(context.packageName)?.let {
            PendingIntent.getActivity(context, 0, it, PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT)
        }
}
