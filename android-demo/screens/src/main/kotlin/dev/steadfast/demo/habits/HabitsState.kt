package dev.steadfast.demo.habits

import dev.steadfast.HabitLog
import dev.steadfast.demo.trouble.Trouble
import java.time.LocalDate

/**
 * What the habits show: a day.
 *
 * @property date the day that is looked at
 * @property logs of that day, newest first; `null` before they are there
 * @property form the entry that is typed; `null` while none is
 * @property listTrouble why the day could not be read
 * @property trouble what the last action met
 */
data class HabitsState(
    val date: LocalDate,
    val today: LocalDate,
    val logs: List<HabitLog>? = null,
    val form: HabitForm? = null,
    val listTrouble: Trouble? = null,
    val trouble: Trouble? = null,
)

/**
 * An entry while it is typed.
 *
 * @property before the entry as it is stored; `null` for a new one
 * @property fault what the core refused to save
 */
data class HabitForm(
    val before: HabitLog? = null,
    val kind: String = "",
    val minutes: String = "",
    val mood: String = "",
    val notes: String = "",
    val isBusy: Boolean = false,
    val fault: Trouble? = null,
)

/** What a person can do with habits. */
interface HabitsActions {
    fun back()

    fun refresh()

    fun choose(date: LocalDate)

    fun add()

    fun edit(log: HabitLog)

    fun type(form: HabitForm)

    fun save()

    fun delete()

    fun closeForm()

    fun dismissTrouble()
}
