package dev.steadfast.demo.habits

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
import dev.steadfast.demo.parts.ChoiceRow
import dev.steadfast.demo.parts.ConfirmDialog
import dev.steadfast.demo.parts.DialogButton
import dev.steadfast.demo.parts.Notice
import dev.steadfast.demo.parts.ScrollingDialog
import dev.steadfast.demo.theme.Theme

/** An entry that is added or changed. What the core refuses stays as it was typed. */
@Composable
internal fun HabitDialog(form: HabitForm, actions: HabitsActions) {
    var deleting by rememberSaveable { mutableStateOf(false) }
    ScrollingDialog(
        if (form.before == null) "New entry" else "Entry",
        actions::closeForm,
        confirm = { DialogButton("Save", actions::save, enabled = !form.isBusy) },
        dismiss = { DialogButton("Cancel", actions::closeForm) },
    ) {
        ChoiceRow(suggested, form.kind, { it }, { actions.type(form.copy(kind = it)) })
        Field("Habit", form.kind, form.fault?.field == "kind") { actions.type(form.copy(kind = it)) }
        Field("Minutes", form.minutes, form.fault?.field == "duration_ms", KeyboardType.Number) { actions.type(form.copy(minutes = it)) }
        form.fault?.let { Notice(it.summary, detail = "${it.reason} ${it.suggestion}") }
        Field("Mood", form.mood, form.fault?.field == "mood") { actions.type(form.copy(mood = it)) }
        Field("Notes", form.notes, form.fault?.field == "notes") { actions.type(form.copy(notes = it)) }
        if (form.before != null) DialogButton("Delete", { deleting = true }, color = Theme.palette.danger)
    }
    if (deleting) {
        ConfirmDialog(
            title = "Delete this entry?",
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

@Composable
private fun Field(label: String, text: String, isError: Boolean, keyboard: KeyboardType = KeyboardType.Text, onType: (String) -> Unit) {
    OutlinedTextField(
        text,
        onType,
        Modifier.fillMaxWidth(),
        label = { Text(label) },
        isError = isError,
        singleLine = label != "Notes",
        keyboardOptions = KeyboardOptions(keyboardType = keyboard),
    )
}

/** Habits are the app's own words; any other can be typed. */
private val suggested = listOf("Meditation", "Stretching", "Reading", "Smoke")
