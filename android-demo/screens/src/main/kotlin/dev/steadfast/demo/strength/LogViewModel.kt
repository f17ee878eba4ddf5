package dev.steadfast.demo.strength

import dev.steadfast.ExerciseDefinitionDraft
import dev.steadfast.Id
import dev.steadfast.ProgramDay
import dev.steadfast.SteadfastClient
import dev.steadfast.demo.app.Attempts
import dev.steadfast.demo.app.Calendar
import dev.steadfast.demo.format.typed
import dev.steadfast.demo.programs.DemoMovement
import dev.steadfast.demo.programs.DemoProgram
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update

/**
 * The view model of a training day's strength log. What is typed stays here until it is saved; a change from elsewhere does not touch it.
 *
 * @param onClose there is nothing left to do here
 */
class LogViewModel(
    client: SteadfastClient,
    private val calendar: Calendar,
    day: ProgramDay,
    private val attempts: Attempts,
    private val onClose: () -> Unit,
) : LogActions {
    private val strength = client.strength()
    private val states = MutableStateFlow(LogState(day))

    val state: StateFlow<LogState> = states.asStateFlow()

    init {
        reload()
    }

    override fun back() {
        if (states.value.isChanged) states.update { it.copy(isLeaving = true) } else onClose()
    }

    override fun reload() {
        states.update { it.copy(loadTrouble = null) }
        attempts.attempt({ trouble -> states.update { it.copy(loadTrouble = trouble) } }) {
            bringMovements()
            val catalogue = strength.definitions()
            val log = strength.get(states.value.day)
            val form = log?.let(LogForm::of) ?: planned()
            states.update { it.copy(form = form, isStored = log != null, catalogue = catalogue) }
        }
    }

    override fun type(form: LogForm) = states.update { it.copy(form = form, isChanged = true, fault = null) }

    override fun search(text: String?) = states.update { it.copy(search = text) }

    override fun add(definitionId: Id) {
        act {
            val form = states.value.form ?: return@act
            type(form.with(definitionId, listOf(last(definitionId))))
            search(null)
        }
    }

    override fun define(name: String) {
        act {
            val made = strength.define(ExerciseDefinitionDraft(name = name.trim()))
            val catalogue = strength.definitions()
            states.update { it.copy(catalogue = catalogue) }
            add(made.id)
        }
    }

    override fun save() {
        val state = states.value
        val form = state.form ?: return
        states.update { it.copy(isBusy = true) }
        attempts
            .attempt({ trouble -> states.update { it.copy(trouble = trouble, fault = LogFault.of(trouble.field)) } }) {
                strength.save(form.draft(state.day))
                onClose()
            }.invokeOnCompletion { states.update { it.copy(isBusy = false) } }
    }

    override fun delete() {
        act {
            strength.delete(states.value.day)
            onClose()
        }
    }

    override fun stay() = states.update { it.copy(isLeaving = false) }

    override fun leave() = onClose()

    override fun dismissTrouble() = states.update { it.copy(trouble = null) }

    /** What the program says of the day, with the weights of the last time. */
    private suspend fun planned(): LogForm {
        val now = calendar.now()
        val empty = LogForm(now, calendar.offsetS(now))
        return DemoProgram.movements(states.value.day).fold(empty) { form, movement ->
            val set = last(movement.id).copy(reps = "${DemoProgram.REPS}")
            form.with(movement.id, List(DemoProgram.SETS) { set })
        }
    }

    /** A set as the last one of this movement was, to begin with. */
    private suspend fun last(definitionId: Id): SetForm {
        val last = strength.exerciseHistory(definitionId, 1u).firstOrNull()?.exercise?.sets?.lastOrNull() ?: return SetForm()
        val weight = last.weight ?: return SetForm(reps = last.reps?.toString().orEmpty())
        return SetForm(weight = typed(weight.value), unit = weight.unit, reps = last.reps?.toString().orEmpty())
    }

    /** The catalogue is the account's own; the app's movements are put into it when they are first needed. */
    private suspend fun bringMovements() {
        val known = strength.definitions().map { it.id }.toSet()
        DemoMovement.entries.filter { it.id !in known }.forEach { strength.define(it.definition) }
    }

    private fun act(call: suspend () -> Unit) {
        attempts.attempt({ trouble -> states.update { it.copy(trouble = trouble) } }) { call() }
    }
}
