package dev.steadfast.demo.parts

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.RadioButton
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import dev.steadfast.demo.theme.Theme

/**
 * One thing of a row of them, with the way to those beside it: a week, a day. A screen reader says the new one.
 *
 * @param before what a screen reader says of the way back, [after] of the way on
 */
@Composable
fun Stepper(
    text: String,
    before: String,
    after: String,
    onBefore: () -> Unit,
    onAfter: () -> Unit,
    modifier: Modifier = Modifier,
    hasBefore: Boolean = true,
    hasAfter: Boolean = true,
) {
    Row(modifier.fillMaxWidth(), Arrangement.spacedBy(4.dp), Alignment.CenterVertically) {
        IconAction(Icons.Back, before, onBefore, enabled = hasBefore)
        Text(
            text,
            Modifier.weight(1f).semantics { liveRegion = LiveRegionMode.Polite },
            color = Theme.palette.text,
            style = MaterialTheme.typography.titleMedium,
            textAlign = TextAlign.Center,
        )
        IconAction(Icons.Next, after, onAfter, enabled = hasAfter)
    }
}

/** One of a few, below one another. */
@Composable
fun <T> ChoiceColumn(choices: List<T>, chosen: T?, label: (T) -> String, onChoose: (T) -> Unit, modifier: Modifier = Modifier) {
    Column(modifier.selectableGroup()) {
        choices.forEach { choice ->
            Row(
                Modifier
                    .fillMaxWidth()
                    .selectable(choice == chosen, role = Role.RadioButton) { onChoose(choice) }
                    .heightIn(min = 48.dp)
                    .padding(vertical = 4.dp),
                Arrangement.spacedBy(16.dp),
                Alignment.CenterVertically,
            ) {
                Text(label(choice), Modifier.weight(1f), color = Theme.palette.text, style = MaterialTheme.typography.bodyLarge)
                RadioButton(choice == chosen, onClick = null)
            }
        }
    }
}

/** One of a few short ones, beside one another as far as there is room. */
@Composable
fun <T> ChoiceRow(choices: List<T>, chosen: T?, label: (T) -> String, onChoose: (T) -> Unit, modifier: Modifier = Modifier) {
    val palette = Theme.palette
    FlowRow(modifier.selectableGroup(), Arrangement.spacedBy(8.dp), Arrangement.spacedBy(8.dp)) {
        choices.forEach { choice ->
            val isChosen = choice == chosen
            Surface(
                selected = isChosen,
                onClick = { onChoose(choice) },
                modifier = Modifier.semantics { role = Role.RadioButton },
                shape = CircleShape,
                color = if (isChosen) palette.accentSoft else palette.surface,
                contentColor = if (isChosen) palette.onAccentSoft else palette.text,
                border = BorderStroke(1.dp, if (isChosen) palette.accent else palette.outline),
            ) {
                Row(
                    Modifier.heightIn(min = 48.dp).widthIn(min = 48.dp).padding(horizontal = 16.dp, vertical = 8.dp),
                    Arrangement.Center,
                    Alignment.CenterVertically,
                ) { Text(label(choice), style = MaterialTheme.typography.labelLarge) }
            }
        }
    }
}
