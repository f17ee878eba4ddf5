package dev.steadfast.demo.activities

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.ExperimentalMaterial3Api
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.pulltorefresh.PullToRefreshBox
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import dev.steadfast.Activity
import dev.steadfast.demo.format.METRES_PER_KM
import dev.steadfast.demo.format.isReadAsSpeed
import dev.steadfast.demo.format.label
import dev.steadfast.demo.parts.Badge
import dev.steadfast.demo.parts.IconAction
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.parts.Loading
import dev.steadfast.demo.parts.MainButton
import dev.steadfast.demo.parts.Margin
import dev.steadfast.demo.parts.nextPage
import dev.steadfast.demo.theme.Theme
import dev.steadfast.demo.trouble.TroubleDialog
import dev.steadfast.demo.trouble.TroubleScreen

/** The finished workouts, newest first. */
@OptIn(ExperimentalMaterial3Api::class)
@Composable
fun ActivitiesScreen(state: ActivitiesState, actions: ActivitiesActions, modifier: Modifier = Modifier) {
    Column(modifier.fillMaxSize()) {
        Row(Modifier.fillMaxWidth().padding(start = Margin, end = 8.dp, top = 12.dp), verticalAlignment = Alignment.CenterVertically) {
            Text("Activities", Modifier.weight(1f).semantics { heading() }, style = MaterialTheme.typography.headlineMedium)
            IconAction(Icons.Import, "Import a file", actions::importFile)
        }
        val trouble = state.listTrouble
        val activities = state.activities
        when {
            trouble != null -> TroubleScreen(trouble, actions::refresh, actions::refresh)
            activities == null -> Loading()
            else ->
                PullToRefreshBox(
                    state.isLoading && activities.isNotEmpty() && state.next == null,
                    actions::refresh,
                    Modifier.fillMaxSize(),
                ) {
                    if (activities.isEmpty()) Empty(actions::importFile) else Rows(activities, state, actions)
                }
        }
    }
    state.import?.let { ImportDialog(it, actions::cancelImport) }
    state.report?.let { ImportReportDialog(it, actions::dismissReport) }
    state.trouble?.let { TroubleDialog(it, onRetry = null, onDismiss = actions::dismissTrouble) }
}

@Composable
private fun Rows(activities: List<Activity>, state: ActivitiesState, actions: ActivitiesActions) {
    LazyColumn(
        Modifier.fillMaxSize(),
        contentPadding = PaddingValues(horizontal = Margin, vertical = 16.dp),
        verticalArrangement = Arrangement.spacedBy(12.dp),
    ) {
        items(activities, { it.id.toString() }) { ActivityCard(it) { actions.open(it.id) } }
        nextPage(state.next, actions::loadMore)
    }
}

@Composable
private fun ActivityCard(activity: Activity, onClick: () -> Unit) {
    val formats = Theme.formats
    val date = formats.dateTime(activity.startedAt, activity.utcOffsetS)
    val distance = formats.distance(activity.distanceM)
    val duration = formats.duration(activity.timerS)
    val rate = activity.rate()
    val name = activity.title.ifEmpty { activity.kind.label }
    Surface(
        onClick,
        Modifier.fillMaxWidth().semantics(mergeDescendants = true) {
            role = Role.Button
            contentDescription = "$name, ${activity.kind.label}, $date, ${distance.spoken} in ${duration.spoken}"
        },
        shape = MaterialTheme.shapes.large,
        color = Theme.palette.surface,
    ) {
        Row(Modifier.padding(16.dp), Arrangement.spacedBy(16.dp)) {
            Badge(Icons.of(activity.kind))
            Column(Modifier.weight(1f), Arrangement.spacedBy(2.dp)) {
                Text(name, style = MaterialTheme.typography.titleMedium, maxLines = 3, overflow = TextOverflow.Ellipsis)
                Text(date, color = Theme.palette.softText, style = MaterialTheme.typography.bodySmall)
                FlowRow(Modifier.padding(top = 4.dp), Arrangement.spacedBy(16.dp)) {
                    listOf(distance, duration, rate).forEach { Text(it.line, style = MaterialTheme.typography.titleSmall) }
                }
            }
        }
    }
}

@Composable
private fun Activity.rate() =
    if (kind.isReadAsSpeed) {
        Theme.formats.speed(averageSpeedMps)
    } else {
        Theme.formats.pace(averageSpeedMps?.let { METRES_PER_KM / it })
    }

@Composable
private fun Empty(onImport: () -> Unit) {
    Box(Modifier.fillMaxSize(), Alignment.Center) {
        Column(
            Modifier.verticalScroll(rememberScrollState()).padding(Margin).widthIn(max = 420.dp),
            Arrangement.spacedBy(12.dp),
            Alignment.CenterHorizontally,
        ) {
            Badge(Icons.List, diameter = 88)
            Text(
                "Nothing here yet",
                Modifier.padding(top = 8.dp).semantics {
                    heading()
                },
                style = MaterialTheme.typography.headlineSmall,
                textAlign = TextAlign.Center,
            )
            Text(
                "Record your first workout, or bring in a GPX, TCX or FIT file from another program.",
                color = Theme.palette.softText,
                textAlign = TextAlign.Center,
            )
            MainButton("Import a file", onImport, Modifier.padding(top = 8.dp).fillMaxWidth(), Icons.Import)
        }
    }
}
