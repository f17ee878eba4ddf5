package dev.steadfast.demo.trouble

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import dev.steadfast.demo.parts.DialogButton
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.parts.MainButton
import dev.steadfast.demo.parts.Margin
import dev.steadfast.demo.parts.SideButton
import dev.steadfast.demo.theme.Theme

/**
 * Fills the screen when what was asked for did not work: what happened, why, what to do.
 *
 * @param onRetry offered if the same may work later
 * @param wayOut what else can be done about it
 */
@Composable
fun TroubleScreen(trouble: Trouble, onRetry: () -> Unit, onBack: () -> Unit, modifier: Modifier = Modifier, wayOut: WayOut? = null) {
    Box(modifier.fillMaxSize(), Alignment.Center) {
        Column(
            Modifier.verticalScroll(rememberScrollState()).padding(Margin).widthIn(max = 520.dp).fillMaxWidth(),
            Arrangement.spacedBy(12.dp),
            Alignment.CenterHorizontally,
        ) {
            TroubleBadge(trouble)
            Column(
                Modifier.padding(top = 8.dp).semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Assertive },
                Arrangement.spacedBy(12.dp),
                Alignment.CenterHorizontally,
            ) {
                Text(
                    trouble.summary,
                    Modifier.semantics { heading() },
                    style = MaterialTheme.typography.headlineSmall,
                    textAlign = TextAlign.Center,
                )
                Text(trouble.reason, color = Theme.palette.softText, textAlign = TextAlign.Center)
                Text(trouble.suggestion, style = MaterialTheme.typography.titleMedium, textAlign = TextAlign.Center)
            }
            Spacer(Modifier.height(8.dp))
            if (trouble.isRetryable) MainButton("Try again", onRetry, Modifier.fillMaxWidth())
            if (wayOut != null) MainButton(wayOut.label, wayOut.take, Modifier.fillMaxWidth())
            SideButton("Back", onBack, Modifier.fillMaxWidth())
            CodeLine(trouble)
        }
    }
}

/** Another way than trying again, with what it says on its button. */
class WayOut(val label: String, val take: () -> Unit)

/** The same over what is on the screen already. */
@Composable
fun TroubleDialog(trouble: Trouble, onRetry: (() -> Unit)?, onDismiss: () -> Unit) {
    AlertDialog(
        onDismissRequest = onDismiss,
        // All of it scrolls: on a turned phone with large text not even the headline fits otherwise.
        text = {
            Column(Modifier.verticalScroll(rememberScrollState()), Arrangement.spacedBy(12.dp)) {
                TroubleBadge(trouble, 48)
                Text(
                    trouble.summary,
                    Modifier.semantics { heading() },
                    color = Theme.palette.text,
                    style = MaterialTheme.typography.headlineSmall,
                )
                Text(trouble.reason)
                Text(trouble.suggestion, color = Theme.palette.text, style = MaterialTheme.typography.titleSmall)
                CodeLine(trouble)
            }
        },
        confirmButton = {
            if (trouble.isRetryable && onRetry != null) DialogButton("Try again", onRetry) else DialogButton("OK", onDismiss)
        },
        dismissButton = { if (trouble.isRetryable && onRetry != null) DialogButton("Not now", onDismiss) },
    )
}

@Composable
private fun TroubleBadge(trouble: Trouble, diameter: Int = 72) {
    val palette = Theme.palette
    val (ground, tint) =
        if (trouble.isCritical) {
            palette.dangerSoft to palette.onDangerSoft
        } else {
            palette.cautionSoft to
                palette.onCautionSoft
        }
    Box(Modifier.size(diameter.dp).background(ground, CircleShape), Alignment.Center) {
        Icon(if (trouble.isCritical) Icons.Failure else Icons.Warning, null, Modifier.size((diameter / 2).dp), tint)
    }
}

/** The code is for a person who writes to support; a screen reader says it as well. */
@Composable
private fun CodeLine(trouble: Trouble) {
    Text("Code: ${trouble.code}", color = Theme.palette.softText, style = MaterialTheme.typography.bodySmall)
}
