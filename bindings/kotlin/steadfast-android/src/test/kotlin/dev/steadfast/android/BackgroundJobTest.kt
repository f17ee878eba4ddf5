package dev.steadfast.android

import android.app.ActivityManager.RunningAppProcessInfo
import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.os.PersistableBundle
import dev.steadfast.ActivityKind
import dev.steadfast.ActivityQuery
import dev.steadfast.StartOptions
import dev.steadfast.SteadfastException
import dev.steadfast.StorageCode
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowActivityManager
import org.robolectric.util.ReflectionHelpers
import java.io.File

class BackgroundJobTest : AndroidTest() {
    private val service = Robolectric.buildService(SteadfastJobService::class.java)
    private val jobs get() = app.getSystemService(JobScheduler::class.java)!!.allPendingJobs

    @Before
    fun createService() {
        service.create()
    }

    @After
    fun destroyService() {
        service.destroy()
    }

    private fun parameters(job: BackgroundJob): JobParameters =
        ReflectionHelpers.newInstance(JobParameters::class.java).also {
            ReflectionHelpers.setField(it, "extras", PersistableBundle().apply { putString(BackgroundJob.NAME, job.name) })
            ReflectionHelpers.setField(it, "jobId", job.ordinal)
        }

    private fun upkeep(vararg tasks: BackgroundTask) {
        app.steadfastOptions = SteadfastOptions(upkeep = tasks.toList())
    }

    private fun leave(recording: () -> Unit) {
        recorder().start(StartOptions(ActivityKind.INDOOR_CYCLING))
        Thread.sleep(50)
        recording()
        killProcess()
    }

    private fun saved() = runBlocking { open().activities().list(ActivityQuery()).activities }

    private fun runs(job: BackgroundJob) = runBlocking { job.run(app) }

    @Test
    fun `upkeep waits for an idle, charging device, and is scheduled once`() {
        open()
        val upkeep = jobs.single()
        assertTrue(upkeep.isPeriodic && upkeep.isRequireDeviceIdle && upkeep.isRequireCharging)
        val before = System.identityHashCode(upkeep)
        killProcess()
        open()
        assertEquals(before, System.identityHashCode(jobs.single()))
    }

    @Test
    fun `a job runs its tasks and is finished`() {
        val spool = File(app.filesDir, "spool").apply { mkdirs() }
        File(spool, "watch.gpx").writeText(GPX)
        var ran = 0
        app.steadfastOptions =
            SteadfastOptions(
                spool = { spool },
                upkeep =
                    listOf(
                        BackgroundTask {
                            ran++
                            BackgroundTask.Outcome.DONE
                        },
                    ),
            )
        assertTrue(service.get().onStartJob(parameters(BackgroundJob.UPKEEP)))
        eventually("finished") { shadowOf(service.get()).isJobFinished }
        assertFalse(shadowOf(service.get()).isRescheduleNeeded)
        assertEquals(1, ran)
        assertEquals(1, saved().size)
        assertTrue(File(SteadfastAndroid.dataDir(app), "backup.db").exists())
    }

    @Test
    fun `a job that is stopped in the middle gives its task up and is run again`() {
        val hasBegun = CompletableDeferred<Unit>()
        val wasGivenUp = CompletableDeferred<Unit>()
        upkeep(
            {
                hasBegun.complete(Unit)
                try {
                    awaitCancellation()
                } finally {
                    wasGivenUp.complete(Unit)
                }
            },
        )
        service.get().onStartJob(parameters(BackgroundJob.UPKEEP))
        eventually("it has begun") { hasBegun.isCompleted }
        assertTrue(service.get().onStopJob(parameters(BackgroundJob.UPKEEP)))
        eventually("it was given up") { wasGivenUp.isCompleted }
        Thread.sleep(200)
        assertFalse(shadowOf(service.get()).isJobFinished)
    }

    @Test
    fun `a task that fails for now is run again, and holds up no other`() {
        var ran = 0
        upkeep(
            { throw SteadfastException.Storage(StorageCode.FULL, null, "") },
            {
                ran++
                BackgroundTask.Outcome.DONE
            },
        )
        assertTrue(runs(BackgroundJob.UPKEEP))
        assertEquals(1, ran)
    }

    @Test
    fun `a task that cannot succeed is not run again`() {
        upkeep({ throw SteadfastException.Storage(StorageCode.READ_ONLY, null, "") })
        assertFalse(runs(BackgroundJob.UPKEEP))
    }

    @Test
    fun `a workout that was finished before the kill is saved, one that was not is left to the person`() {
        leave { recorder().stop() }
        leave { recorder().pause() }
        assertFalse(runs(BackgroundJob.SAVE))
        assertEquals(1, saved().size)
        assertEquals(1, runBlocking { recorder().recovery() }.size)
    }

    @Test
    fun `while the app is on the screen the person decides`() {
        leave { recorder().stop() }
        setImportance(RunningAppProcessInfo.IMPORTANCE_FOREGROUND)
        assertTrue(runs(BackgroundJob.SAVE))
        assertEquals(0, saved().size)
    }

    @Test
    fun `a job of another version ends at once`() {
        val parameters = parameters(BackgroundJob.SAVE)
        parameters.extras.putString(BackgroundJob.NAME, "of another version")
        assertFalse(service.get().onStartJob(parameters))
    }

    private companion object {
        val GPX =
            (0 until 60).joinToString(
                "",
                """<?xml version="1.0"?><gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>""",
                "</trkseg></trk></gpx>",
            ) { """<trkpt lat="${47 + it * 0.00003}" lon="8"><time>2026-05-01T06:00:${"%02d".format(it)}Z</time></trkpt>""" }
    }
}
