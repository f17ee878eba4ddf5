package dev.steadfast.demo.activities

import androidx.compose.runtime.Composable
import dev.steadfast.demo.format.label
import dev.steadfast.demo.parts.MessageDialog
import dev.steadfast.demo.parts.ProgressDialog
import dev.steadfast.demo.save.fraction

/** How far the import is. */
@Composable
internal fun ImportDialog(import: ImportState, onCancel: () -> Unit) {
    ProgressDialog(
        "Importing",
        import.progress?.phase?.label ?: "Reading the file",
        import.progress?.fraction,
        import.isCancelling,
        onCancel,
    )
}

/** What the import did. */
@Composable
internal fun ImportReportDialog(summary: ImportSummary, onDismiss: () -> Unit) {
    MessageDialog(summary.title, summary.lines, onDismiss)
}

private val ImportSummary.title: String get() = if (added > 0) "Import finished" else "Nothing new in this file"

private val ImportSummary.lines: List<String>
    get() =
        listOfNotNull(
            count(added, "activity was added", "activities were added"),
            count(present, "activity was here already", "activities were here already"),
        ) + skipped.map { "Left out: $it" }

private fun count(number: Int, one: String, many: String): String? =
    when (number) {
        0 -> null
        1 -> "1 $one."
        else -> "$number $many."
    }
