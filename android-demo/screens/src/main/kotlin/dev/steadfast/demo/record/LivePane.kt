package dev.steadfast.demo.record

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import dev.steadfast.LiveStatistics
import dev.steadfast.RecordingState
import dev.steadfast.demo.format.Figure
import dev.steadfast.demo.format.METRES_PER_KM
import dev.steadfast.demo.format.isReadAsSpeed
import dev.steadfast.demo.format.label
import dev.steadfast.demo.parts.FigureBlock
import dev.steadfast.demo.parts.FigureGrid
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.parts.MainButton
import dev.steadfast.demo.parts.Margin
import dev.steadfast.demo.parts.Notice
import dev.steadfast.demo.parts.SideButton
import dev.steadfast.demo.theme.Theme

/** The workout while it runs: numbers that are read from an arm's length, and two large buttons. */
@Composable
internal fun LivePane(state: RecordState, live: LiveStatistics, actions: RecordActions, modifier: Modifier = Modifier) {
    BoxWithConstraints(modifier.fillMaxSize().padding(horizontal = Margin, vertical = 16.dp)) {
        if (maxWidth >
            maxHeight
        ) {
            Wide(state, live, actions)
        } else {
            Tall(state, live, actions, spacing = if (maxHeight < ROOMY) 12.dp else 24.dp)
        }
    }
}

@Composable
private fun Tall(state: RecordState, live: LiveStatistics, actions: RecordActions, spacing: Dp) {
    Column(verticalArrangement = Arrangement.spacedBy(16.dp)) {
        Column(Modifier.weight(1f).verticalScroll(rememberScrollState()), Arrangement.spacedBy(spacing)) {
            Status(state, live)
            FigureBlock("Time", Theme.formats.duration(live.timerS), style = MaterialTheme.typography.displayLarge)
            FigureBlock("Distance", Theme.formats.distance(live.distanceM), style = MaterialTheme.typography.displayMedium)
            HorizontalDivider(color = Theme.palette.hairline)
            FigureGrid(figures(live), spacing = spacing)
            LapRow(state, live)
        }
        Controls(live.state, actions)
    }
}

@Composable
private fun Wide(state: RecordState, live: LiveStatistics, actions: RecordActions) {
    Row(horizontalArrangement = Arrangement.spacedBy(24.dp)) {
        Row(Modifier.weight(2f).verticalScroll(rememberScrollState()), Arrangement.spacedBy(24.dp)) {
            Column(Modifier.weight(1.4f), Arrangement.spacedBy(12.dp)) {
                Status(state, live)
                FigureBlock("Time", Theme.formats.duration(live.timerS), style = MaterialTheme.typography.displayMedium)
                FigureBlock("Distance", Theme.formats.distance(live.distanceM), style = MaterialTheme.typography.displayMedium)
            }
            FigureGrid(figures(live), Modifier.weight(1f), columns = 1, spacing = 8.dp)
        }
        Column(Modifier.weight(1f).fillMaxHeight().verticalScroll(rememberScrollState()), Arrangement.spacedBy(16.dp, Alignment.Bottom)) {
            LapRow(state, live)
            Controls(live.state, actions)
        }
    }
}

@Composable
private fun Status(state: RecordState, live: LiveStatistics) {
    StatePill(live.state, "${live.kind.label}, ${live.state.label}")
    state.hindrance?.let { Notice(it, detail = "The timer goes on. The distance does not.") }
    if (live.unsavedSamples > 0uL) {
        Notice(
            "${Theme.formats.count(live.unsavedSamples.toLong())} samples are not stored yet",
            detail = "The device's storage refuses them. They are kept in memory and would be lost if the app ended: free some space.",
        )
    }
}

@Composable
private fun figures(live: LiveStatistics): List<Pair<String, Figure>> {
    val formats = Theme.formats
    val rates =
        if (live.kind.isReadAsSpeed) {
            val average = live.averagePaceSPerKm?.let { METRES_PER_KM / it }
            listOf("Speed" to formats.speed(live.currentSpeedMps), "Average speed" to formats.speed(average))
        } else {
            listOf("Pace" to formats.pace(live.currentPaceSPerKm), "Average pace" to formats.pace(live.averagePaceSPerKm))
        }
    return rates + listOf("Heart rate" to formats.heartRate(live.heartRateBpm), "Climbed" to formats.elevation(live.elevationGainM))
}

@Composable
private fun LapRow(state: RecordState, live: LiveStatistics) {
    val formats = Theme.formats
    val distance = formats.distance(live.lapDistanceM)
    val duration = formats.duration(live.lapDurationS)
    Surface(shape = MaterialTheme.shapes.medium, color = Theme.palette.surface) {
        FlowRow(
            Modifier
                .fillMaxWidth()
                .semantics(
                    mergeDescendants = true,
                ) { contentDescription = "Lap ${state.lapNumber}, ${duration.spoken}, ${distance.spoken}" }
                .padding(16.dp),
            Arrangement.SpaceBetween,
            itemVerticalAlignment = Alignment.CenterVertically,
        ) {
            Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
                Icon(Icons.Lap, null, Modifier.size(20.dp), tint = Theme.palette.accent)
                Text("Lap ${state.lapNumber}", style = MaterialTheme.typography.titleMedium)
            }
            Column(horizontalAlignment = Alignment.End) {
                Text(duration.line, style = MaterialTheme.typography.titleMedium)
                Text(distance.line, color = Theme.palette.softText, style = MaterialTheme.typography.bodySmall)
            }
        }
    }
}

/** The state as a word with a dot: green runs, amber stands. */
@Composable
private fun StatePill(state: RecordingState, spoken: String) {
    val palette = Theme.palette
    val (ground, ink) =
        if (state == RecordingState.RECORDING) palette.accentSoft to palette.onAccentSoft else palette.cautionSoft to palette.onCautionSoft
    Surface(shape = CircleShape, color = ground, contentColor = ink) {
        Row(
            Modifier
                .semantics(mergeDescendants = true) {
                    contentDescription = spoken
                    liveRegion = LiveRegionMode.Polite
                }.padding(horizontal = 14.dp, vertical = 7.dp),
            Arrangement.spacedBy(8.dp),
            Alignment.CenterVertically,
        ) {
            if (state == RecordingState.RECORDING) {
                Box(Modifier.size(9.dp).background(ink, CircleShape))
            } else {
                Icon(Icons.Pause, null, Modifier.size(14.dp))
            }
            Text(state.label, style = MaterialTheme.typography.labelMedium)
        }
    }
}

@Composable
private fun Controls(state: RecordingState, actions: RecordActions) {
    val tall = Modifier.fillMaxWidth().heightIn(min = 72.dp)
    BoxWithConstraints {
        val fits = maxWidth >= SIDE_BY_SIDE.dp * LocalDensity.current.fontScale
        val (first, second) =
            if (state == RecordingState.PAUSED) {
                Control("Finish", Icons.Stop, actions::finish) to Control("Resume", Icons.Play, actions::resume)
            } else {
                Control("Lap", Icons.Lap, actions::lap) to Control("Pause", Icons.Pause, actions::pause)
            }
        if (fits) {
            Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
                Box(Modifier.weight(1f)) { SideButton(first.text, first.action, tall, first.icon) }
                Box(Modifier.weight(1f)) { MainButton(second.text, second.action, tall, second.icon) }
            }
        } else {
            Column(Modifier.widthIn(max = 520.dp), Arrangement.spacedBy(12.dp)) {
                MainButton(second.text, second.action, tall, second.icon)
                SideButton(first.text, first.action, tall, first.icon)
            }
        }
    }
}

private class Control(val text: String, val icon: ImageVector, val action: () -> Unit)

/** Two buttons of 140 dp and the space between: narrower, or with larger text, they stand one above the other. */
private const val SIDE_BY_SIDE = 292

/** From this height on there is room to breathe. */
private val ROOMY = 700.dp
