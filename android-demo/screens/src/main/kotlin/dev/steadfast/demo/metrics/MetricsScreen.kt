package dev.steadfast.demo.metrics

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
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import dev.steadfast.MetricKind
import dev.steadfast.ProgressEntry
import dev.steadfast.demo.format.Figure
import dev.steadfast.demo.format.Formats
import dev.steadfast.demo.format.label
import dev.steadfast.demo.parts.Card
import dev.steadfast.demo.parts.ChoiceColumn
import dev.steadfast.demo.parts.DialogButton
import dev.steadfast.demo.parts.EmptyNote
import dev.steadfast.demo.parts.IconAction
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.parts.Loading
import dev.steadfast.demo.parts.Margin
import dev.steadfast.demo.parts.Place
import dev.steadfast.demo.parts.ScrollingDialog
import dev.steadfast.demo.parts.SideButton
import dev.steadfast.demo.parts.Title
import dev.steadfast.demo.parts.nextPage
import dev.steadfast.demo.theme.Theme
import dev.steadfast.demo.trouble.TroubleDialog
import dev.steadfast.demo.trouble.TroubleScreen
import dev.steadfast.toLocalDate
import java.time.LocalDate

/** The measurements of one kind, newest first, above them their course. */
@Composable
fun MetricsScreen(state: MetricsState, actions: MetricsActions, modifier: Modifier = Modifier) {
    var choosing by rememberSaveable { mutableStateOf(false) }
    val trouble = state.listTrouble
    val entries = state.entries
    Place(actions::back, modifier, { IconAction(Icons.Add, "Add a measurement", actions::add) }) {
        when {
            trouble != null -> TroubleScreen(trouble, actions::refresh, actions::back)
            entries == null -> Loading()
            else ->
                LazyColumn(
                    Modifier.fillMaxSize(),
                    contentPadding = PaddingValues(start = Margin, end = Margin, bottom = 32.dp),
                    verticalArrangement = Arrangement.spacedBy(12.dp),
                ) {
                    item("title") { Title("Metrics") }
                    item("kind") { SideButton(state.kind.label, { choosing = true }, Modifier.fillMaxWidth(), Icons.Down) }
                    state.line?.let { item("line") { Card { MetricChart(state.kind, it) } } }
                    if (entries.isEmpty()) {
                        item("nothing") { EmptyNote(Icons.Chart, "Nothing measured yet", "Add the first one with the plus above.") }
                    }
                    items(entries, { it.id.toString() }) { EntryCard(it, state.today) { actions.edit(it) } }
                    nextPage(state.next, actions::loadMore)
                }
        }
    }
    if (choosing) {
        KindDialog(state.kind, onDismiss = { choosing = false }) {
            choosing = false
            actions.choose(it)
        }
    }
    state.form?.let { EntryDialog(state.kind, it, state.today, actions) }
    state.trouble?.let { TroubleDialog(it, onRetry = null, onDismiss = actions::dismissTrouble) }
}

@Composable
private fun EntryCard(entry: ProgressEntry, today: LocalDate, onClick: () -> Unit) {
    val formats = Theme.formats
    val entered = formats.quantity(entry.quantity, entry.unit)
    val si = formats.si(entry)
    val day = formats.day(entry.date.toLocalDate(), today)
    val notes = entry.notes
    Surface(
        onClick,
        Modifier.fillMaxWidth().semantics(mergeDescendants = true) {
            role = Role.Button
            contentDescription = listOfNotNull(entered.spoken, si?.let { "that is ${it.spoken}" }, day, notes).joinToString(", ")
        },
        shape = MaterialTheme.shapes.large,
        color = Theme.palette.surface,
    ) {
        Column(Modifier.padding(16.dp), Arrangement.spacedBy(2.dp)) {
            FlowRow(Modifier.fillMaxWidth(), Arrangement.SpaceBetween, itemVerticalAlignment = Alignment.CenterVertically) {
                Text(entered.line, style = MaterialTheme.typography.titleLarge)
                if (si != null) Text(si.line, color = Theme.palette.softText, style = MaterialTheme.typography.titleMedium)
            }
            Text(day, color = Theme.palette.softText, style = MaterialTheme.typography.bodySmall)
            if (notes != null) Text(notes, style = MaterialTheme.typography.bodyMedium, maxLines = 3, overflow = TextOverflow.Ellipsis)
        }
    }
}

/** The quantity in its kind's base unit; `null` where it was entered in that. */
private fun Formats.si(entry: ProgressEntry): Figure? {
    val base = entry.kind.baseUnit()
    return quantity(entry.quantitySi, base, digits = 2).takeIf { entry.unit != base }
}

@Composable
private fun KindDialog(chosen: MetricKind, onDismiss: () -> Unit, onChoose: (MetricKind) -> Unit) {
    ScrollingDialog("What to measure", onDismiss, confirm = { DialogButton("Close", onDismiss) }) {
        ChoiceColumn(MetricKind.entries - MetricKind.UNKNOWN, chosen, { it.label }, onChoose)
    }
}
