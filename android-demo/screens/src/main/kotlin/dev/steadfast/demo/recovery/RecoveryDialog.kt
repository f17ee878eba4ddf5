package dev.steadfast.demo.recovery

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Button
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
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
import androidx.compose.ui.window.Dialog
import androidx.compose.ui.window.DialogProperties
import dev.steadfast.RecoveryInfo
import dev.steadfast.demo.format.label
import dev.steadfast.demo.parts.Badge
import dev.steadfast.demo.parts.ConfirmDialog
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.theme.Theme
import dev.steadfast.demo.trouble.TroubleDialog
import java.util.UUID

/** Asks what shall become of the workouts that were interrupted. */
@Composable
fun RecoveryDialog(state: RecoveryState, actions: RecoveryActions) {
    var discarding by rememberSaveable { mutableStateOf<String?>(null) }
    if (state.isAsking) {
        Dialog(actions::putOff, DialogProperties(usePlatformDefaultWidth = false)) {
            Surface(
                Modifier.safeDrawingPadding().padding(16.dp).widthIn(max = 560.dp).fillMaxWidth(),
                shape = MaterialTheme.shapes.extraLarge,
                color = Theme.palette.surface,
            ) { Unfinished(state.unfinished, actions) { discarding = it.toString() } }
        }
    }
    discarding?.let { id ->
        ConfirmDialog(
            title = "Discard this workout?",
            text = "What was recorded would be gone. This cannot be undone.",
            confirm = "Discard",
            onConfirm = {
                discarding = null
                actions.discard(UUID.fromString(id))
            },
            onDismiss = { discarding = null },
        )
    }
    state.trouble?.let { TroubleDialog(it, onRetry = null, onDismiss = actions::dismissTrouble) }
}

@Composable
private fun Unfinished(unfinished: List<Unfinished>, actions: RecoveryActions, onDiscard: (UUID) -> Unit) {
    LazyColumn(contentPadding = PaddingValues(16.dp), verticalArrangement = Arrangement.spacedBy(12.dp)) {
        item {
            Text(
                if (unfinished.size == 1) "A workout was interrupted" else "${unfinished.size} workouts were interrupted",
                Modifier.padding(start = 8.dp, end = 8.dp, top = 8.dp).semantics { heading() },
                style = MaterialTheme.typography.headlineSmall,
            )
            Text(
                "The app ended while it was recording. What would you like to do?",
                Modifier.padding(start = 8.dp, end = 8.dp, top = 4.dp),
                color = Theme.palette.softText,
            )
        }
        items(unfinished, { it.info.id.toString() }) { UnfinishedCard(it, actions) { onDiscard(it.info.id) } }
        item {
            Box(Modifier.fillMaxWidth(), Alignment.CenterEnd) {
                TextButton(actions::putOff, Modifier.heightIn(min = 48.dp)) { Text("Decide later") }
            }
        }
    }
}

@Composable
private fun UnfinishedCard(unfinished: Unfinished, actions: RecoveryActions, onDiscard: () -> Unit) {
    val info = unfinished.info
    Surface(shape = MaterialTheme.shapes.medium, color = Theme.palette.raised) {
        Column(Modifier.fillMaxWidth().padding(start = 16.dp, end = 16.dp, top = 16.dp, bottom = 8.dp), Arrangement.spacedBy(12.dp)) {
            if (unfinished.problem == null) Contents(info) else Damaged(unfinished)
            FlowRow(
                Modifier.fillMaxWidth(),
                horizontalArrangement = Arrangement.spacedBy(8.dp, Alignment.End),
                verticalArrangement = Arrangement.spacedBy(4.dp),
            ) {
                TextButton(onDiscard, Modifier.heightIn(min = 48.dp)) { Text("Discard", color = Theme.palette.danger) }
                if (unfinished.problem == null) {
                    TextButton({ actions.save(info.id) }, Modifier.heightIn(min = 48.dp)) { Text("Save") }
                    if (info.canResume) Button({ actions.resume(info.id) }, Modifier.heightIn(min = 48.dp)) { Text("Resume") }
                }
            }
        }
    }
}

@Composable
private fun Contents(info: RecoveryInfo) {
    val formats = Theme.formats
    val started = formats.dateTime(info.startedAt, utcOffsetS = null)
    val distance = formats.distance(info.distanceM)
    val duration = formats.duration(info.durationS)
    Row(
        Modifier.semantics(mergeDescendants = true) {
            contentDescription = "${info.kind.label}, started $started, ${distance.spoken} in ${duration.spoken}"
        },
        Arrangement.spacedBy(12.dp),
        Alignment.CenterVertically,
    ) {
        Badge(Icons.of(info.kind))
        Column {
            Text(info.kind.label, color = Theme.palette.text, style = MaterialTheme.typography.titleMedium)
            Text("${distance.line} in ${duration.line}", color = Theme.palette.text)
            Text(started, color = Theme.palette.softText, style = MaterialTheme.typography.bodySmall)
        }
    }
    val remarks =
        listOfNotNull(
            "It is older than 7 days: it can be saved, but not resumed.".takeUnless { info.canResume },
            lost(info),
        )
    remarks.forEach { Text(it, color = Theme.palette.softText, style = MaterialTheme.typography.bodySmall) }
}

@Composable
private fun lost(info: RecoveryInfo): String? {
    val records = info.badRecords + info.missingRecords
    if (records == 0uL) return null
    return "${Theme.formats.count(records.toLong())} damaged records are left out."
}

@Composable
private fun Damaged(unfinished: Unfinished) {
    val problem = checkNotNull(unfinished.problem)
    Row(Modifier.semantics(mergeDescendants = true) {}, Arrangement.spacedBy(12.dp)) {
        Icon(Icons.Failure, null, Modifier.size(24.dp), tint = Theme.palette.danger)
        Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
            Text(problem.summary, color = Theme.palette.text, style = MaterialTheme.typography.titleMedium)
            Text("${problem.reason} ${problem.suggestion}", color = Theme.palette.softText, style = MaterialTheme.typography.bodySmall)
        }
    }
}
