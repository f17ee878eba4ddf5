package dev.steadfast.demo.app

import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import dev.steadfast.demo.activities.ActivitiesScreen
import dev.steadfast.demo.detail.DetailScreen
import dev.steadfast.demo.habits.HabitsScreen
import dev.steadfast.demo.metrics.MetricsScreen
import dev.steadfast.demo.outbox.OutboxScreen
import dev.steadfast.demo.programs.ProgramsScreen
import dev.steadfast.demo.record.RecordScreen
import dev.steadfast.demo.recovery.RecoveryDialog
import dev.steadfast.demo.save.SaveScreen
import dev.steadfast.demo.save.SaveState
import dev.steadfast.demo.strength.LogScreen
import dev.steadfast.demo.strength.StrengthScreen
import dev.steadfast.demo.training.TrainingScreen

/** The whole app. What is on the screen follows from the model alone. */
@Composable
fun SteadfastApp(model: AppModel) {
    val save by model.save.state.collectAsState()
    val detail by model.detail.collectAsState()
    val tab by model.tab.collectAsState()
    val recovery by model.recovery.state.collectAsState()
    val isSaving = save !is SaveState.Idle
    val training by model.training.state.collectAsState()
    val places by model.places.stack.collectAsState()
    val place = places.lastOrNull().takeIf { tab == Tab.TRAINING }
    AppFrame(tab.takeIf { detail == null && place == null && !isSaving }, model::choose, training.failed) {
        val open = detail
        when {
            isSaving -> SaveScreen(save, model.save)
            open != null ->
                key(open) {
                    val state by open.model.state.collectAsState()
                    DetailScreen(state, open.model)
                }
            tab == Tab.RECORD -> {
                val state by model.record.state.collectAsState()
                RecordScreen(state, model.record, recovery.waiting, model.recovery::askAgain)
            }
            place != null -> key(place) { PlaceScreen(place) }
            tab == Tab.TRAINING -> TrainingScreen(training, model.training)
            else -> {
                val state by model.activities.state.collectAsState()
                ActivitiesScreen(state, model.activities)
            }
        }
    }
    if (!isSaving) RecoveryDialog(recovery, model.recovery)
}

@Composable
private fun PlaceScreen(place: OpenPlace) {
    when (place) {
        is OpenPlace.Programs -> ProgramsScreen(place.model.state.collectAsState().value, place.model)
        is OpenPlace.Strength -> StrengthScreen(place.model.state.collectAsState().value, place.model)
        is OpenPlace.Log -> LogScreen(place.model.state.collectAsState().value, place.model)
        is OpenPlace.Metrics -> MetricsScreen(place.model.state.collectAsState().value, place.model)
        is OpenPlace.Habits -> HabitsScreen(place.model.state.collectAsState().value, place.model)
        is OpenPlace.Outbox -> OutboxScreen(place.model.state.collectAsState().value, place.model)
    }
}
