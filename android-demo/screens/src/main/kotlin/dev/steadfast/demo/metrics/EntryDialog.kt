package dev.steadfast.demo.metrics

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.input.KeyboardType
import dev.steadfast.MetricKind
import dev.steadfast.MetricUnit
import dev.steadfast.demo.format.Formats
import dev.steadfast.demo.format.choice
import dev.steadfast.demo.format.label
import dev.steadfast.demo.parts.ChoiceRow
import dev.steadfast.demo.parts.ConfirmDialog
import dev.steadfast.demo.parts.DialogButton
import dev.steadfast.demo.parts.Notice
import dev.steadfast.demo.parts.ScrollingDialog
import dev.steadfast.demo.parts.Stepper
import dev.steadfast.demo.theme.Theme
import java.time.LocalDate

/** A measurement that is added or changed. What the core refuses stays as it was typed. */
@Composable
internal fun EntryDialog(kind: MetricKind, form: EntryForm, today: LocalDate, actions: MetricsActions) {
    var deleting by rememberSaveable { mutableStateOf(false) }
    ScrollingDialog(
        kind.label,
        actions::closeForm,
        confirm = { DialogButton("Save", actions::save, enabled = !form.isBusy) },
        dismiss = { DialogButton("Cancel", actions::closeForm) },
    ) {
        OutlinedTextField(
            form.quantity,
            { actions.type(form.copy(quantity = it)) },
            Modifier.fillMaxWidth(),
            label = { Text("Value") },
            isError = form.fault?.field == "quantity",
            singleLine = true,
            keyboardOptions = KeyboardOptions(keyboardType = KeyboardType.Decimal),
        )
        form.fault?.let { fault ->
            val range = Theme.formats.range(kind, form.unit).takeIf { fault.field == "quantity" }
            Notice(fault.summary, detail = listOfNotNull(fault.reason, range, fault.suggestion).joinToString(" "))
        }
        val units = kind.units()
        if (units.size > 1) ChoiceRow(units, form.unit, { it.choice }, { actions.type(form.copy(unit = it)) })
        Stepper(
            Theme.formats.day(form.date, today),
            before = "A day earlier",
            after = "A day later",
            { actions.type(form.copy(date = form.date.minusDays(1))) },
            { actions.type(form.copy(date = form.date.plusDays(1))) },
            hasAfter = form.date < today,
        )
        OutlinedTextField(form.notes, { actions.type(form.copy(notes = it)) }, Modifier.fillMaxWidth(), label = { Text("Notes") })
        if (form.id != null) DialogButton("Delete", { deleting = true }, color = Theme.palette.danger)
    }
    if (deleting) {
        ConfirmDialog(
            title = "Delete this measurement?",
            text = "It would be gone, on your other devices too.",
            confirm = "Delete",
            onConfirm = {
                deleting = false
                actions.delete()
            },
            onDismiss = { deleting = false },
        )
    }
}

/** What the quantity can be, in the unit that it is typed in. */
private fun Formats.range(kind: MetricKind, unit: MetricUnit): String? {
    val bounds = kind.bounds() ?: return null
    val least = unit.quantityOfSi(bounds.minimumSi) ?: return null
    val most = unit.quantityOfSi(bounds.maximumSi) ?: return null
    return "It goes from ${quantity(least, unit, digits = 2).line} to ${quantity(most, unit, digits = 2).line}."
}
