package dev.steadfast.demo.detail

import dev.steadfast.Activity
import dev.steadfast.FileFormat
import dev.steadfast.Lap
import dev.steadfast.Split
import dev.steadfast.demo.format.Units
import dev.steadfast.demo.trouble.Trouble

/**
 * What the detail screen shows.
 *
 * @property activity `null` before it is there
 * @property route `null` before it is there; empty if the activity has no positions
 * @property profile `null` before it is there; empty if the activity has no altitudes
 * @property splits in [units], the last one partial; `null` before they are there
 * @property laps those that the person made; `null` before they are there
 * @property edit title and notes as they are being typed; `null` while nothing is edited
 * @property isBusy a change is being written
 * @property loadTrouble why it could not be read
 * @property trouble what the last action met
 */
data class DetailState(
    val activity: Activity? = null,
    val route: Route? = null,
    val profile: ElevationProfile? = null,
    val units: Units = Units.METRIC,
    val splits: List<Split>? = null,
    val laps: List<Lap>? = null,
    val edit: Draft? = null,
    val isBusy: Boolean = false,
    val loadTrouble: Trouble? = null,
    val trouble: Trouble? = null,
)

/** Title and notes while they are typed. */
data class Draft(val title: String, val notes: String)

/** What a person can do with an activity. */
interface DetailActions {
    fun back()

    fun reload()

    fun chooseUnits(units: Units)

    fun startEdit()

    fun type(draft: Draft)

    fun saveEdit()

    fun cancelEdit()

    fun export(format: FileFormat)

    fun delete()

    fun dismissTrouble()
}
