package dev.steadfast.demo.parts

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.Button
import androidx.compose.material3.ButtonColors
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import dev.steadfast.demo.theme.Theme

/** Space between the content and the edge of the screen. */
val Margin = 20.dp

/** A heading, also for a screen reader that jumps from heading to heading. */
@Composable
fun Heading(text: String, modifier: Modifier = Modifier) {
    Text(text, modifier.semantics { heading() }, style = MaterialTheme.typography.titleLarge)
}

/** A quiet box that holds what belongs together. */
@Composable
fun Card(modifier: Modifier = Modifier, content: @Composable ColumnScope.() -> Unit) {
    Surface(modifier.fillMaxWidth(), shape = MaterialTheme.shapes.large, color = Theme.palette.surface) {
        Column(Modifier.padding(Margin), Arrangement.spacedBy(16.dp), content = content)
    }
}

/** The main button: full width unless [modifier] says otherwise, at least 56 dp high. */
@Composable
fun MainButton(
    text: String,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    icon: ImageVector? = null,
    enabled: Boolean = true,
    colors: ButtonColors = ButtonDefaults.buttonColors(),
) {
    Button(onClick, modifier.heightIn(min = 56.dp), enabled, CircleShape, colors, contentPadding = wide) { ButtonContent(text, icon) }
}

/** A button beside or below the main one. */
@Composable
fun SideButton(
    text: String,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    icon: ImageVector? = null,
    enabled: Boolean = true,
    color: Color = Theme.palette.text,
) {
    OutlinedButton(
        onClick,
        modifier.heightIn(min = 56.dp),
        enabled,
        CircleShape,
        ButtonDefaults.outlinedButtonColors(contentColor = color),
        border = BorderStroke(1.dp, Theme.palette.outline),
        contentPadding = wide,
    ) { ButtonContent(text, icon) }
}

private val wide = PaddingValues(horizontal = 24.dp, vertical = 14.dp)

@Composable
private fun ButtonContent(text: String, icon: ImageVector?) {
    if (icon != null) Icon(icon, null, Modifier.padding(end = 10.dp).size(22.dp))
    Text(text, style = MaterialTheme.typography.labelLarge, textAlign = TextAlign.Center)
}

/** An icon that can be pressed, 48 dp wide and high. [label] is what a screen reader says. */
@Composable
fun IconAction(icon: ImageVector, label: String, onClick: () -> Unit, modifier: Modifier = Modifier, enabled: Boolean = true) {
    IconButton(onClick, modifier.size(48.dp), enabled) { Icon(icon, label, Modifier.size(24.dp)) }
}

/** What needs a look now; said by a screen reader when it appears. */
@Composable
fun Notice(text: String, modifier: Modifier = Modifier, detail: String? = null, action: (@Composable () -> Unit)? = null) {
    val palette = Theme.palette
    Surface(
        modifier.fillMaxWidth(),
        shape = MaterialTheme.shapes.medium,
        color = palette.cautionSoft,
        contentColor = palette.onCautionSoft,
    ) {
        Column(Modifier.padding(16.dp), Arrangement.spacedBy(8.dp)) {
            Row(
                Modifier.semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite },
                Arrangement.spacedBy(12.dp),
            ) {
                Icon(Icons.Warning, null, Modifier.size(22.dp))
                Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
                    Text(text, style = MaterialTheme.typography.titleSmall)
                    if (detail != null) Text(detail, style = MaterialTheme.typography.bodySmall)
                }
            }
            action?.invoke()
        }
    }
}

/** An icon in a soft circle. */
@Composable
fun Badge(icon: ImageVector, modifier: Modifier = Modifier, diameter: Int = 44) {
    val palette = Theme.palette
    Box(modifier.size(diameter.dp).background(palette.accentSoft, CircleShape), Alignment.Center) {
        Icon(icon, null, Modifier.size((diameter * 0.52f).dp), tint = palette.onAccentSoft)
    }
}
