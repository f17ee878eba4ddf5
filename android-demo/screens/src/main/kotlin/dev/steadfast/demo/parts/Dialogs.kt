package dev.steadfast.demo.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import dev.steadfast.demo.theme.Theme

/** Asks before something is gone for good. */
@Composable
fun ConfirmDialog(title: String, text: String, confirm: String, onConfirm: () -> Unit, onDismiss: () -> Unit) {
    AlertDialog(
        onDismissRequest = onDismiss,
        title = { Text(title) },
        text = { Text(text, Modifier.verticalScroll(rememberScrollState())) },
        confirmButton = { TextButton(onConfirm, Modifier.heightIn(min = 48.dp)) { Text(confirm, color = Theme.palette.danger) } },
        dismissButton = { TextButton(onDismiss, Modifier.heightIn(min = 48.dp)) { Text("Keep") } },
    )
}

/** Says something that needs no decision. */
@Composable
fun MessageDialog(title: String, lines: List<String>, onDismiss: () -> Unit) {
    AlertDialog(
        onDismissRequest = onDismiss,
        title = { Text(title) },
        text = { Column(Modifier.verticalScroll(rememberScrollState()), Arrangement.spacedBy(8.dp)) { lines.forEach { Text(it) } } },
        confirmButton = { TextButton(onDismiss, Modifier.heightIn(min = 48.dp)) { Text("OK") } },
    )
}

/** What is going on, and how to stop it. It cannot be dismissed otherwise. */
@Composable
fun ProgressDialog(title: String, text: String, fraction: Float?, isCancelling: Boolean, onCancel: () -> Unit) {
    AlertDialog(
        onDismissRequest = {},
        title = { Text(title) },
        text = {
            Column(Modifier.verticalScroll(rememberScrollState()), Arrangement.spacedBy(16.dp)) {
                ProgressBar(fraction, Modifier.fillMaxWidth())
                Text(text)
            }
        },
        confirmButton = {
            TextButton(onCancel, Modifier.heightIn(min = 48.dp), enabled = !isCancelling) { Text(if (isCancelling) "Cancelling" else "Cancel") }
        },
    )
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
