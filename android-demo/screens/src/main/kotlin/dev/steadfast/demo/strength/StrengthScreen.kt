package dev.steadfast.demo.strength

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.steadfast.MetricUnit
import dev.steadfast.ProgramDay
import dev.steadfast.WorkoutLogSummary
import dev.steadfast.demo.format.counted
import dev.steadfast.demo.format.label
import dev.steadfast.demo.parts.Badge
import dev.steadfast.demo.parts.Card
import dev.steadfast.demo.parts.EmptyNote
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.parts.Loading
import dev.steadfast.demo.parts.MainButton
import dev.steadfast.demo.parts.Margin
import dev.steadfast.demo.parts.Place
import dev.steadfast.demo.parts.Title
import dev.steadfast.demo.parts.nextPage
import dev.steadfast.demo.programs.DemoProgram
import dev.steadfast.demo.theme.Theme
import dev.steadfast.demo.trouble.TroubleScreen

/** The strength logs, newest first, and the day that comes next. */
@Composable
fun StrengthScreen(state: StrengthState, actions: StrengthActions, modifier: Modifier = Modifier) {
    val trouble = state.listTrouble
    val logs = state.logs
    Place(actions::back, modifier) {
        when {
            trouble != null -> TroubleScreen(trouble, actions::refresh, actions::back)
            logs == null -> Loading()
            else ->
                LazyColumn(
                    Modifier.fillMaxSize(),
                    contentPadding = PaddingValues(start = Margin, end = Margin, bottom = 32.dp),
                    verticalArrangement = Arrangement.spacedBy(12.dp),
                ) {
                    item("title") { Title("Strength") }
                    state.upcoming?.let { item("upcoming") { Upcoming(it) { actions.open(it) } } }
                    if (logs.isEmpty()) {
                        item("nothing") { EmptyNote(Icons.Weights, "No logs yet", "What you lift on a training day is listed here.") }
                    }
                    items(logs, { it.id.toString() }) { LogCard(it) { actions.open(it.programDay) } }
                    nextPage(state.next, actions::loadMore)
                }
        }
    }
}

@Composable
private fun Upcoming(day: ProgramDay, onOpen: () -> Unit) {
    Card {
        Column(verticalArrangement = Arrangement.spacedBy(2.dp)) {
            Text("Next: ${day.label}", style = MaterialTheme.typography.titleMedium)
            Text(
                DemoProgram.movements(day).joinToString(", ") { it.label },
                color = Theme.palette.softText,
                style = MaterialTheme.typography.bodyMedium,
            )
        }
        MainButton("Log this day", onOpen, Modifier.fillMaxWidth(), Icons.Weights)
    }
}

@Composable
private fun LogCard(log: WorkoutLogSummary, onClick: () -> Unit) {
    val formats = Theme.formats
    val date = log.startedAt?.let { formats.dateTime(it, log.utcOffsetS) } ?: "No date"
    val sets = "${log.completedSetCount} of ${counted(log.setCount.toLong(), "set", "sets")} done"
    val volume = formats.quantity(log.volumeLoadKg, MetricUnit.KILOGRAM, digits = 0)
    Surface(
        onClick,
        Modifier.fillMaxWidth().semantics(mergeDescendants = true) {
            role = Role.Button
            contentDescription = "${log.programDay.label}, $date, $sets, ${volume.spoken} moved"
        },
        shape = MaterialTheme.shapes.large,
        color = Theme.palette.surface,
    ) {
        Row(Modifier.padding(16.dp), Arrangement.spacedBy(16.dp)) {
            Badge(if (log.isWorkoutFinished) Icons.Check else Icons.Weights)
            Column(Modifier.weight(1f), Arrangement.spacedBy(2.dp)) {
                Text(log.programDay.label, style = MaterialTheme.typography.titleMedium)
                Text(date, color = Theme.palette.softText, style = MaterialTheme.typography.bodySmall)
                FlowRow(Modifier.padding(top = 4.dp), Arrangement.spacedBy(16.dp)) {
                    listOf(sets, volume.line).forEach { Text(it, style = MaterialTheme.typography.titleSmall) }
                }
            }
        }
    }
}
