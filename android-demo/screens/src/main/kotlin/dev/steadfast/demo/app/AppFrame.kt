package dev.steadfast.demo.app

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.material3.Icon
import androidx.compose.material3.NavigationBar
import androidx.compose.material3.NavigationBarItem
import androidx.compose.material3.NavigationRail
import androidx.compose.material3.NavigationRailItem
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.theme.Theme

/** The two halves of the app. */
enum class Tab(val label: String, val icon: ImageVector) {
    RECORD("Record", Icons.Stopwatch),
    ACTIVITIES("Activities", Icons.List),
}

/**
 * The ground that every screen stands on.
 *
 * @param tab the half that is shown; `null` for a screen that covers both
 */
@Composable
fun AppFrame(tab: Tab?, onTab: (Tab) -> Unit, content: @Composable () -> Unit) {
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
                                    { Icon(it.icon, null) },
                                    label = { Text(it.label) },
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
                                    { Icon(it.icon, null) },
                                    label = { Text(it.label) },
                                )
                            }
                        }
                    }
            }
        }
    }
}
