package dev.steadfast.demo.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import dev.steadfast.demo.theme.Theme

/** A screen that is left by going back. */
@Composable
fun Place(
    onBack: () -> Unit,
    modifier: Modifier = Modifier,
    actions: @Composable RowScope.() -> Unit = {},
    content: @Composable () -> Unit,
) {
    Column(modifier.fillMaxSize()) {
        Row(Modifier.fillMaxWidth().padding(horizontal = 8.dp, vertical = 4.dp), verticalAlignment = Alignment.CenterVertically) {
            IconAction(Icons.Back, "Back", onBack)
            Spacer(Modifier.weight(1f))
            actions()
        }
        content()
    }
}

/** The name of the screen, in front of what it shows. */
@Composable
fun Title(text: String, modifier: Modifier = Modifier, below: String? = null) {
    Column(modifier.padding(bottom = 4.dp)) {
        Text(text, Modifier.semantics { heading() }, style = MaterialTheme.typography.headlineMedium)
        if (below != null) Text(below, color = Theme.palette.softText, style = MaterialTheme.typography.bodyMedium)
    }
}

/** Nothing is there yet. */
@Composable
fun Loading(modifier: Modifier = Modifier) {
    Box(modifier.fillMaxSize(), Alignment.Center) { Waiting() }
}

@Composable
fun Waiting() {
    CircularProgressIndicator(Modifier.size(36.dp).semantics { contentDescription = "Loading" }, color = Theme.palette.accent)
}

/** The end of what was loaded: the next page is read when it comes into sight. */
fun LazyListScope.nextPage(next: Any?, onMore: () -> Unit) {
    if (next == null) return
    item("more") {
        LaunchedEffect(next) { onMore() }
        Box(Modifier.fillMaxWidth().padding(16.dp), Alignment.Center) { Waiting() }
    }
}

/** What stands in the place of a list that has nothing in it. */
@Composable
fun EmptyNote(icon: ImageVector, title: String, text: String, modifier: Modifier = Modifier) {
    Column(
        modifier.fillMaxWidth().padding(horizontal = 16.dp, vertical = 32.dp).widthIn(max = 420.dp),
        Arrangement.spacedBy(12.dp),
        Alignment.CenterHorizontally,
    ) {
        Badge(icon, diameter = 72)
        Text(
            title,
            Modifier.padding(top = 8.dp).semantics { heading() },
            style = MaterialTheme.typography.titleLarge,
            textAlign = TextAlign.Center,
        )
        Text(text, color = Theme.palette.softText, textAlign = TextAlign.Center)
    }
}

/** What scrolls as a whole. */
@Composable
fun ScrollingColumn(modifier: Modifier = Modifier, content: @Composable ColumnScope.() -> Unit) {
    Column(
        modifier.fillMaxSize().verticalScroll(rememberScrollState()).padding(start = Margin, end = Margin, bottom = 32.dp),
        Arrangement.spacedBy(16.dp),
        content = content,
    )
}
