package dev.steadfast.android

import dev.steadfast.LocationSample
import kotlinx.coroutines.flow.Flow

/** Where fixes come from: the device's receiver, Google's fused provider, a replay. */
public fun interface PositionSource {
    /**
     * The fixes from now on; the source is switched off when nobody collects any more. It may complete after [PositionUpdate.Unavailable]; it
     * is collected again when the app comes to the screen. It drops no fix: a slow collector gets them later.
     */
    public fun updates(): Flow<PositionUpdate>
}

/** What a [PositionSource] has to say. */
public sealed interface PositionUpdate {
    /** Fixes, in the order in which they were delivered. */
    public data class Fixes(val samples: List<LocationSample>) : PositionUpdate

    /** There will be none until something is changed. */
    public data class Unavailable(val problem: RecordingProblem) : PositionUpdate

    /** What was in the way is gone. */
    public data object Available : PositionUpdate
}
