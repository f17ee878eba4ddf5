package dev.steadfast.android

import android.location.Location
import android.location.LocationManager
import android.os.Build
import dev.steadfast.LocationSample
import dev.steadfast.LocationSource
import java.time.Instant

/**
 * The platform's fix as the core takes it: what the fix does not say is null. The altitude is left out; [AltitudeDatum] picks it.
 *
 * Whether a fix is a mock one is not kept: the core has no place for it, and development devices record with mock locations.
 */
internal fun Location.toSample(): LocationSample =
    LocationSample(
        time = Instant.ofEpochMilli(time),
        latitudeDeg = latitude,
        longitudeDeg = longitude,
        elapsedMs = elapsedRealtimeNanos.takeIf { it > 0 }?.let { it / 1_000_000 },
        horizontalAccuracyM = if (hasAccuracy()) accuracy.toDouble() else null,
        verticalAccuracyM = if (hasVerticalAccuracy()) verticalAccuracyMeters.toDouble() else null,
        speedMps = if (hasSpeed()) speed.toDouble() else null,
        courseDeg = if (hasBearing()) bearing.toDouble() else null,
        source =
            when (provider) {
                LocationManager.GPS_PROVIDER -> LocationSource.SATELLITE
                LocationManager.NETWORK_PROVIDER -> LocationSource.NETWORK
                "fused" -> LocationSource.FUSED
                else -> null
            },
    )

/** Metres above the WGS 84 ellipsoid. */
internal val Location.ellipsoidM: Double? get() = if (hasAltitude()) altitude else null

/** Metres above mean sea level; since Android 14. */
internal val Location.meanSeaLevelM: Double?
    get() = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE && hasMslAltitude()) mslAltitudeMeters else null
