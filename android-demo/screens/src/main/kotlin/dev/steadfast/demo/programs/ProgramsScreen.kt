package dev.steadfast.demo.programs

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.Icon
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
import androidx.compose.ui.unit.dp
import dev.steadfast.ProgramDay
import dev.steadfast.ProgramSession
import dev.steadfast.demo.format.Formats
import dev.steadfast.demo.format.label
import dev.steadfast.demo.parts.Card
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.parts.Loading
import dev.steadfast.demo.parts.Place
import dev.steadfast.demo.parts.ProgressBar
import dev.steadfast.demo.parts.ScrollingColumn
import dev.steadfast.demo.parts.Stepper
import dev.steadfast.demo.parts.Title
import dev.steadfast.demo.theme.Theme
import dev.steadfast.demo.trouble.TroubleDialog
import dev.steadfast.demo.trouble.TroubleScreen
import dev.steadfast.toLocalDate
import java.time.LocalDate

/** One program: how much of it is done, and a week of it at a time. */
@Composable
fun ProgramsScreen(state: ProgramsState, actions: ProgramsActions, modifier: Modifier = Modifier) {
    val trouble = state.listTrouble
    Place(actions::back, modifier) {
        when {
            trouble != null -> TroubleScreen(trouble, actions::refresh, actions::back)
            state.sessions == null -> Loading()
            else -> Contents(state, actions)
        }
    }
    state.day?.let { DayDialog(it, state.session(it.day), state.today, actions) }
    state.trouble?.let { TroubleDialog(it, onRetry = null, onDismiss = actions::dismissTrouble) }
}

@Composable
private fun Contents(state: ProgramsState, actions: ProgramsActions) {
    ScrollingColumn {
        Title("Programs")
        Progress(state.completed)
        Stepper(
            "Week ${state.week} of ${DemoProgram.WEEKS}",
            before = "Previous week",
            after = "Next week",
            { actions.chooseWeek(state.week - 1) },
            { actions.chooseWeek(state.week + 1) },
            hasBefore = state.week > 1,
            hasAfter = state.week < DemoProgram.WEEKS,
        )
        (1..DemoProgram.DAYS_A_WEEK).map { DemoProgram.day(state.week, it) }.forEach { day ->
            DayCard(day, state.session(day), state.today) { actions.open(day) }
        }
    }
}

@Composable
private fun Progress(completed: Int) {
    val share = "$completed of ${DemoProgram.DAYS}"
    Card(Modifier.semantics(mergeDescendants = true) { contentDescription = "${DemoProgram.NAME}, $share days done" }) {
        Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(16.dp), Alignment.CenterVertically) {
            Text(DemoProgram.NAME, Modifier.weight(1f), style = MaterialTheme.typography.titleLarge)
            Text(share, color = Theme.palette.softText, style = MaterialTheme.typography.titleMedium)
        }
        ProgressBar(completed / DemoProgram.DAYS.toFloat(), Modifier.fillMaxWidth().height(8.dp))
    }
}

@Composable
private fun DayCard(day: ProgramDay, session: ProgramSession?, today: LocalDate, onClick: () -> Unit) {
    val palette = Theme.palette
    val state = Theme.formats.state(session, today)
    val isDone = session?.completedAt != null
    val movements = DemoProgram.movements(day).joinToString(", ") { it.label }
    Surface(
        onClick,
        Modifier.fillMaxWidth().semantics(mergeDescendants = true) {
            role = Role.Button
            contentDescription = "Day ${day.day}, $movements, $state"
        },
        shape = MaterialTheme.shapes.large,
        color = palette.surface,
    ) {
        Row(Modifier.padding(16.dp), Arrangement.spacedBy(16.dp), Alignment.CenterVertically) {
            DayBadge(isDone)
            Column(Modifier.weight(1f), Arrangement.spacedBy(2.dp)) {
                Text("Day ${day.day}", style = MaterialTheme.typography.titleMedium)
                Text(movements, color = palette.softText, style = MaterialTheme.typography.bodyMedium)
                Text(
                    state,
                    Modifier.padding(top = 4.dp),
                    color = if (isDone) palette.accent else palette.text,
                    style = MaterialTheme.typography.titleSmall,
                )
            }
        }
    }
}

/** A tick once the day is done. */
@Composable
private fun DayBadge(isDone: Boolean) {
    val palette = Theme.palette
    Surface(
        Modifier.size(44.dp),
        shape = CircleShape,
        color = if (isDone) palette.accent else palette.raised,
        contentColor = if (isDone) palette.onAccent else palette.softText,
    ) {
        Box(contentAlignment = Alignment.Center) {
            Icon(if (isDone) Icons.Check else Icons.Weights, null, Modifier.size(24.dp))
        }
    }
}

/** What became of a day, in a line. */
internal fun Formats.state(session: ProgramSession?, today: LocalDate): String {
    val completedAt = session?.completedAt
    val date = session?.scheduledDate?.toLocalDate()
    return when {
        completedAt != null ->
            listOfNotNull("Done ${dateTime(completedAt, session.completedUtcOffsetS)}", session.intensity?.label).joinToString("  ·  ")
        date != null -> "Planned: ${day(date, today)}"
        else -> "Open"
    }
}
