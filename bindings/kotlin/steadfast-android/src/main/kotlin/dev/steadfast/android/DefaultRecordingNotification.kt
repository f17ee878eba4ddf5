package dev.steadfast.android

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.graphics.drawable.Icon
import android.os.Build
import dev.steadfast.LiveStatistics
import dev.steadfast.RecordingState

/**
 * Kind, timer and distance, and buttons that fit the state. The timer is a chronometer: the system lets it tick, nobody wakes for it.
 *
 * @param icon a drawable of the app, white on transparent.
 */
public open class DefaultRecordingNotification(
    private val icon: Int = android.R.drawable.ic_menu_mylocation,
    private val texts: (Context) -> RecordingTexts = { RecordingTexts() },
) : RecordingNotification {
    override fun channel(context: Context): NotificationChannel =
        NotificationChannel(CHANNEL, texts(context).channel, NotificationManager.IMPORTANCE_LOW).apply { setShowBadge(false) }

    override fun build(context: Context, status: RecordingStatus, actions: RecordingActions): Notification {
        val texts = texts(context)
        val live = status.live
        val isNotice = live == null && status.problem != null
        val builder =
            Notification
                .Builder(context, CHANNEL)
                .setSmallIcon(icon)
                .setOngoing(!isNotice)
                .setAutoCancel(isNotice)
                .setOnlyAlertOnce(true)
                .setVisibility(Notification.VISIBILITY_PUBLIC)
                .setContentIntent(actions.open)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
            builder.setCategory(Notification.CATEGORY_WORKOUT)
            // Else Android 12 waits up to ten seconds before it shows it.
            builder.setForegroundServiceBehavior(Notification.FOREGROUND_SERVICE_IMMEDIATE)
        }
        builder.setContentTitle(live?.let { texts.kind(it.kind) } ?: texts.channel)
        builder.setContentText(text(texts, status))
        if (live != null) {
            builder.showTimer(live)
            builder.addButtons(texts, live, actions)
        }
        return builder.build()
    }

    private fun text(texts: RecordingTexts, status: RecordingStatus): String {
        val live = status.live ?: return status.problem?.let(texts.problem) ?: texts.preparing
        val state =
            when (live.state) {
                RecordingState.RECORDING -> null
                RecordingState.PAUSED -> texts.paused
                RecordingState.AUTO_PAUSED -> texts.autoPaused
                RecordingState.STOPPED -> texts.stopped
            }
        return listOfNotNull(
            status.problem?.let(texts.problem),
            texts.unsaved.takeIf { live.unsavedSamples > 0u },
            state,
            texts.duration(live.timerS).takeIf { live.state != RecordingState.RECORDING },
            texts.distance(live.distanceM),
        ).joinToString(" · ")
    }

    private fun Notification.Builder.showTimer(live: LiveStatistics) {
        if (live.state == RecordingState.RECORDING) {
            setUsesChronometer(true)
            setShowWhen(true)
            setWhen(System.currentTimeMillis() - (live.timerS * 1000).toLong())
        } else {
            setShowWhen(false)
        }
    }

    private fun Notification.Builder.addButtons(texts: RecordingTexts, live: LiveStatistics, actions: RecordingActions) {
        when (live.state) {
            RecordingState.RECORDING, RecordingState.AUTO_PAUSED -> {
                addButton(texts.pause, actions.pause)
                addButton(texts.lap, actions.lap)
                addButton(texts.finish, actions.finish)
            }

            RecordingState.PAUSED -> {
                addButton(texts.resume, actions.resume)
                addButton(texts.finish, actions.finish)
            }

            RecordingState.STOPPED -> {
                addButton(texts.resume, actions.resume)
                addButton(texts.save, actions.finish)
            }
        }
    }

    // Without an icon: none has been shown since Android 7.
    private fun Notification.Builder.addButton(title: String, intent: PendingIntent) {
        addAction(Notification.Action.Builder(null as Icon?, title, intent).build())
    }

    public companion object {
        /** The id of the channel. */
        public const val CHANNEL: String = "steadfast.recording"
    }
}
