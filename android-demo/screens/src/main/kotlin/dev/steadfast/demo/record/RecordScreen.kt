package dev.steadfast.demo.record

import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import dev.steadfast.RecordingState
import dev.steadfast.demo.trouble.TroubleDialog

/**
 * The workout: before it starts, while it runs, and when it is finished and waits to be saved.
 *
 * @param waiting interrupted workouts about which the person wanted to decide later
 * @param onDecide later is now
 */
@Composable
fun RecordScreen(state: RecordState, actions: RecordActions, waiting: Int = 0, onDecide: () -> Unit = {}, modifier: Modifier = Modifier) {
    val live = state.live
    when {
        live == null -> StartPane(state, actions, waiting, onDecide, modifier)
        live.state == RecordingState.STOPPED -> FinishPane(state, live, actions, modifier)
        else -> LivePane(state, live, actions, modifier)
    }
    state.trouble?.let { TroubleDialog(it, onRetry = null, onDismiss = actions::dismissTrouble) }
}
