package dev.steadfast.android

import android.Manifest.permission.ACCESS_FINE_LOCATION
import android.app.Activity
import android.app.NotificationManager
import android.content.pm.ServiceInfo.FOREGROUND_SERVICE_TYPE_HEALTH
import android.content.pm.ServiceInfo.FOREGROUND_SERVICE_TYPE_LOCATION
import android.location.Location
import android.location.LocationManager
import android.location.LocationManager.GPS_PROVIDER
import dev.steadfast.ActivityKind
import dev.steadfast.ActivityQuery
import dev.steadfast.RecordingState
import dev.steadfast.StartOptions
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ServiceController
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowPowerManager
import java.io.File
import java.time.Instant
import kotlin.time.Duration

@Config(shadows = [ForegroundTypes::class])
class RecordingServiceTest : AndroidTest() {
    private var controller: ServiceController<RecordingService>? = null
    private val service get() = controller!!.get()
    private val receiver by lazy { shadowOf(app.getSystemService(LocationManager::class.java)) }

    @Before
    fun switchLocationOn() {
        ForegroundTypes.reset()
        // As fast as the test can ride.
        app.steadfastOptions = SteadfastOptions(positions = { GpsPositionSource(it, Duration.ZERO) })
        receiver.setProviderEnabled(GPS_PROVIDER, true)
    }

    @After
    fun destroyService() {
        controller?.destroy()
    }

    /** What the system does after `startForegroundService`; with null, after it had to kill the process. */
    private fun startService(command: RecordingService.Command? = RecordingService.Command.FOLLOW) {
        controller = Robolectric.buildService(RecordingService::class.java).create()
        send(command)
    }

    private fun send(command: RecordingService.Command?) {
        service.onStartCommand(command?.intent(app), 0, ++starts)
    }

    private var starts = 0

    private fun startRide(kind: ActivityKind = ActivityKind.CYCLING) {
        recorder().start(StartOptions(kind))
        startService()
        eventually("it follows the workout") { notification()?.actions?.isNotEmpty() == true }
    }

    private fun listens() = receiver.getLocationRequests(GPS_PROVIDER).isNotEmpty()

    private var metres = 0

    /** Goes on for so many fixes, 2 m and 60 ms apart: no faster than a cyclist may be. */
    private fun ride(fixes: Int) {
        eventually("the receiver is on") { listens() }
        repeat(fixes) {
            Thread.sleep(60)
            metres += 2
            val fix =
                Location(GPS_PROVIDER).apply {
                    latitude = 47 + metres / 111_200.0
                    longitude = 8.0
                    accuracy = 3f
                    time = Instant.now().toEpochMilli()
                    elapsedRealtimeNanos = (File("/proc/uptime").readText().substringBefore(' ').toDouble() * 1e9).toLong()
                }
            receiver.simulateLocation(GPS_PROVIDER, fix)
        }
    }

    /** Without opening what the service is to open. */
    private fun live() = SteadfastAndroid.client?.recorder()?.live()

    private fun recorded(): Long = recorder().live()?.acknowledgedSamples?.toLong() ?: -1

    private fun notification() = shadowOf(service).lastForegroundNotification

    private fun press(title: String) {
        val shown = shadowOf(app.getSystemService(NotificationManager::class.java)).getNotification(RecordingForeground.NOTIFICATION_ID)
        val button = shown.actions.single { it.title == title }
        val intent = shadowOf(button.actionIntent).apply { assertTrue(isForegroundService) }.savedIntent
        service.onStartCommand(intent, 0, ++starts)
    }

    private fun hasEnded() = shadowOf(service).stopSelfResultId == starts || shadowOf(service).isStoppedBySelf

    private fun saved() = runBlocking { open().activities().list(ActivityQuery()).activities }

    @Test
    fun `it goes to the foreground and records what the receiver says`() {
        startRide()
        assertEquals(listOf(FOREGROUND_SERVICE_TYPE_LOCATION), ForegroundTypes.asked.distinct())
        ride(20)
        eventually("all fixes are recorded") { recorded() == 20L }
        assertEquals(38.0, recorder().live()!!.distanceM, 4.0)
        assertNull(RecordingService.problem.value)
    }

    @Test
    fun `the buttons pause, go on, begin a lap and save`() {
        startRide()
        ride(20)
        press("Pause")
        eventually("paused") { recorder().live()?.state == RecordingState.PAUSED && !listens() }
        eventually("the button says so") { buttons() == listOf("Resume", "Finish") }
        press("Resume")
        eventually("recording") { recorder().live()?.state == RecordingState.RECORDING && listens() }
        ride(20)
        eventually("all fixes are recorded") { recorded() == 40L }
        Thread.sleep(1000)
        press("Lap")
        eventually("a lap") { recorder().live()?.completedLaps == 1u }
        press("Finish")
        eventually("saved, and the service ends") { hasEnded() }
        assertEquals(listOf(40uL), saved().map { it.sampleCount })
        eventually("the receiver is off") { !listens() }
    }

    private fun buttons() =
        shadowOf(app.getSystemService(NotificationManager::class.java))
            .getNotification(RecordingForeground.NOTIFICATION_ID)
            .actions
            .map { it.title }

    @Test
    fun `killed and restarted by the system, it goes on without a question`() {
        startRide()
        val id = recorder().activeId()
        ride(20)
        eventually("all fixes are recorded") { recorded() == 20L }
        killProcess()
        controller!!.destroy()

        startService(command = null)
        eventually("the workout goes on") { live()?.workoutId == id }
        ride(20)
        eventually("old and new fixes are recorded") { recorded() == 40L }
        assertFalse(hasEnded())
    }

    @Test
    fun `restarted by the system with nothing to go on with, it ends`() {
        startService(command = null)
        eventually("it ends") { hasEnded() }
    }

    @Test
    fun `a workout that was finished is not gone on with after a kill, but saved by the job`() {
        startRide()
        ride(20)
        eventually("all fixes are recorded") { recorded() == 20L }
        recorder().stop()
        eventually("the job waits for it") { BackgroundJob.SAVE.isScheduled(app) }
        BackgroundJob.SAVE.cancel(app)
        killProcess()
        controller!!.destroy()

        startService(command = null)
        eventually("it ends") { hasEnded() }
        assertTrue(BackgroundJob.SAVE.isScheduled(app))
        assertNull(recorder().live())
        assertFalse(runBlocking { BackgroundJob.SAVE.run(app) })
        assertEquals(listOf(20uL), saved().map { it.sampleCount })
    }

    @Test
    fun `a button pressed after a kill takes the workout up first`() {
        startRide()
        killProcess()
        controller!!.destroy()

        startService(RecordingService.Command.PAUSE)
        eventually("taken up and paused") { live()?.state == RecordingState.PAUSED }
    }

    @Test
    fun `swiped away, it goes on recording`() {
        startRide()
        ride(2)
        service.onTaskRemoved(null)
        ride(2)
        eventually("all fixes are recorded") { recorded() == 4L }
        assertFalse(hasEnded())
    }

    @Test
    fun `it ends when the app discards the workout`() {
        startRide()
        recorder().discard()
        eventually("it ends") { hasEnded() && !listens() }
    }

    @Test
    fun `without the permission the timer goes on, and once it is given the positions come`() {
        shadowOf(app).denyPermissions(ACCESS_FINE_LOCATION)
        startRide()
        eventually("it says so") { RecordingService.problem.value == RecordingProblem.PermissionMissing }
        assertEquals(listOf(FOREGROUND_SERVICE_TYPE_HEALTH), ForegroundTypes.asked.distinct())
        assertEquals(RecordingState.RECORDING, recorder().live()?.state)

        shadowOf(app).grantPermissions(ACCESS_FINE_LOCATION)
        Robolectric.buildActivity(Activity::class.java).setup().use { ride(2) }
        eventually("all fixes are recorded") { recorded() == 2L }
        assertNull(RecordingService.problem.value)
        assertEquals(FOREGROUND_SERVICE_TYPE_LOCATION, ForegroundTypes.asked.last())
    }

    @Test
    fun `location switched off is said, and said no more once it is on`() {
        receiver.setProviderEnabled(GPS_PROVIDER, false)
        startRide()
        eventually("it says so") { RecordingService.problem.value == RecordingProblem.LocationOff }
        receiver.setProviderEnabled(GPS_PROVIDER, true)
        eventually("it says so no more") { RecordingService.problem.value == null }
        ride(2)
        eventually("all fixes are recorded") { recorded() == 2L }
    }

    @Test
    fun `an indoor workout needs neither the permission nor the receiver`() {
        shadowOf(app).denyPermissions(ACCESS_FINE_LOCATION)
        startRide(ActivityKind.INDOOR_CYCLING)
        assertEquals(listOf(FOREGROUND_SERVICE_TYPE_HEALTH), ForegroundTypes.asked.distinct())
        Thread.sleep(200)
        assertNull(RecordingService.problem.value)
        assertFalse(listens())
    }

    @Test
    fun `restarted where location is not allowed yet, it goes on with the timer and says so`() {
        startRide()
        killProcess()
        controller!!.destroy()
        ForegroundTypes.refused = setOf(FOREGROUND_SERVICE_TYPE_LOCATION)

        startService(command = null)
        eventually("the workout goes on") { live() != null }
        assertTrue(RecordingService.problem.value is RecordingProblem.LocationNotAllowedYet)
        assertEquals(FOREGROUND_SERVICE_TYPE_HEALTH, ForegroundTypes.asked.last())
        assertFalse(hasEnded())
    }

    @Test
    fun `not allowed in the foreground at all, it ends, leaves a notice, and the workout is offered`() {
        startRide()
        val id = recorder().activeId()
        killProcess()
        controller!!.destroy()
        ForegroundTypes.refused = setOf(FOREGROUND_SERVICE_TYPE_LOCATION, FOREGROUND_SERVICE_TYPE_HEALTH)

        startService(command = null)
        assertTrue(shadowOf(service).isStoppedBySelf)
        assertTrue(RecordingService.problem.value is RecordingProblem.NotAllowedInBackground)
        val notices = shadowOf(app.getSystemService(NotificationManager::class.java))
        assertNotNull(notices.getNotification(RecordingForeground.NOTICE_ID))
        assertEquals(listOf(id), runBlocking { recorder().recovery() }.map { it.id })

        controller!!.destroy()
        ForegroundTypes.refused = emptySet()
        recorder().resumeRecovered(id!!)
        startService()
        eventually("opened again, all is well") { RecordingService.problem.value == null && listens() }
        assertNull(notices.getNotification(RecordingForeground.NOTICE_ID))
    }

    @Test
    fun `the processor is kept awake while positions are recorded, and only then`() {
        startRide()
        eventually("awake") { ShadowPowerManager.getLatestWakeLock()?.isHeld == true }
        recorder().pause()
        eventually("may sleep in a pause") { !ShadowPowerManager.getLatestWakeLock().isHeld }
        recorder().resume()
        eventually("awake again") { ShadowPowerManager.getLatestWakeLock().isHeld }
        recorder().discard()
        eventually("may sleep at the end") { !ShadowPowerManager.getLatestWakeLock().isHeld }
    }

    private fun failure() = (RecordingService.problem.value as? RecordingProblem.Failed)?.error?.codeName()

    @Test
    fun `what cannot be saved is said, and can be gone on with`() {
        startRide()
        press("Finish")
        eventually("it says why") { failure() == "too_few_samples" }
        eventually("the button says so") { buttons() == listOf("Resume", "Save") }
        assertFalse(hasEnded())
        press("Resume")
        ride(20)
        eventually("all fixes are recorded") { recorded() == 20L }
        assertNull(RecordingService.problem.value)
    }
}
