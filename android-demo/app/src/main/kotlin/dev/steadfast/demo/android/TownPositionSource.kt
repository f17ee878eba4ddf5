package dev.steadfast.demo.android

import dev.steadfast.android.PositionSource
import dev.steadfast.android.PositionUpdate
import dev.steadfast.demo.location.MadeUpTown
import dev.steadfast.demo.location.ReplayLocationSource
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.map
import java.time.Instant

/** The replay that stands in where there is no receiver. */
class TownPositionSource : PositionSource {
    private val replay = ReplayLocationSource(MadeUpTown.run(Instant.EPOCH))

    override fun updates(): Flow<PositionUpdate> = replay.samples.map { PositionUpdate.Fixes(it) }
}
