package dev.steadfast.demo.record

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.steadfast.LiveStatistics
import dev.steadfast.demo.format.METRES_PER_KM
import dev.steadfast.demo.format.isReadAsSpeed
import dev.steadfast.demo.format.label
import dev.steadfast.demo.parts.Badge
import dev.steadfast.demo.parts.Card
import dev.steadfast.demo.parts.ConfirmDialog
import dev.steadfast.demo.parts.FigureGrid
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.parts.MainButton
import dev.steadfast.demo.parts.Margin
import dev.steadfast.demo.theme.Theme

/** The finished workout: give it a name and save it, go on with it, or throw it away. */
@Composable
internal fun FinishPane(state: RecordState, live: LiveStatistics, actions: RecordActions, modifier: Modifier = Modifier) {
    var discarding by rememberSaveable { mutableStateOf(false) }
    val formats = Theme.formats
    Column(
        modifier.fillMaxSize().verticalScroll(rememberScrollState()).padding(Margin),
        Arrangement.spacedBy(16.dp),
    ) {
        Row(Modifier.padding(top = 12.dp), Arrangement.spacedBy(16.dp), Alignment.CenterVertically) {
            Badge(Icons.of(live.kind))
            Column {
                Text("Well done", Modifier.semantics { heading() }, style = MaterialTheme.typography.headlineMedium)
                Text(live.kind.label, color = Theme.palette.softText)
            }
        }
        Card {
            FigureGrid(
                listOf(
                    "Distance" to formats.distance(live.distanceM),
                    "Time" to formats.duration(live.timerS),
                    if (live.kind.isReadAsSpeed) {
                        "Average speed" to formats.speed(live.averagePaceSPerKm?.let { METRES_PER_KM / it })
                    } else {
                        "Average pace" to formats.pace(live.averagePaceSPerKm)
                    },
                    "Climbed" to formats.elevation(live.elevationGainM),
                ),
            )
        }
        OutlinedTextField(state.title, actions::typeTitle, Modifier.fillMaxWidth(), label = { Text("Title") }, singleLine = true)
        OutlinedTextField(state.notes, actions::typeNotes, Modifier.fillMaxWidth(), label = { Text("Notes") }, minLines = 2)
        MainButton("Save", actions::save, Modifier.fillMaxWidth(), Icons.Check)
        FlowRow(Modifier.fillMaxWidth(), Arrangement.SpaceBetween) {
            TextButton(actions::resume, Modifier.heightIn(min = 48.dp)) { Text("Go on recording") }
            TextButton({ discarding = true }, Modifier.heightIn(min = 48.dp)) { Text("Discard", color = Theme.palette.danger) }
        }
    }
    if (discarding) {
        ConfirmDialog(
            title = "Discard this workout?",
            text = "${formats.distance(
                live.distanceM,
            ).line} in ${formats.duration(live.timerS).line} would be gone. This cannot be undone.",
            confirm = "Discard",
            onConfirm = {
                discarding = false
                actions.discard()
            },
            onDismiss = { discarding = false },
        )
    }
}
