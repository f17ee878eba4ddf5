package dev.steadfast.demo.save

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import dev.steadfast.SaveProgress
import dev.steadfast.demo.format.label
import dev.steadfast.demo.parts.Badge
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.parts.Margin
import dev.steadfast.demo.parts.ProgressBar
import dev.steadfast.demo.parts.SideButton
import dev.steadfast.demo.theme.Theme
import dev.steadfast.demo.trouble.TroubleScreen

/** A save in progress, or what came in its way. Shows nothing while nothing is being saved. */
@Composable
fun SaveScreen(state: SaveState, actions: SaveActions, modifier: Modifier = Modifier) {
    when (state) {
        SaveState.Idle -> Unit
        is SaveState.Saving -> Saving(state, actions, modifier)
        is SaveState.Failed -> TroubleScreen(state.trouble, actions::retry, actions::dismiss, modifier)
    }
}

@Composable
private fun Saving(state: SaveState.Saving, actions: SaveActions, modifier: Modifier) {
    Box(modifier.fillMaxSize(), Alignment.Center) {
        Column(
            Modifier.verticalScroll(rememberScrollState()).padding(Margin).widthIn(max = 420.dp).fillMaxWidth(),
            Arrangement.spacedBy(20.dp),
            Alignment.CenterHorizontally,
        ) {
            Badge(Icons.Import, diameter = 72)
            Text(
                "Saving your workout",
                Modifier.semantics { heading() },
                style = MaterialTheme.typography.headlineSmall,
                textAlign = TextAlign.Center,
            )
            ProgressBar(state.progress?.fraction, Modifier.fillMaxWidth())
            Text(
                state.progress?.let {
                    "${it.phase.label}, ${Theme.formats.count(
                        it.done.toLong(),
                    )} of ${Theme.formats.count(it.total.toLong())}"
                }
                    ?: "Getting ready",
                Modifier.semantics { liveRegion = LiveRegionMode.Polite },
                color = Theme.palette.softText,
            )
            SideButton(
                if (state.isCancelling) "Cancelling" else "Cancel",
                actions::cancel,
                Modifier.fillMaxWidth(),
                enabled = !state.isCancelling,
            )
        }
    }
}

/** 0 to 1; `null` if there is nothing to divide by. */
internal val SaveProgress.fraction: Float? get() = if (total == 0uL) null else done.toFloat() / total.toFloat()
