package dev.steadfast.demo.habits

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import dev.steadfast.HabitLog
import dev.steadfast.demo.parts.EmptyNote
import dev.steadfast.demo.parts.IconAction
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.parts.Loading
import dev.steadfast.demo.parts.Margin
import dev.steadfast.demo.parts.Place
import dev.steadfast.demo.parts.Stepper
import dev.steadfast.demo.parts.Title
import dev.steadfast.demo.theme.Theme
import dev.steadfast.demo.trouble.TroubleDialog
import dev.steadfast.demo.trouble.TroubleScreen

/** The habits of one day. */
@Composable
fun HabitsScreen(state: HabitsState, actions: HabitsActions, modifier: Modifier = Modifier) {
    val trouble = state.listTrouble
    Place(actions::back, modifier, { IconAction(Icons.Add, "Add an entry", actions::add) }) {
        if (trouble != null) TroubleScreen(trouble, actions::refresh, actions::back) else Day(state, actions)
    }
    state.form?.let { HabitDialog(it, actions) }
    state.trouble?.let { TroubleDialog(it, onRetry = null, onDismiss = actions::dismissTrouble) }
}

@Composable
private fun Day(state: HabitsState, actions: HabitsActions) {
    val logs = state.logs
    LazyColumn(
        Modifier.fillMaxSize(),
        contentPadding = PaddingValues(start = Margin, end = Margin, bottom = 32.dp),
        verticalArrangement = Arrangement.spacedBy(12.dp),
    ) {
        item("title") { Title("Habits") }
        item("day") {
            Stepper(
                Theme.formats.day(state.date, state.today),
                before = "Previous day",
                after = "Next day",
                { actions.choose(state.date.minusDays(1)) },
                { actions.choose(state.date.plusDays(1)) },
                hasAfter = state.date < state.today,
            )
        }
        when {
            logs == null -> item("loading") { Loading(Modifier.padding(32.dp)) }
            logs.isEmpty() ->
                item("nothing") { EmptyNote(Icons.Repeat, "Nothing on this day", "Add an entry with the plus above.") }
            else -> items(logs, { it.id.toString() }) { HabitCard(it) { actions.edit(it) } }
        }
    }
}

@Composable
private fun HabitCard(log: HabitLog, onClick: () -> Unit) {
    val formats = Theme.formats
    val time = formats.time(log.startedAt, log.utcOffsetS)
    val duration = log.durationMs?.let { formats.duration(it.toDouble() / MS_A_SECOND) }
    val said = listOfNotNull(log.kind, time, duration?.spoken, log.mood, log.notes)
    Surface(
        onClick,
        Modifier.fillMaxWidth().semantics(mergeDescendants = true) {
            role = Role.Button
            contentDescription = said.joinToString(", ")
        },
        shape = MaterialTheme.shapes.large,
        color = Theme.palette.surface,
    ) {
        Column(Modifier.padding(16.dp), Arrangement.spacedBy(2.dp)) {
            FlowRow(Modifier.fillMaxWidth(), Arrangement.SpaceBetween, itemVerticalAlignment = Alignment.CenterVertically) {
                Text(log.kind, style = MaterialTheme.typography.titleMedium, maxLines = 3, overflow = TextOverflow.Ellipsis)
                if (duration != null) Text(duration.line, style = MaterialTheme.typography.titleMedium)
            }
            Text(
                listOfNotNull(time, log.mood).joinToString("  ·  "),
                color = Theme.palette.softText,
                style = MaterialTheme.typography.bodySmall,
            )
            log.notes?.let { Text(it, style = MaterialTheme.typography.bodyMedium, maxLines = 3, overflow = TextOverflow.Ellipsis) }
        }
    }
}

private const val MS_A_SECOND = 1_000.0
