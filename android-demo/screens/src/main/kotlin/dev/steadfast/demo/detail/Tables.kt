package dev.steadfast.demo.detail

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.steadfast.Lap
import dev.steadfast.Split
import dev.steadfast.demo.format.Figure
import dev.steadfast.demo.format.Units
import dev.steadfast.demo.theme.Theme

/** A row a split; the bar is as long as the split was fast. A rest that would be written as 0.00 has no row. */
@Composable
fun SplitsTable(splits: List<Split>, units: Units) {
    val formats = Theme.formats
    val unit = if (units == Units.METRIC) "Kilometre" else "Mile"
    Stretches(
        splits.filter { it.distanceM >= units.metresPerUnit / 100 }.map { split ->
            Stretch(
                number = if (split.isFull) formats.count(split.index.toLong()) else formats.distance(split.distanceM).text,
                spokenNumber = if (split.isFull) "$unit ${split.index}" else "Last ${formats.distance(split.distanceM).spoken}",
                duration = formats.duration(split.durationS),
                pace = formats.pace(split.paceSPerKm),
                paceSPerKm = split.paceSPerKm,
                climbed = formats.elevation(split.elevationGainM),
            )
        },
        numberCaption = formats.distanceUnit,
    )
}

/** A row a lap. */
@Composable
fun LapsTable(laps: List<Lap>) {
    val formats = Theme.formats
    Stretches(
        laps.map { lap ->
            val distance = formats.distance(lap.distanceM)
            Stretch(
                number = formats.count(lap.index.toLong()),
                spokenNumber = "Lap ${lap.index}, ${distance.spoken}",
                duration = formats.duration(lap.durationS),
                pace = formats.pace(lap.paceSPerKm),
                paceSPerKm = lap.paceSPerKm,
                climbed = formats.elevation(lap.elevationGainM),
                below = distance.line,
            )
        },
        numberCaption = "Lap",
    )
}

private class Stretch(
    val number: String,
    val spokenNumber: String,
    val duration: Figure,
    val pace: Figure,
    val paceSPerKm: Double?,
    val climbed: Figure,
    val below: String? = null,
)

@Composable
private fun Stretches(stretches: List<Stretch>, numberCaption: String) {
    val fastest = stretches.mapNotNull { it.paceSPerKm }.minOrNull()
    BoxWithConstraints {
        val isNarrow = maxWidth / LocalDensity.current.fontScale < FOUR_COLUMNS
        Column(Modifier.fillMaxWidth()) {
            if (!isNarrow) Columns({ Caption(numberCaption) }, { Caption("Pace") }, { Caption("Time") }, { Caption("Climb") })
            stretches.forEachIndexed { index, stretch ->
                if (index > 0 || !isNarrow) HorizontalDivider(color = Theme.palette.hairline)
                Box(
                    Modifier.semantics(mergeDescendants = true) {
                        contentDescription =
                            "${stretch.spokenNumber}, ${stretch.duration.spoken}, pace ${stretch.pace.spoken}, climbed ${stretch.climbed.spoken}"
                    },
                ) { if (isNarrow) Lines(stretch, numberCaption, fastest) else Cells(stretch, fastest) }
            }
        }
    }
}

@Composable
private fun Cells(stretch: Stretch, fastest: Double?) =
    Columns(
        { Text(stretch.number, style = MaterialTheme.typography.titleSmall) },
        {
            Column(verticalArrangement = Arrangement.spacedBy(5.dp)) {
                Text(stretch.pace.text, style = MaterialTheme.typography.titleSmall)
                stretch.below?.let { Text(it, color = Theme.palette.softText, style = MaterialTheme.typography.bodySmall) }
                PaceBar(stretch, fastest)
            }
        },
        { Text(stretch.duration.line, style = MaterialTheme.typography.bodyMedium) },
        { Text(stretch.climbed.line, color = Theme.palette.softText, style = MaterialTheme.typography.bodyMedium) },
    )

/** With large text, or on a narrow phone, there is no room for columns. */
@Composable
private fun Lines(stretch: Stretch, numberCaption: String, fastest: Double?) {
    Column(Modifier.fillMaxWidth().padding(vertical = 10.dp), Arrangement.spacedBy(6.dp)) {
        FlowRow(Modifier.fillMaxWidth(), Arrangement.SpaceBetween) {
            Text("$numberCaption ${stretch.number}", style = MaterialTheme.typography.titleSmall)
            Text(stretch.pace.line, style = MaterialTheme.typography.titleSmall)
        }
        PaceBar(stretch, fastest)
        FlowRow(Modifier.fillMaxWidth(), Arrangement.spacedBy(16.dp)) {
            listOfNotNull(stretch.below, stretch.duration.line, stretch.climbed.line).forEach {
                Text(it, color = Theme.palette.softText, style = MaterialTheme.typography.bodyMedium)
            }
        }
    }
}

@Composable
private fun PaceBar(stretch: Stretch, fastest: Double?) {
    val share = if (fastest == null || stretch.paceSPerKm == null) 0f else (fastest / stretch.paceSPerKm).toFloat()
    Box(Modifier.fillMaxWidth(share.coerceIn(SHORTEST, 1f)).height(4.dp).background(Theme.palette.accent, CircleShape))
}

@Composable
private fun Columns(
    number: @Composable () -> Unit,
    pace: @Composable () -> Unit,
    time: @Composable () -> Unit,
    climb: @Composable () -> Unit,
) {
    Row(Modifier.fillMaxWidth().padding(vertical = 10.dp), Arrangement.spacedBy(12.dp), Alignment.CenterVertically) {
        Box(Modifier.weight(0.8f)) { number() }
        Box(Modifier.weight(1.6f)) { pace() }
        Box(Modifier.weight(1.1f), Alignment.CenterEnd) { time() }
        Box(Modifier.weight(1f), Alignment.CenterEnd) { climb() }
    }
}

@Composable
private fun Caption(text: String) {
    Text(text, color = Theme.palette.softText, style = MaterialTheme.typography.labelSmall)
}

/** Also the slowest split has a bar that can be seen. */
private const val SHORTEST = 0.05f

/** The width from which four columns fit, at the usual text size. */
private val FOUR_COLUMNS = 200.dp
