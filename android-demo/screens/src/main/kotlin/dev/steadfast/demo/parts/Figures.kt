package dev.steadfast.demo.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.text.BasicText
import androidx.compose.foundation.text.TextAutoSize
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.TextUnit
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import dev.steadfast.demo.format.Figure
import dev.steadfast.demo.theme.Theme

/**
 * A number with its caption. A screen reader says it as one sentence: "Distance 3.42 kilometres".
 *
 * @param style how large; the number shrinks where the width does not do, so that it is never cut
 */
@Composable
fun FigureBlock(caption: String, figure: Figure, modifier: Modifier = Modifier, style: TextStyle = MaterialTheme.typography.displaySmall) {
    Column(modifier.semantics(mergeDescendants = true) { contentDescription = "$caption ${figure.spoken}" }) {
        Text(caption, color = Theme.palette.softText, style = MaterialTheme.typography.labelMedium)
        FigureText(figure, style)
    }
}

/** The number in [style], its unit behind it at a smaller size. */
@Composable
fun FigureText(figure: Figure, style: TextStyle, modifier: Modifier = Modifier) {
    val palette = Theme.palette
    val largest = style.fontSize * displayScale()
    Row(modifier, Arrangement.spacedBy(4.dp)) {
        BasicText(
            figure.text,
            Modifier.weight(1f, fill = false).alignByBaseline(),
            style = style.copy(color = palette.text, lineHeight = style.lineHeight * displayScale()),
            maxLines = 1,
            softWrap = false,
            autoSize = TextAutoSize.StepBased(minFontSize = SMALLEST, maxFontSize = largest, stepSize = 1.sp),
        )
        if (figure.unit.isNotEmpty()) {
            Text(
                figure.unit,
                Modifier.alignByBaseline(),
                color = palette.softText,
                fontSize = (style.fontSize * UNIT_SHARE * displayScale()),
                maxLines = 1,
                softWrap = false,
            )
        }
    }
}

/**
 * Numbers as large as these grow by no more than 1.3 with the text size that the person set, as Android itself does since version 14:
 * they are read already, and would push everything else off the screen.
 */
@Composable
private fun displayScale(): Float {
    val scale = LocalDensity.current.fontScale
    return minOf(scale, MOST_DISPLAY_SCALE) / scale
}

/** Figures in rows of [columns], each as wide as the others. */
@Composable
fun FigureGrid(figures: List<Pair<String, Figure>>, modifier: Modifier = Modifier, columns: Int = 2, spacing: Dp = 20.dp) {
    Column(modifier, Arrangement.spacedBy(spacing)) {
        figures.chunked(columns).forEach { row ->
            Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(16.dp)) {
                row.forEach { (caption, figure) -> FigureBlock(caption, figure, Modifier.weight(1f)) }
                repeat(columns - row.size) { Column(Modifier.weight(1f)) {} }
            }
        }
    }
}

private const val MOST_DISPLAY_SCALE = 1.3f
private const val UNIT_SHARE = 0.45f
private val SMALLEST: TextUnit = 12.sp
