package dev.steadfast.android

import android.app.job.JobInfo
import android.app.job.JobScheduler
import android.content.ComponentName
import android.content.Context
import android.os.PersistableBundle
import dev.steadfast.SteadfastException
import dev.steadfast.isRetryable

/** The jobs that the package gives to the system's scheduler; each runs its tasks one after the other. */
public enum class BackgroundJob {
    /** Saves what was finished but not saved. Scheduled by the recording service when a workout is finished. */
    SAVE {
        override fun tasks(context: Context) = listOf(saveFinished)

        override fun JobInfo.Builder.conditions() = setMinimumLatency(A_MINUTE_MS).setOverrideDeadline(10 * A_MINUTE_MS)
    },

    /** Takes in the spool, backs the store up, then what the app adds. Once a day, while the device is idle and charging. */
    UPKEEP {
        override fun tasks(context: Context) =
            with(context.steadfastOptions) { listOfNotNull(spool(context)?.let { takeIn(it) }, backUp) + upkeep }

        override fun JobInfo.Builder.conditions() = setPeriodic(A_DAY_MS).setRequiresDeviceIdle(true).setRequiresCharging(true)
    },
    ;

    internal abstract fun tasks(context: Context): List<BackgroundTask>

    protected abstract fun JobInfo.Builder.conditions(): JobInfo.Builder

    /** Schedules it, in the place of itself. False if the system has no room for it. */
    public fun schedule(context: Context): Boolean {
        val info =
            JobInfo
                .Builder(id(context), ComponentName(context, SteadfastJobService::class.java))
                .setExtras(PersistableBundle().apply { putString(NAME, name) })
                .conditions()
                .build()
        return scheduler(context).schedule(info) == JobScheduler.RESULT_SUCCESS
    }

    /** Takes it back; stops it if it runs. */
    public fun cancel(context: Context): Unit = scheduler(context).cancel(id(context))

    internal fun isScheduled(context: Context) = scheduler(context).getPendingJob(id(context)) != null

    private fun id(context: Context) = context.steadfastOptions.jobIdBase + ordinal

    /**
     * Runs its tasks, all of them, even if one fails.
     *
     * @return true if it is to be run again.
     */
    internal suspend fun run(context: Context): Boolean {
        var again = false
        for (task in tasks(context)) {
            again = runs(context, task) == BackgroundTask.Outcome.AGAIN || again
        }
        return again
    }

    private suspend fun runs(context: Context, task: BackgroundTask): BackgroundTask.Outcome =
        try {
            task.run(SteadfastAndroid.open(context))
        } catch (error: SteadfastException) {
            android.util.Log.w("steadfast", "background job $name", error)
            if (error.isRetryable) BackgroundTask.Outcome.AGAIN else BackgroundTask.Outcome.DONE
        }

    internal companion object {
        const val NAME = "job"
        private const val A_MINUTE_MS = 60_000L
        private const val A_DAY_MS = 24 * 60 * A_MINUTE_MS

        /** Not again if it is there: that would put its day off each time that the app is opened. */
        fun scheduleUpkeep(context: Context) {
            if (!UPKEEP.isScheduled(context)) UPKEEP.schedule(context)
        }

        private fun scheduler(context: Context) = checkNotNull(context.getSystemService(JobScheduler::class.java))
    }
}
