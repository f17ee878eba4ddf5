package dev.steadfast.android

/**
 * Which of a fix's two altitudes counts, so that one recording never mixes them: they differ by up to 106 m, and a change in between would be
 * counted as a climb.
 *
 * Android 14 gives mean sea level, but only once its map of the geoid is loaded, some fixes after the start. So the first [PATIENCE] fixes that
 * lack it get no altitude; if it has not come by then, the height above the ellipsoid counts for good. Older versions know nothing else.
 */
internal class AltitudeDatum(hasMeanSeaLevel: Boolean) {
    private var isMeanSeaLevel: Boolean? = if (hasMeanSeaLevel) null else false
    private var waited = 0

    fun altitudeM(ellipsoidM: Double?, meanSeaLevelM: Double?): Double? {
        if (isMeanSeaLevel == null) {
            if (meanSeaLevelM != null) {
                isMeanSeaLevel = true
            } else if (ellipsoidM != null && ++waited > PATIENCE) {
                isMeanSeaLevel = false
            }
        }
        return when (isMeanSeaLevel) {
            true -> meanSeaLevelM
            false -> ellipsoidM
            null -> null
        }
    }

    private companion object {
        const val PATIENCE = 10
    }
}
