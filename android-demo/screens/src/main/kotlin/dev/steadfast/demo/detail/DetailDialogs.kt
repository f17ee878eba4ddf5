package dev.steadfast.demo.detail

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.SegmentedButton
import androidx.compose.material3.SegmentedButtonDefaults
import androidx.compose.material3.SingleChoiceSegmentedButtonRow
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.steadfast.FileFormat
import dev.steadfast.demo.format.Units
import dev.steadfast.demo.format.label
import dev.steadfast.demo.parts.DialogButton
import dev.steadfast.demo.parts.ScrollingDialog
import dev.steadfast.demo.theme.Theme

/** Title and notes. */
@Composable
internal fun EditDialog(draft: Draft, isBusy: Boolean, actions: DetailActions) {
    ScrollingDialog(
        "Edit",
        actions::cancelEdit,
        confirm = { DialogButton("Save", actions::saveEdit, enabled = !isBusy) },
        dismiss = { DialogButton("Cancel", actions::cancelEdit) },
    ) {
        OutlinedTextField(
            draft.title,
            { actions.type(draft.copy(title = it)) },
            Modifier.fillMaxWidth(),
            label = { Text("Title") },
            singleLine = true,
        )
        OutlinedTextField(
            draft.notes,
            { actions.type(draft.copy(notes = it)) },
            Modifier.fillMaxWidth(),
            label = { Text("Notes") },
            minLines = 3,
        )
    }
}

/** The formats that can be written; FIT is read only. */
@Composable
internal fun ExportDialog(onChoose: (FileFormat) -> Unit, onDismiss: () -> Unit) {
    ScrollingDialog("Export as", onDismiss, confirm = { DialogButton("Cancel", onDismiss) }) {
        listOf(FileFormat.GPX, FileFormat.TCX, FileFormat.GEO_JSON).forEach { format ->
            Box(
                Modifier
                    .fillMaxWidth()
                    .clickable(role = Role.Button) {
                        onDismiss()
                        onChoose(format)
                    }.heightIn(min = 56.dp),
                Alignment.CenterStart,
            ) { Text(format.label, color = Theme.palette.text, style = MaterialTheme.typography.bodyLarge) }
        }
    }
}

/** Kilometres or miles, for the whole app. */
@Composable
internal fun UnitsChoice(units: Units, onChoose: (Units) -> Unit) {
    SingleChoiceSegmentedButtonRow {
        Units.entries.forEachIndexed { index, choice ->
            SegmentedButton(
                choice == units,
                { onChoose(choice) },
                SegmentedButtonDefaults.itemShape(index, Units.entries.size),
                Modifier.heightIn(min = 48.dp).semantics { contentDescription = if (choice == Units.METRIC) "Kilometres" else "Miles" },
                icon = {},
            ) { Row { Text(if (choice == Units.METRIC) "km" else "mi") } }
        }
    }
}
