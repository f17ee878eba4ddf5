package dev.steadfast.demo.outbox

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.steadfast.OutboxEvent
import dev.steadfast.OutboxStatus
import dev.steadfast.demo.format.how
import dev.steadfast.demo.format.label
import dev.steadfast.demo.format.what
import dev.steadfast.demo.format.why
import dev.steadfast.demo.parts.DialogButton
import dev.steadfast.demo.theme.Theme
import java.time.Instant

/** A change that the server has yet to hear of; if it failed, why and what can be done. */
@Composable
internal fun EventCard(event: OutboxEvent, now: Instant, actions: OutboxActions) {
    val formats = Theme.formats
    val title = "${event.what}, ${event.how}"
    val age = formats.age(event.createdAt, now)
    val isDead = event.status == OutboxStatus.DEAD
    // What is on its way cannot be held back.
    val isSending = event.status == OutboxStatus.PROCESSING
    Surface(Modifier.fillMaxWidth(), shape = MaterialTheme.shapes.large, color = Theme.palette.surface) {
        Column(Modifier.padding(start = 16.dp, end = 16.dp, top = 16.dp, bottom = if (isSending) 16.dp else 4.dp)) {
            Column(
                Modifier.fillMaxWidth().semantics(mergeDescendants = true) { contentDescription = "$title, ${event.status.label}, $age" },
                Arrangement.spacedBy(4.dp),
            ) {
                Text(title, style = MaterialTheme.typography.titleMedium)
                FlowRow(
                    Modifier.fillMaxWidth(),
                    Arrangement.SpaceBetween,
                    Arrangement.spacedBy(4.dp),
                    itemVerticalAlignment = Alignment.CenterVertically,
                ) {
                    Status(event.status)
                    Text(age, color = Theme.palette.softText, style = MaterialTheme.typography.bodySmall)
                }
            }
            if (isDead) Reason(event)
            if (event.status == OutboxStatus.FAILED) Attempts(event)
            FlowRow(Modifier.fillMaxWidth(), Arrangement.End) {
                if (!isSending) Action("Discard", "Discard: $title", Theme.palette.danger) { actions.discard(event) }
                if (event.isRetryable) Action("Retry", "Retry: $title", Theme.palette.accent) { actions.retry(event) }
            }
        }
    }
}

@Composable
private fun Status(status: OutboxStatus) {
    val palette = Theme.palette
    val (ground, text) =
        when (status) {
            OutboxStatus.DEAD -> palette.dangerSoft to palette.onDangerSoft
            OutboxStatus.FAILED -> palette.cautionSoft to palette.onCautionSoft
            OutboxStatus.PROCESSING -> palette.accentSoft to palette.onAccentSoft
            else -> palette.raised to palette.text
        }
    Surface(shape = MaterialTheme.shapes.extraSmall, color = ground, contentColor = text) {
        Text(status.label, Modifier.padding(horizontal = 10.dp, vertical = 4.dp), style = MaterialTheme.typography.labelMedium)
    }
}

@Composable
private fun Reason(event: OutboxEvent) {
    Column(Modifier.padding(top = 12.dp), Arrangement.spacedBy(4.dp)) {
        Text(event.why ?: "The server did not say why.", style = MaterialTheme.typography.bodyMedium)
        Text(
            "Send it again, change it once more, or give it up.",
            color = Theme.palette.softText,
            style = MaterialTheme.typography.bodyMedium,
        )
    }
}

@Composable
private fun Attempts(event: OutboxEvent) {
    val next = event.notBefore?.let { ", the next time at ${Theme.formats.time(it, null)}" }.orEmpty()
    Column(Modifier.padding(top = 12.dp), Arrangement.spacedBy(4.dp)) {
        event.why?.let { Text(it, style = MaterialTheme.typography.bodyMedium) }
        Text(
            "Tried ${event.attempt} of ${event.maxAttempts} times$next.",
            color = Theme.palette.softText,
            style = MaterialTheme.typography.bodyMedium,
        )
    }
}

/** @param spoken with what it is done to: the same button stands on every card */
@Composable
private fun Action(text: String, spoken: String, color: Color, onClick: () -> Unit) {
    DialogButton(text, onClick, color = color, modifier = Modifier.semantics { contentDescription = spoken })
}
