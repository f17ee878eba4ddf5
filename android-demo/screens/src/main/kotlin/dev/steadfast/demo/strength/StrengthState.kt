package dev.steadfast.demo.strength

import dev.steadfast.ProgramDay
import dev.steadfast.WorkoutLogSummary
import dev.steadfast.demo.trouble.Trouble

/**
 * What the list of strength logs shows.
 *
 * @property logs newest first, as far as they were loaded; `null` before the first page is there
 * @property next the mark of the next page; `null` on the last
 * @property upcoming the program's first day without a log; `null` if there is none
 * @property listTrouble why the list could not be read
 */
data class StrengthState(
    val logs: List<WorkoutLogSummary>? = null,
    val next: String? = null,
    val upcoming: ProgramDay? = null,
    val listTrouble: Trouble? = null,
)

/** What a person can do on the list. */
interface StrengthActions {
    fun back()

    fun refresh()

    fun loadMore()

    fun open(day: ProgramDay)
}
