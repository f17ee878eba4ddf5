package dev.steadfast.demo.programs

import dev.steadfast.Intensity
import dev.steadfast.ProgramDay
import dev.steadfast.ProgramSession
import dev.steadfast.demo.trouble.Trouble
import java.time.LocalDate

/**
 * What the program's screen shows.
 *
 * @property today on the person's calendar
 * @property sessions what is known of the program's days; `null` before it is there
 * @property week the week that is looked at, from 1
 * @property day the day that was tapped; `null` while none is
 * @property listTrouble why the sessions could not be read
 * @property trouble what the last action met
 */
data class ProgramsState(
    val today: LocalDate,
    val sessions: List<ProgramSession>? = null,
    val week: Int = 1,
    val day: DayForm? = null,
    val listTrouble: Trouble? = null,
    val trouble: Trouble? = null,
) {
    val completed: Int get() = sessions.orEmpty().count { it.completedAt != null }

    /** What is known of [day]; `null` if nothing is. */
    fun session(day: ProgramDay): ProgramSession? = sessions.orEmpty().firstOrNull { it.programDay == day }
}

/**
 * A day while it is looked at.
 *
 * @property intensity chosen and not yet written: it is, with the completion
 * @property date the one that "Plan" would set
 */
data class DayForm(val day: ProgramDay, val intensity: Intensity?, val date: LocalDate)

/** What a person can do with the program. */
interface ProgramsActions {
    fun back()

    fun refresh()

    fun chooseWeek(week: Int)

    fun open(day: ProgramDay)

    fun type(form: DayForm)

    fun complete()

    fun takeBack()

    fun plan()

    fun clearPlan()

    fun log()

    fun closeDay()

    fun dismissTrouble()
}
