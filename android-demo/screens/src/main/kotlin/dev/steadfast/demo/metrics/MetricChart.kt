package dev.steadfast.demo.metrics

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.steadfast.MetricKind
import dev.steadfast.demo.format.label
import dev.steadfast.demo.theme.Theme
import java.time.temporal.ChronoUnit

/** The course of a kind of measurement, with the highest and lowest value and the first and last day written at the edges. */
@Composable
internal fun MetricChart(kind: MetricKind, line: MetricLine, modifier: Modifier = Modifier) {
    val formats = Theme.formats
    val palette = Theme.palette
    val lowest = formats.quantity(line.lowest, line.unit, digits = 2)
    val highest = formats.quantity(line.highest, line.unit, digits = 2)
    val (first, last) = line.days.first().first to line.days.last().first
    Column(
        modifier.fillMaxWidth().semantics(mergeDescendants = true) {
            role = Role.Image
            contentDescription =
                "${kind.label} between ${lowest.spoken} and ${highest.spoken}, from ${formats.date(first)} to ${formats.date(last)}"
        },
        Arrangement.spacedBy(4.dp),
    ) {
        Caption(highest.line)
        Canvas(Modifier.fillMaxWidth().height(96.dp)) {
            val points = line.fitted(size)
            val path = Path()
            points.forEachIndexed { index, at -> if (index == 0) path.moveTo(at.x, at.y) else path.lineTo(at.x, at.y) }
            drawLine(palette.outline, Offset(0f, size.height), Offset(size.width, size.height), 1.dp.toPx())
            drawPath(path, palette.accent, style = Stroke(2.dp.toPx(), cap = StrokeCap.Round, join = StrokeJoin.Round))
            drawCircle(palette.accent, 4.dp.toPx(), points.last())
        }
        Caption(lowest.line)
        FlowRow(Modifier.fillMaxWidth(), Arrangement.SpaceBetween) {
            Caption(formats.date(first))
            Caption(formats.date(last))
        }
    }
}

@Composable
private fun Caption(text: String) {
    Text(text, color = Theme.palette.softText, style = MaterialTheme.typography.labelSmall)
}

/** Days as far apart as on the calendar. What never changes is a line in the middle. */
private fun MetricLine.fitted(size: Size): List<Offset> {
    val start = days.first().first
    val length = ChronoUnit.DAYS.between(start, days.last().first).coerceAtLeast(1)
    val range = highest - lowest
    return days.map { (date, quantity) ->
        val share = if (range > 0) (quantity - lowest) / range else 0.5
        val up = share * HEADROOM + (1 - HEADROOM) / 2
        Offset(ChronoUnit.DAYS.between(start, date).toFloat() / length * size.width, (size.height * (1 - up)).toFloat())
    }
}

private const val HEADROOM = 0.86
