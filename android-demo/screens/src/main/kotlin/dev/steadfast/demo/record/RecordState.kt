package dev.steadfast.demo.record

import dev.steadfast.ActivityKind
import dev.steadfast.LiveStatistics
import dev.steadfast.demo.trouble.Trouble

/** Whether the app may know where it is. */
enum class LocationAccess { GRANTED, APPROXIMATE, DENIED }

/**
 * What the record screen shows.
 *
 * @property kind chosen for the next workout
 * @property autoPause chosen for the next workout
 * @property live the workout in progress as the core has it; `null` while there is none
 * @property lapNumber the lap that is open, 1 for the first
 * @property access what the person allowed
 * @property hindrance why no fixes come while something is recorded, in a sentence
 * @property title typed for the workout that is finished
 * @property notes typed for the workout that is finished
 * @property trouble what the last action met; `null` once it was seen
 */
data class RecordState(
    val kind: ActivityKind = ActivityKind.RUNNING,
    val autoPause: Boolean = true,
    val live: LiveStatistics? = null,
    val access: LocationAccess = LocationAccess.GRANTED,
    val hindrance: String? = null,
    val title: String = "",
    val notes: String = "",
    val trouble: Trouble? = null,
) {
    /** The open lap's number, 1 for the first. */
    val lapNumber: Long get() = (live?.completedLaps?.toLong() ?: 0) + 1
}

/** What a person can do on the record screen. */
interface RecordActions {
    fun chooseKind(kind: ActivityKind)

    fun chooseAutoPause(on: Boolean)

    fun allowLocation()

    fun start()

    fun pause()

    fun resume()

    fun lap()

    fun finish()

    fun typeTitle(title: String)

    fun typeNotes(notes: String)

    fun save()

    fun discard()

    fun dismissTrouble()
}
