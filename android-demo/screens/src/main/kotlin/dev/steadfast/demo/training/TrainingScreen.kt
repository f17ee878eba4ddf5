package dev.steadfast.demo.training

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.steadfast.OutboxStatistics
import dev.steadfast.demo.app.Destination
import dev.steadfast.demo.format.counted
import dev.steadfast.demo.format.label
import dev.steadfast.demo.format.sentence
import dev.steadfast.demo.parts.Badge
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.parts.Loading
import dev.steadfast.demo.parts.Margin
import dev.steadfast.demo.parts.Title
import dev.steadfast.demo.programs.DemoProgram
import dev.steadfast.demo.theme.Theme
import dev.steadfast.demo.trouble.TroubleScreen

/** What a training app keeps beside its recordings, a row each, and what the server has yet to hear of all of it. */
@Composable
fun TrainingScreen(state: TrainingState, actions: TrainingActions, modifier: Modifier = Modifier) {
    val trouble = state.trouble
    val outbox = state.outbox
    LaunchedEffect(Unit) { actions.refresh() }
    when {
        trouble != null -> TroubleScreen(trouble, actions::refresh, actions::refresh)
        outbox == null -> Loading()
        else ->
            Column(
                modifier.fillMaxSize().verticalScroll(rememberScrollState()).padding(horizontal = Margin, vertical = 16.dp),
                Arrangement.spacedBy(12.dp),
            ) {
                Title("Training")
                Room(Icons.Calendar, "Programs", programs(state)) { actions.open(Destination.Programs) }
                Room(Icons.Weights, "Strength", strength(state)) { actions.open(Destination.Strength) }
                Room(Icons.Chart, "Metrics", metrics(state)) { actions.open(Destination.Metrics) }
                Room(Icons.Repeat, "Habits", habits(state)) { actions.open(Destination.Habits) }
                OutboxRow(outbox) { actions.open(Destination.Outbox) }
            }
    }
}

private fun programs(state: TrainingState) = "${DemoProgram.NAME}: ${state.completedDays ?: 0} of ${DemoProgram.DAYS} days"

private fun strength(state: TrainingState) = state.lastLog?.let { "Last: ${it.programDay.label}" } ?: "No logs yet"

@Composable
private fun metrics(state: TrainingState) =
    state.bodyMass?.let { "Body mass: ${Theme.formats.quantity(it.quantity, it.unit).line}" } ?: "Nothing measured yet"

private fun habits(state: TrainingState) =
    if (state.habitsToday == 0) "Nothing today" else "Today: ${counted(state.habitsToday.toLong(), "entry", "entries")}"

@Composable
private fun Room(icon: ImageVector, name: String, line: String, onClick: () -> Unit) {
    Surface(
        onClick,
        Modifier.fillMaxWidth().semantics(mergeDescendants = true) {
            role = Role.Button
            contentDescription = "$name, $line"
        },
        shape = MaterialTheme.shapes.large,
        color = Theme.palette.surface,
    ) {
        Row(Modifier.padding(16.dp), Arrangement.spacedBy(16.dp), Alignment.CenterVertically) {
            Badge(icon)
            Column(Modifier.weight(1f), Arrangement.spacedBy(2.dp)) {
                Text(name, style = MaterialTheme.typography.titleMedium)
                Text(line, color = Theme.palette.softText, style = MaterialTheme.typography.bodyMedium)
            }
        }
    }
}

/** Quiet while all is well, red when something failed. */
@Composable
private fun OutboxRow(outbox: OutboxStatistics, onClick: () -> Unit) {
    val palette = Theme.palette
    val hasFailed = outbox.dead > 0uL
    Surface(
        onClick,
        Modifier.fillMaxWidth().semantics(mergeDescendants = true) {
            role = Role.Button
            contentDescription = "Outbox, ${outbox.sentence}"
        },
        shape = MaterialTheme.shapes.large,
        color = if (hasFailed) palette.dangerSoft else palette.raised,
        contentColor = if (hasFailed) palette.onDangerSoft else palette.text,
    ) {
        Row(Modifier.padding(16.dp), Arrangement.spacedBy(16.dp), Alignment.CenterVertically) {
            Icon(if (hasFailed) Icons.Failure else Icons.Outbox, null, Modifier.padding(10.dp).size(24.dp))
            Column(Modifier.weight(1f), Arrangement.spacedBy(2.dp)) {
                Text("Outbox", style = MaterialTheme.typography.titleMedium)
                Text(outbox.sentence, style = MaterialTheme.typography.bodyMedium)
            }
        }
    }
}
