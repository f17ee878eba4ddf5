package dev.steadfast.android

import android.app.PendingIntent
import android.app.Service
import android.content.Context
import android.content.Intent
import android.os.IBinder
import dev.steadfast.Recorder
import dev.steadfast.SteadfastException
import dev.steadfast.ValidationCode
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/**
 * Records in the background: a foreground service that follows the workout in progress, whoever starts, pauses or ends it.
 *
 * Call [start] after `Recorder.start` or `resumeRecovered`, while the app is on the screen. It ends by itself when the workout is saved or
 * discarded. Swiping the app away does not end it. If the system kills the process and starts the service again, it takes the workout up by
 * `resumeFresh`, without a question; if there is none, it ends.
 */
public class RecordingService : Service() {
    // One at a time, off the main thread: each call of the recorder waits for the disk.
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.IO.limitedParallelism(1))
    private val foreground by lazy { RecordingForeground(this, problems) }
    private val wakeLock by lazy { RecordingWakeLock(this) }
    private val screens = Screens(::onScreen)
    private var follower: RecordingFollower? = null
    private var following: Job? = null

    @Volatile
    private var lastStartId = 0

    override fun onBind(intent: Intent?): IBinder? = null

    override fun onCreate() {
        super.onCreate()
        application.registerActivityLifecycleCallbacks(screens)
    }

    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
        lastStartId = startId
        if (!enterForeground()) {
            foreground.leaveNotice()
            stopSelf()
            return START_NOT_STICKY
        }
        val command = intent?.action?.let { Command.of(it) }
        scope.launch { handle(command) }
        return START_STICKY
    }

    // Swiped away: the recording goes on. Here so that it is seen to be meant.
    override fun onTaskRemoved(rootIntent: Intent?): Unit = Unit

    override fun onDestroy() {
        application.unregisterActivityLifecycleCallbacks(screens)
        scope.cancel()
        foreground.leave()
        wakeLock.release()
        super.onDestroy()
    }

    /** The system wants that within seconds of the start, whether or not the store is open by then. False if it does not allow it. */
    private fun enterForeground(): Boolean {
        val live = SteadfastAndroid.client?.recorder()?.live()
        return foreground.enter(RecordingStatus(live, problems.value.takeIf { live != null }))
    }

    private suspend fun handle(command: Command?) {
        try {
            val recorder = SteadfastAndroid.openWhenUnlocked(this).recorder()
            // Started by the system after a kill, or by the notification of a process that was killed.
            if (command != Command.FOLLOW && recorder.live() == null) recorder.resumeFresh()
            if (recorder.live() != null) {
                follow(recorder)
                perform(command, recorder)
                return
            }
            // Perhaps it was finished, but the process did not live to save it.
            if (command == null) BackgroundJob.SAVE.schedule(this)
        } catch (error: SteadfastException) {
            problems.value = RecordingProblem.Failed(error)
            foreground.leaveNotice()
        }
        if (following?.isActive != true) stopSelfResult(lastStartId)
    }

    private suspend fun perform(command: Command?, recorder: Recorder) {
        problems.update { now -> now.takeUnless { it is RecordingProblem.Failed } }
        try {
            when (command) {
                null -> Unit
                Command.FOLLOW -> if (problems.value?.isAboutLocation == true) follower?.tryPositionsAgain()
                Command.PAUSE -> recorder.pause()
                Command.RESUME -> recorder.resume()
                Command.LAP -> recorder.lap()
                Command.FINISH -> steadfastOptions.finish(recorder)
            }
        } catch (error: SteadfastException) {
            // A lap button that bounces: nothing to say.
            val isBounce = command == Command.LAP && (error as? SteadfastException.Validation)?.code == ValidationCode.DURATION_TOO_SHORT
            if (!error.isNotRecording && !isBounce) problems.value = RecordingProblem.Failed(error)
        }
    }

    private fun follow(recorder: Recorder) {
        if (following?.isActive == true) return
        val options = steadfastOptions
        val follower =
            RecordingFollower(recorder, options.positions(this), wakeLock, problems, foreground::show) {
                BackgroundJob.SAVE.schedule(this)
            }
        this.follower = follower
        following =
            scope.launch {
                follower.follow()
                problems.value = null
                // Not if another start has come meanwhile: that one follows anew.
                stopSelfResult(lastStartId)
            }
    }

    /** The app is on the screen: what the system refuses in the background can be had now, and permissions may have been given. */
    private fun onScreen() {
        if (problems.value?.isAboutLocation != true) return
        problems.value = null
        if (enterForeground()) scope.launch { follower?.tryPositionsAgain() }
    }

    /** What the service can be asked to do. */
    internal enum class Command {
        FOLLOW,
        PAUSE,
        RESUME,
        LAP,
        FINISH,
        ;

        private val action = "dev.steadfast.android.$name"

        fun intent(context: Context): Intent = Intent(context, RecordingService::class.java).setAction(action)

        fun pendingIntent(context: Context): PendingIntent =
            PendingIntent.getForegroundService(context, ordinal, intent(context), PendingIntent.FLAG_IMMUTABLE)

        companion object {
            fun of(action: String): Command? = entries.find { it.action == action }
        }
    }

    public companion object {
        private val problems = MutableStateFlow<RecordingProblem?>(null)

        /** Why the recording does not go as it should; null while all is well. For a screen to show. */
        public val problem: StateFlow<RecordingProblem?> = problems.asStateFlow()

        /**
         * Starts the service for the workout in progress. Does no harm if it runs already; it ends by itself if nothing is recorded.
         *
         * @return null, or what is in the way: [RecordingProblem.NotAllowedInBackground] if the app is not on the screen.
         */
        public fun start(context: Context): RecordingProblem? =
            try {
                context.startForegroundService(Command.FOLLOW.intent(context))
                null
            } catch (error: IllegalStateException) {
                RecordingProblem.NotAllowedInBackground(error)
            } catch (error: SecurityException) {
                RecordingProblem.NotAllowedInBackground(error)
            }?.also { problems.value = it }
    }
}
