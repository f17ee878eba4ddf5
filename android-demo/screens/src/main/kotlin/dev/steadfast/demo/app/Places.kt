package dev.steadfast.demo.app

import dev.steadfast.ProgramDay
import dev.steadfast.SteadfastClient
import dev.steadfast.demo.habits.HabitsViewModel
import dev.steadfast.demo.metrics.MetricsViewModel
import dev.steadfast.demo.outbox.OutboxViewModel
import dev.steadfast.demo.programs.ProgramsViewModel
import dev.steadfast.demo.strength.LogViewModel
import dev.steadfast.demo.strength.StrengthViewModel
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.job
import kotlinx.coroutines.plus

/** Where a person can go from the training tab. */
sealed interface Destination {
    data object Programs : Destination

    data object Strength : Destination

    /** The strength log of a training day. */
    data class Log(val day: ProgramDay) : Destination

    data object Metrics : Destination

    data object Habits : Destination

    data object Outbox : Destination
}

/** A screen of the training tab, and the scope that ends with it. */
sealed class OpenPlace(internal val scope: CoroutineScope) {
    class Programs(val model: ProgramsViewModel, scope: CoroutineScope) : OpenPlace(scope)

    class Strength(val model: StrengthViewModel, scope: CoroutineScope) : OpenPlace(scope)

    class Log(val model: LogViewModel, scope: CoroutineScope) : OpenPlace(scope)

    class Metrics(val model: MetricsViewModel, scope: CoroutineScope) : OpenPlace(scope)

    class Habits(val model: HabitsViewModel, scope: CoroutineScope) : OpenPlace(scope)

    class Outbox(val model: OutboxViewModel, scope: CoroutineScope) : OpenPlace(scope)
}

/** The screens that were opened over the training tab, one above the other. */
class Places(
    private val client: SteadfastClient,
    private val calendar: Calendar,
    private val scope: CoroutineScope,
    private val dispatcher: CoroutineDispatcher,
) {
    private val places = MutableStateFlow<List<OpenPlace>>(emptyList())

    /** The last one is on the screen; empty for the tab itself. */
    val stack: StateFlow<List<OpenPlace>> = places.asStateFlow()

    fun go(destination: Destination) {
        val screen = scope + SupervisorJob(scope.coroutineContext.job)
        val place = open(destination, Attempts(screen, dispatcher), screen)
        places.update { it + place }
    }

    /** One step back. False if there is none. */
    fun back(): Boolean {
        val last = places.value.lastOrNull() ?: return false
        if (last is OpenPlace.Log) last.model.back() else close()
        return true
    }

    private fun open(destination: Destination, attempts: Attempts, screen: CoroutineScope): OpenPlace =
        when (destination) {
            Destination.Programs ->
                OpenPlace.Programs(ProgramsViewModel(client, calendar, attempts, screen, { go(Destination.Log(it)) }, ::close), screen)
            Destination.Strength ->
                OpenPlace.Strength(StrengthViewModel(client, attempts, screen, { go(Destination.Log(it)) }, ::close), screen)
            is Destination.Log -> OpenPlace.Log(LogViewModel(client, calendar, destination.day, attempts, ::close), screen)
            Destination.Metrics -> OpenPlace.Metrics(MetricsViewModel(client, calendar, attempts, screen, ::close), screen)
            Destination.Habits -> OpenPlace.Habits(HabitsViewModel(client, calendar, attempts, screen, ::close), screen)
            Destination.Outbox -> OpenPlace.Outbox(OutboxViewModel(client, calendar, attempts, screen, ::close), screen)
        }

    private fun close() {
        val last = places.value.lastOrNull() ?: return
        places.update { it - last }
        last.scope.cancel()
    }
}
