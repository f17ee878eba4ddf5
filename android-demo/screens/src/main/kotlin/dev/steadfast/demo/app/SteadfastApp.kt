package dev.steadfast.demo.app

import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import dev.steadfast.demo.activities.ActivitiesScreen
import dev.steadfast.demo.detail.DetailScreen
import dev.steadfast.demo.record.RecordScreen
import dev.steadfast.demo.recovery.RecoveryDialog
import dev.steadfast.demo.save.SaveScreen
import dev.steadfast.demo.save.SaveState

/** The whole app. What is on the screen follows from the model alone. */
@Composable
fun SteadfastApp(model: AppModel) {
    val save by model.save.state.collectAsState()
    val detail by model.detail.collectAsState()
    val tab by model.tab.collectAsState()
    val recovery by model.recovery.state.collectAsState()
    val isSaving = save !is SaveState.Idle
    AppFrame(tab.takeIf { detail == null && !isSaving }, model::choose) {
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
            else -> {
                val state by model.activities.state.collectAsState()
                ActivitiesScreen(state, model.activities)
            }
        }
    }
    if (!isSaving) RecoveryDialog(recovery, model.recovery)
}
