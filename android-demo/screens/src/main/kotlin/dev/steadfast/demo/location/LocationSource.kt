package dev.steadfast.demo.location

import dev.steadfast.LocationSample
import dev.steadfast.SensorReading
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.emptyFlow

/** Where fixes come from: the platform's receiver, or a replay where there is none. */
interface LocationSource {
    /** Fixes in the order in which they are taken, from the moment of collecting on; a platform may deliver several at once. */
    val samples: Flow<List<LocationSample>>

    /** What other sensors measure meanwhile. */
    val readings: Flow<List<SensorReading>> get() = emptyFlow()
}
