package dev.steadfast.demo.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.steadfast.demo.theme.Theme

/**
 * A dialog whose headline scrolls with its text: on a turned phone with large text there is no room for it above.
 *
 * @param onDismiss `null` if only the buttons end it
 */
@Composable
fun ScrollingDialog(
    title: String,
    onDismiss: (() -> Unit)?,
    confirm: @Composable () -> Unit,
    dismiss: (@Composable () -> Unit)? = null,
    content: @Composable ColumnScope.() -> Unit,
) {
    AlertDialog(
        onDismissRequest = { onDismiss?.invoke() },
        text = {
            Column(Modifier.fillMaxWidth().verticalScroll(rememberScrollState()), Arrangement.spacedBy(12.dp)) {
                Text(title, Modifier.semantics { heading() }, color = Theme.palette.text, style = MaterialTheme.typography.headlineSmall)
                content()
            }
        },
        confirmButton = confirm,
        dismissButton = dismiss,
    )
}

/** A dialog's button, or a quiet one elsewhere. */
@Composable
fun DialogButton(
    text: String,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    enabled: Boolean = true,
    color: Color = Color.Unspecified,
) {
    TextButton(onClick, modifier.heightIn(min = 48.dp), enabled) { Text(text, color = color) }
}

/** Asks before something is gone for good. */
@Composable
fun ConfirmDialog(title: String, text: String, confirm: String, onConfirm: () -> Unit, onDismiss: () -> Unit, dismiss: String = "Keep") {
    ScrollingDialog(
        title,
        onDismiss,
        confirm = { DialogButton(confirm, onConfirm, color = Theme.palette.danger) },
        dismiss = { DialogButton(dismiss, onDismiss) },
    ) { Text(text) }
}

/** Says something that needs no decision. */
@Composable
fun MessageDialog(title: String, lines: List<String>, onDismiss: () -> Unit) {
    ScrollingDialog(title, onDismiss, confirm = { DialogButton("OK", onDismiss) }) { lines.forEach { Text(it) } }
}

/** What is going on, and how to stop it. It cannot be dismissed otherwise. */
@Composable
fun ProgressDialog(title: String, text: String, fraction: Float?, isCancelling: Boolean, onCancel: () -> Unit) {
    ScrollingDialog(
        title,
        onDismiss = null,
        confirm = { DialogButton(if (isCancelling) "Cancelling" else "Cancel", onCancel, enabled = !isCancelling) },
    ) {
        ProgressBar(fraction, Modifier.fillMaxWidth())
        Text(text)
    }
}

/** @param fraction 0 to 1; `null` while it is not known */
@Composable
fun ProgressBar(fraction: Float?, modifier: Modifier = Modifier) {
    val palette = Theme.palette
    if (fraction == null) {
        LinearProgressIndicator(modifier, color = palette.accent, trackColor = palette.raised)
    } else {
        LinearProgressIndicator({ fraction }, modifier, color = palette.accent, trackColor = palette.raised, drawStopIndicator = {})
    }
}
