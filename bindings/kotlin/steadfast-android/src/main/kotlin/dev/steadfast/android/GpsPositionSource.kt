package dev.steadfast.android

import android.Manifest.permission.ACCESS_FINE_LOCATION
import android.annotation.SuppressLint
import android.content.Context
import android.content.pm.PackageManager.PERMISSION_GRANTED
import android.location.Location
import android.location.LocationListener
import android.location.LocationManager
import android.location.LocationManager.GPS_PROVIDER
import android.os.Build
import android.os.Bundle
import android.os.HandlerThread
import dev.steadfast.LocationSample
import kotlinx.coroutines.channels.Channel.Factory.UNLIMITED
import kotlinx.coroutines.channels.ProducerScope
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** The device's satellite receiver, through the platform's own `LocationManager`: no Google services are needed. */
public class GpsPositionSource(private val context: Context, private val interval: Duration = 1.seconds) : PositionSource {
    @SuppressLint("MissingPermission")
    override fun updates(): Flow<PositionUpdate> =
        callbackFlow {
            val manager = context.getSystemService(LocationManager::class.java)
            val obstacle = obstacle(context, manager)
            if (manager == null || obstacle != null) {
                send(PositionUpdate.Unavailable(obstacle ?: RecordingProblem.NoReceiver))
                close()
                return@callbackFlow
            }
            // The main thread may be busy drawing; the fixes are not to wait for it.
            val thread = HandlerThread("steadfast-positions").apply { start() }
            val listener = Listener(this)
            try {
                manager.requestLocationUpdates(GPS_PROVIDER, interval.inWholeMilliseconds, 0f, listener, thread.looper)
                if (!manager.isProviderEnabled(GPS_PROVIDER)) send(PositionUpdate.Unavailable(RecordingProblem.LocationOff))
                awaitClose()
            } catch (_: SecurityException) {
                send(PositionUpdate.Unavailable(RecordingProblem.PermissionMissing))
                close()
            } finally {
                manager.removeUpdates(listener)
                thread.quitSafely()
            }
        }.buffer(UNLIMITED)

    private class Listener(private val updates: ProducerScope<PositionUpdate>) : LocationListener {
        private val datum = AltitudeDatum(hasMeanSeaLevel = Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE)

        override fun onLocationChanged(location: Location) = deliver(listOf(location))

        // Since Android 12, after the device slept.
        override fun onLocationChanged(locations: List<Location>) = deliver(locations)

        override fun onProviderEnabled(provider: String) = give(PositionUpdate.Available)

        override fun onProviderDisabled(provider: String) = give(PositionUpdate.Unavailable(RecordingProblem.LocationOff))

        // Without a body before Android 11, which calls it.
        @Deprecated("Deprecated in Java")
        override fun onStatusChanged(provider: String?, status: Int, extras: Bundle?) = Unit

        private fun deliver(locations: List<Location>) = give(PositionUpdate.Fixes(locations.map { sample(it) }))

        private fun sample(location: Location): LocationSample =
            location.toSample().copy(altitudeM = datum.altitudeM(location.ellipsoidM, location.meanSeaLevelM))

        private fun give(update: PositionUpdate) {
            // Cannot be full; it is closed only while the listener is being removed.
            updates.trySend(update)
        }
    }
}

private fun obstacle(context: Context, manager: LocationManager?): RecordingProblem? =
    when {
        !hasLocationPermission(context) -> RecordingProblem.PermissionMissing
        manager == null || GPS_PROVIDER !in manager.allProviders -> RecordingProblem.NoReceiver
        else -> null
    }

/** The precise one: an approximate location is moved by up to two kilometres. */
internal fun hasLocationPermission(context: Context): Boolean = context.checkSelfPermission(ACCESS_FINE_LOCATION) == PERMISSION_GRANTED
