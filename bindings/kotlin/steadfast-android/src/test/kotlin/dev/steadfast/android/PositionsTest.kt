package dev.steadfast.android

import android.location.Location
import android.location.LocationManager
import android.location.LocationManager.GPS_PROVIDER
import dev.steadfast.LocationSample
import dev.steadfast.LocationSource
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import java.time.Instant

class PositionsTest : AndroidTest() {
    private val receiver by lazy { shadowOf(app.getSystemService(LocationManager::class.java)) }

    @Test
    fun `a fix says what the platform's fix says`() {
        val location =
            Location(GPS_PROVIDER).apply {
                time = 1_780_000_000_123
                elapsedRealtimeNanos = 5_000_999_999
                latitude = 47.0
                longitude = 8.0
                altitude = 547.0
                mslAltitudeMeters = 500.0
                accuracy = 4f
                verticalAccuracyMeters = 6f
                speed = 3f
                bearing = 90f
            }
        val sample =
            LocationSample(
                time = Instant.ofEpochMilli(1_780_000_000_123),
                latitudeDeg = 47.0,
                longitudeDeg = 8.0,
                elapsedMs = 5000,
                horizontalAccuracyM = 4.0,
                verticalAccuracyM = 6.0,
                speedMps = 3.0,
                courseDeg = 90.0,
                source = LocationSource.SATELLITE,
            )
        assertEquals(sample, location.toSample())
        assertEquals(547.0, location.ellipsoidM)
        assertEquals(500.0, location.meanSeaLevelM)
    }

    @Test
    fun `what the platform's fix does not say is unknown, not zero`() {
        val bare = Location("of somebody").toSample()
        val known = LocationSample(time = Instant.EPOCH, latitudeDeg = 0.0, longitudeDeg = 0.0)
        assertEquals(known, bare)
        assertNull(Location(GPS_PROVIDER).ellipsoidM)
        assertNull(Location(GPS_PROVIDER).meanSeaLevelM)
    }

    @Test
    fun `mean sea level counts as soon as it is there, and then alone`() {
        val datum = AltitudeDatum(hasMeanSeaLevel = true)
        assertEquals(listOf(null, null, 500.0, null, 501.0), listOf(null, null, 500.0, null, 501.0).map { datum.altitudeM(547.0, it) })
    }

    @Test
    fun `the ellipsoid counts for good if mean sea level has not come in ten fixes`() {
        val datum = AltitudeDatum(hasMeanSeaLevel = true)
        assertEquals(List(10) { null } + 547.0, List(11) { datum.altitudeM(547.0, null) })
        assertEquals(548.0, datum.altitudeM(548.0, 501.0))
    }

    @Test
    fun `before Android 14 the ellipsoid counts from the start`() {
        assertEquals(547.0, AltitudeDatum(hasMeanSeaLevel = false).altitudeM(547.0, null))
    }

    @Test
    fun `the receiver is asked once a second, off the main thread, and let go of in the end`() {
        val job = CoroutineScope(Dispatchers.Default).launch { GpsPositionSource(app).updates().collect { } }
        eventually("it is asked") { receiver.getLocationRequests(GPS_PROVIDER).isNotEmpty() }
        assertEquals(1000L, receiver.getLocationRequests(GPS_PROVIDER).single().intervalMillis)
        assertTrue(positionThreads() > 0)
        runBlocking { job.cancelAndJoin() }
        assertTrue(receiver.getLocationRequests(GPS_PROVIDER).isEmpty())
        eventually("its thread ends") { positionThreads() == 0 }
    }

    private fun positionThreads() = Thread.getAllStackTraces().keys.count { it.name == "steadfast-positions" }

    @Test
    fun `a device without a receiver is said to be one`() {
        receiver.removeProvider(GPS_PROVIDER)
        val updates = runBlocking { GpsPositionSource(app).updates().toList() }
        assertEquals(listOf(PositionUpdate.Unavailable(RecordingProblem.NoReceiver)), updates)
    }
}
