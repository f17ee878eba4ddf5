package dev.steadfast.demo.strength

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.toggleable
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import dev.steadfast.demo.format.label
import dev.steadfast.demo.parts.ConfirmDialog
import dev.steadfast.demo.parts.IconAction
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.parts.Loading
import dev.steadfast.demo.parts.MainButton
import dev.steadfast.demo.parts.Margin
import dev.steadfast.demo.parts.Place
import dev.steadfast.demo.parts.ScrollingColumn
import dev.steadfast.demo.parts.SideButton
import dev.steadfast.demo.parts.Title
import dev.steadfast.demo.programs.DemoProgram
import dev.steadfast.demo.trouble.TroubleDialog
import dev.steadfast.demo.trouble.TroubleScreen

/** The strength log of a training day: exercises, their sets, and the button that saves them. */
@Composable
fun LogScreen(state: LogState, actions: LogActions, modifier: Modifier = Modifier) {
    var deleting by rememberSaveable { mutableStateOf(false) }
    val trouble = state.loadTrouble
    val form = state.form
    Place(actions::back, modifier, { if (state.isStored) IconAction(Icons.Delete, "Delete the log", { deleting = true }) }) {
        when {
            trouble != null -> TroubleScreen(trouble, actions::reload, actions::back)
            form == null -> Loading()
            else -> Contents(state, form, actions)
        }
    }
    if (state.search != null) MovementDialog(state, actions)
    if (deleting) {
        ConfirmDialog(
            title = "Delete this log?",
            text = "Its exercises and sets would be gone, on your other devices too. The training day itself stays.",
            confirm = "Delete",
            onConfirm = {
                deleting = false
                actions.delete()
            },
            onDismiss = { deleting = false },
        )
    }
    if (state.isLeaving) {
        ConfirmDialog("Leave without saving?", "What you typed would be lost.", "Leave", actions::leave, actions::stay, "Stay")
    }
    state.trouble?.let { TroubleDialog(it, onRetry = null, onDismiss = actions::dismissTrouble) }
}

@Composable
private fun Contents(state: LogState, form: LogForm, actions: LogActions) {
    Column(Modifier.fillMaxSize()) {
        ScrollingColumn(Modifier.weight(1f)) {
            Title(state.day.label, below = DemoProgram.NAME)
            form.exercises.forEachIndexed { index, exercise ->
                ExerciseCard(state.name(exercise.definitionId), index, form, state.fault?.takeIf { it.exercise == index }, actions::type)
            }
            SideButton("Add exercise", { actions.search("") }, Modifier.fillMaxWidth(), Icons.Add)
            OutlinedTextField(
                form.notes,
                { actions.type(form.copy(notes = it)) },
                Modifier.fillMaxWidth(),
                label = { Text("Notes") },
                minLines = 2,
            )
            FinishedRow(form.isFinished) { actions.type(form.copy(isFinished = it)) }
        }
        MainButton(
            "Save",
            actions::save,
            Modifier.fillMaxWidth().padding(start = Margin, end = Margin, top = 8.dp, bottom = Margin),
            Icons.Check,
            enabled = !state.isBusy,
        )
    }
}

@Composable
private fun FinishedRow(isFinished: Boolean, onChange: (Boolean) -> Unit) {
    Row(
        Modifier
            .fillMaxWidth()
            .toggleable(isFinished, role = Role.Switch, onValueChange = onChange)
            .heightIn(min = 56.dp),
        Arrangement.spacedBy(16.dp),
        Alignment.CenterVertically,
    ) {
        Text("Workout finished", Modifier.weight(1f), style = MaterialTheme.typography.titleMedium)
        Switch(isFinished, onCheckedChange = null)
    }
}
