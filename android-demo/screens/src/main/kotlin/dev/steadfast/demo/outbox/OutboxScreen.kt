package dev.steadfast.demo.outbox

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.steadfast.OutboxEvent
import dev.steadfast.OutboxStatistics
import dev.steadfast.SyncStatus
import dev.steadfast.demo.format.how
import dev.steadfast.demo.format.sentence
import dev.steadfast.demo.format.waiting
import dev.steadfast.demo.format.what
import dev.steadfast.demo.parts.Card
import dev.steadfast.demo.parts.DialogButton
import dev.steadfast.demo.parts.EmptyNote
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.parts.Loading
import dev.steadfast.demo.parts.Margin
import dev.steadfast.demo.parts.Place
import dev.steadfast.demo.parts.ScrollingDialog
import dev.steadfast.demo.parts.Title
import dev.steadfast.demo.parts.nextPage
import dev.steadfast.demo.theme.Theme
import dev.steadfast.demo.trouble.TroubleDialog
import dev.steadfast.demo.trouble.TroubleScreen

/** What the server has yet to hear, and what it refused. */
@Composable
fun OutboxScreen(state: OutboxState, actions: OutboxActions, modifier: Modifier = Modifier) {
    val trouble = state.listTrouble
    val statistics = state.statistics
    Place(actions::back, modifier) {
        when {
            trouble != null -> TroubleScreen(trouble, actions::refresh, actions::back)
            statistics == null -> Loading()
            else -> Contents(state, statistics, actions)
        }
    }
    state.discarding?.let { DiscardDialog(it, actions) }
    state.onlyCopy?.let { OnlyCopyDialog(it, actions) }
    state.trouble?.let { TroubleDialog(it, onRetry = null, onDismiss = actions::dismissTrouble) }
}

@Composable
private fun Contents(state: OutboxState, statistics: OutboxStatistics, actions: OutboxActions) {
    LazyColumn(
        Modifier.fillMaxSize(),
        contentPadding = PaddingValues(start = Margin, end = Margin, bottom = 32.dp),
        verticalArrangement = Arrangement.spacedBy(12.dp),
    ) {
        item("title") { Title("Outbox") }
        item("counts") { Counts(statistics, state.sync) }
        if (state.events.isEmpty() && state.next == null) {
            item("nothing") {
                EmptyNote(
                    Icons.Check,
                    "Everything is on this phone.",
                    "Nothing waits. What you change next is kept here until a server has it.",
                )
            }
        }
        items(state.events, { it.opId.toString() }) { EventCard(it, state.now, actions) }
        nextPage(state.next, actions::loadMore)
    }
}

@Composable
private fun Counts(statistics: OutboxStatistics, sync: SyncStatus?) {
    Card {
        Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
            Count("Waiting", statistics.waiting)
            Count("Sending", statistics.processing.toLong())
            Count("Failed", statistics.dead.toLong(), if (statistics.dead > 0uL) Theme.palette.danger else Theme.palette.text)
        }
        if (sync != null) Text(sync.sentence, color = Theme.palette.softText, style = MaterialTheme.typography.bodyMedium)
    }
}

@Composable
private fun Count(label: String, number: Long, color: Color = Theme.palette.text) {
    val text = Theme.formats.count(number)
    Row(
        Modifier.fillMaxWidth().semantics(mergeDescendants = true) { contentDescription = "$label: $text" },
        Arrangement.spacedBy(16.dp),
    ) {
        Text(label, Modifier.weight(1f), color = color, style = MaterialTheme.typography.titleMedium)
        Text(text, color = color, style = MaterialTheme.typography.titleMedium)
    }
}

/** Asks, and says what would be given up. */
@Composable
private fun DiscardDialog(event: OutboxEvent, actions: OutboxActions) {
    ScrollingDialog(
        "Give this change up?",
        actions::keep,
        confirm = { DialogButton("Discard", actions::confirmDiscard, color = Theme.palette.danger) },
        dismiss = { DialogButton("Keep", actions::keep) },
    ) {
        Text("${event.what}, ${event.how}", color = Theme.palette.text, style = MaterialTheme.typography.titleMedium)
        Text(
            when (event.how) {
                "new" -> "What you entered would be gone from this phone, with every later change of it. The server never hears of it."
                "deleted" -> "What you deleted would be there again."
                else -> "It would look again as it did before this change. The server never hears of it."
            },
        )
        if (event.groupId != null) Text("Changes that were made together with it go as well.")
    }
}

/** Why this one cannot be given up, and what can be done instead. */
@Composable
private fun OnlyCopyDialog(only: OnlyCopy, actions: OutboxActions) {
    ScrollingDialog(
        only.trouble.summary,
        actions::keep,
        confirm = { DialogButton("Keep", actions::keep) },
        dismiss = { if (only.event.isRetryable) DialogButton("Retry", { actions.retry(only.event) }) },
    ) {
        Text(only.trouble.reason)
        Text(only.trouble.suggestion, color = Theme.palette.text, style = MaterialTheme.typography.titleSmall)
        Text("Nothing was given up.")
    }
}
