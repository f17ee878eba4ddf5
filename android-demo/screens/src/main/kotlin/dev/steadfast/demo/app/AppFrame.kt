package dev.steadfast.demo.app

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.material3.Badge
import androidx.compose.material3.BadgedBox
import androidx.compose.material3.Icon
import androidx.compose.material3.NavigationBar
import androidx.compose.material3.NavigationBarItem
import androidx.compose.material3.NavigationRail
import androidx.compose.material3.NavigationRailItem
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.Density
import dev.steadfast.demo.format.counted
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.theme.Theme

/** The parts of the app. */
enum class Tab(val label: String, val icon: ImageVector) {
    RECORD("Record", Icons.Stopwatch),
    ACTIVITIES("Activities", Icons.List),
    TRAINING("Training", Icons.Weights),
}

/**
 * The ground that every screen stands on.
 *
 * @param tab the part that is shown; `null` for a screen that covers all
 * @param failed changes that need the person, which a badge says
 */
@Composable
fun AppFrame(tab: Tab?, onTab: (Tab) -> Unit, failed: Int = 0, content: @Composable () -> Unit) {
    Surface(Modifier.fillMaxSize(), color = Theme.palette.background) {
        BoxWithConstraints(Modifier.fillMaxSize().safeDrawingPadding()) {
            when {
                tab == null -> content()
                maxWidth > maxHeight ->
                    Row {
                        NavigationRail(containerColor = Theme.palette.surface) {
                            Tab.entries.forEach {
                                NavigationRailItem(
                                    it == tab,
                                    { onTab(it) },
                                    { TabIcon(it, failed) },
                                    Modifier.says(it, failed),
                                    label = { TabLabel(it) },
                                )
                            }
                        }
                        Box(Modifier.weight(1f)) { content() }
                    }
                else ->
                    Column {
                        Box(Modifier.weight(1f).fillMaxWidth()) { content() }
                        NavigationBar(containerColor = Theme.palette.surface) {
                            Tab.entries.forEach {
                                NavigationBarItem(
                                    it == tab,
                                    { onTab(it) },
                                    { TabIcon(it, failed) },
                                    Modifier.says(it, failed),
                                    label = { TabLabel(it) },
                                )
                            }
                        }
                    }
            }
        }
    }
}

private fun Tab.badge(failed: Int): Int? = failed.takeIf { this == Tab.TRAINING && it > 0 }

/** What the badge means: of the icon a screen reader says nothing where there is a label. */
private fun Modifier.says(tab: Tab, failed: Int): Modifier {
    val count = tab.badge(failed) ?: return this
    return semantics { contentDescription = "${tab.label}, ${counted(count.toLong(), "change failed", "changes failed")}" }
}

@Composable
private fun TabIcon(tab: Tab, failed: Int) =
    Bounded {
        val count = tab.badge(failed)
        BadgedBox({ if (count != null) Badge { Text("$count") } }) { Icon(tab.icon, null) }
    }

@Composable
private fun TabLabel(tab: Tab) = Bounded { Text(tab.label) }

/** Grows by no more than 1.3 with the text size that the person set: beside one another, larger labels would be cut. */
@Composable
private fun Bounded(content: @Composable () -> Unit) {
    val density = LocalDensity.current
    val bounded = Density(density.density, minOf(density.fontScale, MOST_SCALE))
    CompositionLocalProvider(LocalDensity provides bounded, content = content)
}

private const val MOST_SCALE = 1.3f
