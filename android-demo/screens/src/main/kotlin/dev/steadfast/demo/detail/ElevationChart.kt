package dev.steadfast.demo.detail

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.steadfast.demo.theme.Theme

/** Altitude over distance, with the highest and lowest value and the length written at the edges. */
@Composable
fun ElevationChart(profile: ElevationProfile, modifier: Modifier = Modifier) {
    val formats = Theme.formats
    val palette = Theme.palette
    val lowest = formats.elevation(profile.lowestM.toDouble())
    val highest = formats.elevation(profile.highestM.toDouble())
    val length = formats.distance(profile.lengthM.toDouble())
    Column(
        modifier.fillMaxWidth().semantics(mergeDescendants = true) {
            role = Role.Image
            contentDescription = "Elevation between ${lowest.spoken} and ${highest.spoken} over ${length.spoken}"
        },
        Arrangement.spacedBy(4.dp),
    ) {
        Caption(highest.line)
        Canvas(Modifier.fillMaxWidth().height(120.dp)) {
            val line = profile.fitted(size).toPath()
            val area =
                Path().apply {
                    addPath(line)
                    lineTo(size.width, size.height)
                    lineTo(0f, size.height)
                    close()
                }
            drawPath(area, palette.accentSoft)
            drawPath(line, palette.accent, style = Stroke(2.dp.toPx(), join = StrokeJoin.Round))
            drawLine(palette.outline, Offset(0f, size.height), Offset(size.width, size.height), 1.dp.toPx())
        }
        Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween) {
            Caption(lowest.line)
            Caption(length.line)
        }
    }
}

@Composable
private fun Caption(text: String) {
    Text(text, color = Theme.palette.softText, style = MaterialTheme.typography.labelSmall)
}

private fun List<Offset>.toPath() =
    Path().also { path ->
        forEachIndexed { index, at ->
            if (index ==
                0
            ) {
                path.moveTo(at.x, at.y)
            } else {
                path.lineTo(at.x, at.y)
            }
        }
    }

/** A flat way is drawn flat: less than [FLAT_M] metres of climb do not fill the box. */
private fun ElevationProfile.fitted(size: Size): List<Offset> {
    val range = (highestM - lowestM).coerceAtLeast(FLAT_M)
    return altitudeM.indices.map {
        val up = (altitudeM[it] - lowestM) / range * HEADROOM + (1 - HEADROOM) / 2
        Offset(distanceM[it] / lengthM * size.width, size.height * (1 - up))
    }
}

private const val FLAT_M = 20f
private const val HEADROOM = 0.86f
