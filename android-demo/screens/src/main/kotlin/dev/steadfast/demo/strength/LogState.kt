package dev.steadfast.demo.strength

import dev.steadfast.ExerciseDefinition
import dev.steadfast.Id
import dev.steadfast.ProgramDay
import dev.steadfast.demo.trouble.Trouble

/**
 * What the log of a training day shows.
 *
 * @property form the log as it is typed; `null` before it is there
 * @property isStored there is a log of this day
 * @property isChanged something was typed that is not saved
 * @property isLeaving the person went back without having saved, and is asked
 * @property catalogue the movements, by name
 * @property search what was typed to find a movement; `null` while none is looked for
 * @property isBusy the log is being written
 * @property loadTrouble why it could not be read
 * @property fault where the core found what it refused to save
 * @property trouble what the last action met
 */
data class LogState(
    val day: ProgramDay,
    val form: LogForm? = null,
    val isStored: Boolean = false,
    val isChanged: Boolean = false,
    val isLeaving: Boolean = false,
    val catalogue: List<ExerciseDefinition> = emptyList(),
    val search: String? = null,
    val isBusy: Boolean = false,
    val loadTrouble: Trouble? = null,
    val fault: LogFault? = null,
    val trouble: Trouble? = null,
) {
    /** What the person searched for, in any case of the letters; everything for an empty search. */
    val found: List<ExerciseDefinition> get() = catalogue.filter { it.name.contains(search.orEmpty().trim(), ignoreCase = true) }

    /** True if the search names a movement that the catalogue does not have. */
    val canDefine: Boolean get() = !search.isNullOrBlank() && catalogue.none { it.name.equals(search.trim(), ignoreCase = true) }

    fun name(definitionId: Id): String = catalogue.firstOrNull { it.id == definitionId }?.name ?: "Of another device"
}

/** What a person can do with a log. */
interface LogActions {
    fun back()

    fun reload()

    fun type(form: LogForm)

    fun search(text: String?)

    fun add(definitionId: Id)

    fun define(name: String)

    fun save()

    fun delete()

    fun stay()

    fun leave()

    fun dismissTrouble()
}
