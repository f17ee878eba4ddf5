package dev.steadfast.demo.record

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.IntrinsicSize
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.selection.toggleable
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.RadioButton
import androidx.compose.material3.Surface
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.steadfast.ActivityKind
import dev.steadfast.demo.format.label
import dev.steadfast.demo.parts.DialogButton
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.parts.MainButton
import dev.steadfast.demo.parts.Margin
import dev.steadfast.demo.parts.Notice
import dev.steadfast.demo.parts.ScrollingDialog
import dev.steadfast.demo.theme.Theme

/** What to record, and the button that starts it. */
@Composable
internal fun StartPane(state: RecordState, actions: RecordActions, waiting: Int, onDecide: () -> Unit, modifier: Modifier = Modifier) {
    var choosing by rememberSaveable { mutableStateOf(false) }
    Column(modifier.fillMaxSize().padding(Margin), Arrangement.spacedBy(16.dp)) {
        Column(Modifier.weight(1f).verticalScroll(rememberScrollState()), Arrangement.spacedBy(16.dp)) {
            Text(
                "Ready when you are",
                Modifier.padding(top = 12.dp).semantics { heading() },
                style = MaterialTheme.typography.headlineMedium,
            )
            AccessNotice(state.access, actions::allowLocation)
            if (waiting > 0) {
                Notice(if (waiting == 1) "An interrupted workout waits" else "$waiting interrupted workouts wait") {
                    DialogButton("Decide now", onDecide, color = Theme.palette.onCautionSoft)
                }
            }
            KindTiles(state.kind, actions::chooseKind) { choosing = true }
            Surface(shape = MaterialTheme.shapes.large, color = Theme.palette.surface) {
                AutoPauseRow(state.autoPause, actions::chooseAutoPause)
            }
        }
        MainButton("Start", actions::start, Modifier.fillMaxWidth().heightIn(min = 72.dp), Icons.Play)
    }
    if (choosing) {
        KindDialog(
            state.kind,
            onChoose = {
                actions.chooseKind(it)
                choosing = false
            },
            onDismiss = { choosing = false },
        )
    }
}

/** The four that are recorded most, and the way to all others. */
@Composable
private fun KindTiles(chosen: ActivityKind, onChoose: (ActivityKind) -> Unit, onMore: () -> Unit) {
    BoxWithConstraints {
        val room = maxWidth / LocalDensity.current.fontScale
        val inRow =
            if (room > FOUR_TILES) {
                4
            } else if (room > TWO_TILES) {
                2
            } else {
                1
            }
        Column(Modifier.selectableGroup(), Arrangement.spacedBy(12.dp)) {
            common.chunked(inRow).forEach { row ->
                Row(Modifier.height(IntrinsicSize.Max), Arrangement.spacedBy(12.dp)) {
                    row.forEach { kind -> KindTile(kind, kind == chosen, Modifier.weight(1f).fillMaxHeight()) { onChoose(kind) } }
                }
            }
            if (chosen !in common) KindTile(chosen, true, Modifier.fillMaxWidth(), onMore)
        }
    }
    TextButton(onMore, Modifier.heightIn(min = 48.dp)) { Text("More activities") }
}

@Composable
private fun KindTile(kind: ActivityKind, isChosen: Boolean, modifier: Modifier, onClick: () -> Unit) {
    val palette = Theme.palette
    Surface(
        isChosen,
        onClick,
        modifier.semantics { role = Role.RadioButton },
        shape = MaterialTheme.shapes.large,
        color = if (isChosen) palette.accentSoft else palette.surface,
        contentColor = if (isChosen) palette.onAccentSoft else palette.text,
        border = if (isChosen) BorderStroke(2.dp, palette.accent) else null,
    ) {
        Column(Modifier.padding(16.dp), Arrangement.spacedBy(12.dp)) {
            Icon(Icons.of(kind), null, Modifier.size(28.dp))
            Text(kind.label, style = MaterialTheme.typography.titleMedium)
        }
    }
}

/** The widths from which so many tiles fit beside one another, at the usual text size. */
private val FOUR_TILES = 520.dp
private val TWO_TILES = 180.dp

private val common = listOf(ActivityKind.RUNNING, ActivityKind.WALKING, ActivityKind.CYCLING, ActivityKind.HIKING)

@Composable
private fun AutoPauseRow(on: Boolean, onChange: (Boolean) -> Unit) {
    Row(
        Modifier
            .fillMaxWidth()
            .toggleable(on, role = Role.Switch, onValueChange = onChange)
            .padding(Margin),
        Arrangement.spacedBy(16.dp),
        Alignment.CenterVertically,
    ) {
        Column(Modifier.weight(1f)) {
            Text("Auto-pause", style = MaterialTheme.typography.titleMedium)
            Text("Stops the timer while you stand still", color = Theme.palette.softText, style = MaterialTheme.typography.bodyMedium)
        }
        Switch(on, onCheckedChange = null)
    }
}

@Composable
private fun AccessNotice(access: LocationAccess, onAllow: () -> Unit) {
    val (text, detail) =
        when (access) {
            LocationAccess.GRANTED -> return
            LocationAccess.APPROXIMATE ->
                "Only your approximate location is allowed" to
                    "A route needs the precise one. Indoor activities work without."
            LocationAccess.DENIED ->
                "Location is not allowed" to
                    "Without it there is no route and no distance. Indoor activities work without."
        }
    Notice(text, detail = detail) {
        TextButton(onAllow, Modifier.heightIn(min = 48.dp)) { Text("Allow location", color = Theme.palette.onCautionSoft) }
    }
}

@Composable
internal fun KindDialog(chosen: ActivityKind, onChoose: (ActivityKind) -> Unit, onDismiss: () -> Unit) {
    ScrollingDialog("Activity", onDismiss, confirm = { DialogButton("Close", onDismiss) }) {
        Column(Modifier.selectableGroup()) {
            ActivityKind.entries.forEach { kind ->
                Row(
                    Modifier
                        .fillMaxWidth()
                        .selectable(kind == chosen, role = Role.RadioButton) { onChoose(kind) }
                        .heightIn(min = 56.dp)
                        .padding(vertical = 6.dp),
                    Arrangement.spacedBy(16.dp),
                    Alignment.CenterVertically,
                ) {
                    Icon(Icons.of(kind), null, tint = Theme.palette.softText)
                    Text(kind.label, Modifier.weight(1f), color = Theme.palette.text, style = MaterialTheme.typography.bodyLarge)
                    RadioButton(kind == chosen, onClick = null)
                }
            }
        }
    }
}
