package dev.steadfast.demo.detail

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.PathEffect
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.steadfast.demo.theme.Theme

/**
 * The route, north up, as large as the box allows: a ring where it starts, a dot where it ends, gaps dashed.
 *
 * @param spoken what a screen reader says in its place
 */
@Composable
fun RouteDrawing(route: Route, spoken: String, modifier: Modifier = Modifier) {
    val palette = Theme.palette
    Surface(modifier.fillMaxWidth(), shape = MaterialTheme.shapes.large, color = palette.surface) {
        Canvas(
            Modifier
                .fillMaxWidth()
                .aspectRatio(RATIO)
                .padding(28.dp)
                .semantics {
                    role = Role.Image
                    contentDescription = spoken
                },
        ) {
            val lines = route.fitted(size)
            lines.zipWithNext().forEach { (before, after) -> gap(before.last(), after.first(), palette.outline) }
            lines.forEach { line(it, palette.accent) }
            marker(lines.first().first(), ring = palette.accent, fill = palette.surface)
            marker(lines.last().last(), ring = palette.surface, fill = palette.accent)
        }
    }
}

private fun DrawScope.line(points: List<Offset>, color: Color) {
    val path = Path().apply { points.forEachIndexed { index, at -> if (index == 0) moveTo(at.x, at.y) else lineTo(at.x, at.y) } }
    drawPath(path, color, style = Stroke(4.dp.toPx(), cap = StrokeCap.Round, join = StrokeJoin.Round))
}

private fun DrawScope.gap(from: Offset, to: Offset, color: Color) {
    drawLine(color, from, to, 2.dp.toPx(), StrokeCap.Round, PathEffect.dashPathEffect(floatArrayOf(6.dp.toPx(), 6.dp.toPx())))
}

private fun DrawScope.marker(at: Offset, ring: Color, fill: Color) {
    drawCircle(ring, 9.dp.toPx(), at)
    drawCircle(fill, 6.dp.toPx(), at)
}

/** The lines in the middle of a box of [size], at one scale for both directions. */
internal fun Route.fitted(size: Size): List<List<Offset>> {
    val points = lines.flatten()
    val (left, right) = points.minOf { it.x } to points.maxOf { it.x }
    val (top, bottom) = points.minOf { it.y } to points.maxOf { it.y }
    val scale = minOf(size.width / (right - left).coerceAtLeast(SMALLEST), size.height / (bottom - top).coerceAtLeast(SMALLEST))
    val shift = Offset((size.width - (right - left) * scale) / 2, (size.height - (bottom - top) * scale) / 2)
    return lines.map { line -> line.map { Offset((it.x - left) * scale, (it.y - top) * scale) + shift } }
}

private const val RATIO = 1.35f

/** About 10 m in degrees: a route that stays in one place is not blown up. */
private const val SMALLEST = 1e-4f
