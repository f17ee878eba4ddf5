package dev.steadfast.android

import android.app.Notification
import android.content.pm.ServiceInfo.FOREGROUND_SERVICE_TYPE_HEALTH
import android.content.pm.ServiceInfo.FOREGROUND_SERVICE_TYPE_LOCATION
import dev.steadfast.ActivityKind
import dev.steadfast.LiveStatistics
import dev.steadfast.RecordingState
import dev.steadfast.StartOptions
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

class NotificationTest : AndroidTest() {
    private fun live(state: RecordingState, unsaved: ULong = 0u): LiveStatistics {
        if (recorder().live() == null) recorder().start(StartOptions(ActivityKind.TRAIL_RUNNING))
        return recorder().live()!!.copy(state = state, distanceM = 12_345.0, timerS = 3_723.9, unsavedSamples = unsaved)
    }

    private fun build(status: RecordingStatus): Notification = DefaultRecordingNotification().build(app, status, RecordingActions(app))

    private fun text(status: RecordingStatus) = build(status).extras.getString(Notification.EXTRA_TEXT)

    private fun buttons(state: RecordingState) = build(RecordingStatus(live(state))).actions.map { it.title }

    @Test
    fun `while recording the system lets the timer tick`() {
        val shown = build(RecordingStatus(live(RecordingState.RECORDING)))
        assertEquals("Trail running", shown.extras.getString(Notification.EXTRA_TITLE))
        assertEquals("12.35 km", shown.extras.getString(Notification.EXTRA_TEXT))
        assertTrue(shown.extras.getBoolean(Notification.EXTRA_SHOW_CHRONOMETER))
        assertEquals((System.currentTimeMillis() - 3_723_900).toDouble(), shown.`when`.toDouble(), 1000.0)
    }

    @Test
    fun `while it stands the timer is written out`() {
        val shown = build(RecordingStatus(live(RecordingState.PAUSED)))
        assertEquals("Paused · 1:02:03 · 12.35 km", shown.extras.getString(Notification.EXTRA_TEXT))
        assertFalse(shown.extras.getBoolean(Notification.EXTRA_SHOW_CHRONOMETER))
    }

    @Test
    fun `each state has the buttons that do something in it`() {
        assertEquals(listOf("Pause", "Lap", "Finish"), buttons(RecordingState.RECORDING))
        assertEquals(listOf("Pause", "Lap", "Finish"), buttons(RecordingState.AUTO_PAUSED))
        assertEquals(listOf("Resume", "Finish"), buttons(RecordingState.PAUSED))
        assertEquals(listOf("Resume", "Save"), buttons(RecordingState.STOPPED))
    }

    @Test
    fun `what is wrong comes first`() {
        val full = RecordingStatus(live(RecordingState.RECORDING, unsaved = 3u))
        assertEquals("The device's storage is full: the recording is in memory only · 12.35 km", text(full))
        val off = RecordingStatus(live(RecordingState.RECORDING), RecordingProblem.LocationOff)
        assertEquals("No position: location is switched off · 12.35 km", text(off))
    }

    @Test
    fun `while the store is being opened there is nothing to press`() {
        assertEquals("Preparing…", text(RecordingStatus(null)))
        assertNull(build(RecordingStatus(null)).actions)
    }

    @Test
    fun `an app says it in its own words`() {
        val words = RecordingTexts(paused = "Pausiert", distance = { "${it.toInt()} m" }, duration = { "$it s" })
        val german = DefaultRecordingNotification { words }
        val shown = german.build(app, RecordingStatus(live(RecordingState.PAUSED)), RecordingActions(app))
        assertEquals("Pausiert · 3723.9 s · 12345 m", shown.extras.getString(Notification.EXTRA_TEXT))
    }

    @Test
    fun `type location is asked for outdoors with the permission, health is what is left since Android 14`() {
        val both = listOf(FOREGROUND_SERVICE_TYPE_LOCATION, FOREGROUND_SERVICE_TYPE_HEALTH)
        assertEquals(both, foregroundTypes(34, isIndoor = false, hasPermission = true))
        assertEquals(both, foregroundTypes(34, isIndoor = null, hasPermission = true))
        assertEquals(listOf(FOREGROUND_SERVICE_TYPE_HEALTH), foregroundTypes(34, isIndoor = false, hasPermission = false))
        assertEquals(listOf(FOREGROUND_SERVICE_TYPE_HEALTH), foregroundTypes(34, isIndoor = true, hasPermission = true))
        assertEquals(listOf(FOREGROUND_SERVICE_TYPE_LOCATION, NO_TYPE), foregroundTypes(33, isIndoor = false, hasPermission = true))
        assertEquals(listOf(NO_TYPE), foregroundTypes(33, isIndoor = true, hasPermission = true))
    }
}
