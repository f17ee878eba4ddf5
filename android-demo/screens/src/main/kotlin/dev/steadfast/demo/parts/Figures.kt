package dev.steadfast.demo.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.IntrinsicSize
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.text.BasicText
import androidx.compose.foundation.text.TextAutoSize
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.SpanStyle
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.buildAnnotatedString
import androidx.compose.ui.text.withStyle
import androidx.compose.ui.unit.TextUnit
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.em
import androidx.compose.ui.unit.sp
import dev.steadfast.demo.format.Figure
import dev.steadfast.demo.theme.Theme

/**
 * A number with its caption. A screen reader says it as one sentence: "Distance 3.42 kilometres".
 *
 * @param style how large; the number shrinks where the width does not do, so that it is never cut
 */
@Composable
fun FigureBlock(
    caption: String,
    figure: Figure,
    modifier: Modifier = Modifier,
    style: TextStyle = MaterialTheme.typography.displaySmall,
) {
    Column(modifier.semantics(mergeDescendants = true) { contentDescription = "$caption ${figure.spoken}" }) {
        Text(caption, color = Theme.palette.softText, style = MaterialTheme.typography.labelMedium)
        FigureText(figure, style)
    }
}

/** The number in [style], its unit behind it at a smaller size. */
@Composable
fun FigureText(figure: Figure, style: TextStyle, modifier: Modifier = Modifier) {
    val palette = Theme.palette
    val text =
        remember(figure, palette) {
            buildAnnotatedString {
                append(figure.text)
                if (figure.unit.isNotEmpty()) {
                    withStyle(SpanStyle(color = palette.softText, fontSize = UNIT_SIZE, letterSpacing = 0.em)) { append("\u2009${figure.unit}") }
                }
            }
        }
    BasicText(
        text,
        modifier,
        style = style.copy(color = palette.text),
        maxLines = 1,
        softWrap = false,
        autoSize = TextAutoSize.StepBased(minFontSize = SMALLEST, maxFontSize = style.fontSize, stepSize = 1.sp),
    )
}

/** Figures in rows of [columns], each as wide as the others. */
@Composable
fun FigureGrid(
    figures: List<Pair<String, Figure>>,
    modifier: Modifier = Modifier,
    columns: Int = 2,
    style: TextStyle = MaterialTheme.typography.displaySmall,
) {
    Column(modifier, Arrangement.spacedBy(20.dp)) {
        figures.chunked(columns).forEach { row ->
            Row(Modifier.fillMaxWidth().height(IntrinsicSize.Max), Arrangement.spacedBy(16.dp)) {
                row.forEach { (caption, figure) -> FigureBlock(caption, figure, Modifier.weight(1f), style) }
                repeat(columns - row.size) { Column(Modifier.weight(1f)) {} }
            }
        }
    }
}

private val UNIT_SIZE: TextUnit = 0.5.em
private val SMALLEST: TextUnit = 12.sp
