package dev.steadfast.demo.location

import dev.steadfast.LocationSample
import dev.steadfast.ManualClock
import dev.steadfast.SensorReading
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.flow
import java.time.Duration
import java.time.Instant

/**
 * Plays a recording as if it happened now: the times between its fixes are kept, their dates are not. At its end it begins again.
 *
 * Collecting again goes on where the last collector stopped. With a [clock], the client's time moves along with the fixes, so that a
 * recording can be played faster than it was made; without one, [speed] has to be 1.
 *
 * @param recording fixes in order of time, at least two
 * @param heartRateBpm a heart rate for each fix
 * @param speed 10.0 plays ten minutes in one
 */
class ReplayLocationSource(
    private val recording: List<LocationSample>,
    private val heartRateBpm: List<Double> = emptyList(),
    private val speed: Double = 1.0,
    private val clock: ManualClock? = null,
) : LocationSource {
    private var position = 0

    private val beats = MutableSharedFlow<List<SensorReading>>(extraBufferCapacity = BEATS_KEPT)

    init {
        require(recording.size > 1) { "a replay needs two fixes" }
        require(speed > 0 && (clock != null || speed == 1.0)) { "without a clock that can be moved, time runs at speed 1" }
    }

    override val readings: Flow<List<SensorReading>> get() = beats

    override val samples: Flow<List<LocationSample>> =
        flow {
            while (true) {
                val index = position % recording.size
                val gap = if (index == 0) FIRST_GAP else Duration.between(recording[index - 1].time, recording[index].time)
                delay((gap.toMillis() / speed).toLong())
                clock?.advance(gap.toMillis())
                position += 1
                val now = clock?.time() ?: Instant.now()
                heartRateBpm.getOrNull(index)?.let { beats.tryEmit(listOf(SensorReading(now, heartRateBpm = it))) }
                emit(listOf(recording[index].copy(time = now)))
            }
        }

    private companion object {
        val FIRST_GAP: Duration = Duration.ofSeconds(1)

        /** A minute of heart rates, should nobody take them for a while. */
        const val BEATS_KEPT = 60
    }
}
