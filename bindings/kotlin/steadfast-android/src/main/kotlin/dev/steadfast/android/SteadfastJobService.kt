package dev.steadfast.android

import android.app.job.JobParameters
import android.app.job.JobService
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import java.util.concurrent.ConcurrentHashMap

/** Runs [BackgroundJob]s for the system's scheduler. */
public class SteadfastJobService : JobService() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val running = ConcurrentHashMap<Int, Job>()

    override fun onStartJob(params: JobParameters): Boolean {
        // A job of another version of the package: it is over.
        val job = BackgroundJob.entries.find { it.name == params.extras.getString(BackgroundJob.NAME) } ?: return false
        running[params.jobId] =
            scope.launch {
                val again = job.run(this@SteadfastJobService)
                ensureActive()
                running.remove(params.jobId)
                jobFinished(params, again)
            }
        return true
    }

    /** The moment is over: what runs is given up, or ends if it is being committed, and is run again at the next one. */
    override fun onStopJob(params: JobParameters): Boolean {
        running.remove(params.jobId)?.cancel()
        return true
    }

    override fun onDestroy() {
        scope.cancel()
        super.onDestroy()
    }
}
