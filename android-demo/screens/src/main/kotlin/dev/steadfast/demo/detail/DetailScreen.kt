package dev.steadfast.demo.detail

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.steadfast.Activity
import dev.steadfast.demo.format.Figure
import dev.steadfast.demo.format.Formats
import dev.steadfast.demo.format.METRES_PER_KM
import dev.steadfast.demo.format.isReadAsSpeed
import dev.steadfast.demo.format.label
import dev.steadfast.demo.parts.Card
import dev.steadfast.demo.parts.ConfirmDialog
import dev.steadfast.demo.parts.FigureGrid
import dev.steadfast.demo.parts.Heading
import dev.steadfast.demo.parts.IconAction
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.parts.Margin
import dev.steadfast.demo.theme.Theme
import dev.steadfast.demo.trouble.TroubleDialog
import dev.steadfast.demo.trouble.TroubleScreen

/** One activity: where it went, how high, how fast. */
@Composable
fun DetailScreen(state: DetailState, actions: DetailActions, modifier: Modifier = Modifier) {
    var dialog by rememberSaveable { mutableStateOf(DetailDialog.NONE) }
    val activity = state.activity
    val trouble = state.loadTrouble
    Column(modifier.fillMaxSize()) {
        Row(Modifier.fillMaxWidth().padding(horizontal = 8.dp, vertical = 4.dp)) {
            IconAction(Icons.Back, "Back", actions::back)
            Spacer(Modifier.weight(1f))
            if (activity != null) {
                IconAction(Icons.Edit, "Edit title and notes", actions::startEdit)
                IconAction(Icons.Share, "Export", { dialog = DetailDialog.EXPORT })
                IconAction(Icons.Delete, "Delete", { dialog = DetailDialog.DELETE })
            }
        }
        when {
            trouble != null -> TroubleScreen(trouble, actions::reload, actions::back)
            activity == null ->
                Box(Modifier.fillMaxSize(), Alignment.Center) {
                    CircularProgressIndicator(
                        Modifier.semantics {
                            contentDescription =
                                "Loading"
                        },
                    )
                }
            else -> Contents(activity, state, actions)
        }
    }
    when (dialog) {
        DetailDialog.NONE -> Unit
        DetailDialog.EXPORT -> ExportDialog(actions::export) { dialog = DetailDialog.NONE }
        DetailDialog.DELETE ->
            ConfirmDialog(
                title = "Delete this activity?",
                text = "Its route and its numbers would be gone from this device. This cannot be undone.",
                confirm = "Delete",
                onConfirm = {
                    dialog = DetailDialog.NONE
                    actions.delete()
                },
                onDismiss = { dialog = DetailDialog.NONE },
            )
    }
    state.edit?.let { EditDialog(it, state.isBusy, actions) }
    state.trouble?.let { TroubleDialog(it, onRetry = null, onDismiss = actions::dismissTrouble) }
}

private enum class DetailDialog { NONE, EXPORT, DELETE }

@Composable
private fun Contents(activity: Activity, state: DetailState, actions: DetailActions) {
    val formats = Theme.formats
    Column(
        Modifier.fillMaxSize().verticalScroll(rememberScrollState()).padding(start = Margin, end = Margin, bottom = 32.dp),
        Arrangement.spacedBy(20.dp),
    ) {
        Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
            Text(
                "${activity.kind.label}  ·  ${formats.dateTime(activity.startedAt, activity.utcOffsetS)}",
                color = Theme.palette.softText,
                style = MaterialTheme.typography.labelMedium,
            )
            Text(
                activity.title.ifEmpty { activity.kind.label },
                Modifier.semantics { heading() },
                style = MaterialTheme.typography.headlineMedium,
            )
            if (activity.notes.isNotEmpty()) Text(activity.notes, Modifier.padding(top = 4.dp))
        }
        state.route?.takeUnless { it.isEmpty }?.let {
            RouteDrawing(
                it,
                "Route of ${formats.distance(activity.distanceM).spoken}, north up",
            )
        }
        Card { FigureGrid(formats.figures(activity)) }
        state.profile?.takeUnless { it.isEmpty }?.let {
            Card {
                Heading("Elevation")
                ElevationChart(it)
            }
        }
        state.splits?.takeIf { it.isNotEmpty() }?.let {
            Card {
                FlowRow(Modifier.fillMaxWidth(), Arrangement.SpaceBetween, itemVerticalAlignment = Alignment.CenterVertically) {
                    Heading("Splits")
                    UnitsChoice(state.units, actions::chooseUnits)
                }
                SplitsTable(it, state.units)
            }
        }
        state.laps?.takeIf { it.isNotEmpty() }?.let {
            Card {
                Heading("Laps")
                LapsTable(it)
            }
        }
    }
}

private fun Formats.figures(activity: Activity): List<Pair<String, Figure>> =
    listOfNotNull(
        "Distance" to distance(activity.distanceM),
        "Time" to duration(activity.timerS),
        if (activity.kind.isReadAsSpeed) {
            "Average speed" to speed(activity.averageSpeedMps)
        } else {
            "Average pace" to pace(activity.averageSpeedMps?.let { METRES_PER_KM / it })
        },
        "Moving time" to duration(activity.movingS),
        "Climbed" to elevation(activity.elevationGainM),
        "Descended" to elevation(activity.elevationLossM),
        activity.averageHeartRateBpm?.let { "Average heart rate" to heartRate(it) },
        activity.maxHeartRateBpm?.let { "Highest heart rate" to heartRate(it) },
    )
