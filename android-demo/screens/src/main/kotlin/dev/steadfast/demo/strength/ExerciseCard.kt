package dev.steadfast.demo.strength

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.selection.toggleable
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.Checkbox
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import dev.steadfast.WeightUnit
import dev.steadfast.demo.format.spoken
import dev.steadfast.demo.format.symbol
import dev.steadfast.demo.parts.IconAction
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.theme.Theme

/** An exercise of a log: its sets as rows, its place among the others. */
@Composable
internal fun ExerciseCard(name: String, exercise: Int, form: LogForm, fault: LogFault?, onType: (LogForm) -> Unit) {
    val sets = form.exercises[exercise].sets
    Surface(Modifier.fillMaxWidth(), shape = MaterialTheme.shapes.large, color = Theme.palette.surface) {
        Column(Modifier.padding(start = 16.dp, end = 8.dp, top = 8.dp, bottom = 8.dp), Arrangement.spacedBy(8.dp)) {
            FlowRow(Modifier.fillMaxWidth(), Arrangement.SpaceBetween, itemVerticalAlignment = Alignment.CenterVertically) {
                Text(name, Modifier.semantics { heading() }, style = MaterialTheme.typography.titleMedium)
                Row {
                    IconAction(Icons.Up, "Move $name up", { onType(form.moved(exercise, -1)) }, enabled = exercise > 0)
                    IconAction(
                        Icons.Down,
                        "Move $name down",
                        { onType(form.moved(exercise, 1)) },
                        enabled = exercise < form.exercises.lastIndex,
                    )
                    IconAction(Icons.Delete, "Remove $name", { onType(form.withoutExercise(exercise)) })
                }
            }
            sets.forEachIndexed { index, set ->
                SetRow(
                    "$name, set ${index + 1}",
                    set,
                    fault?.takeIf { it.set == index }?.name,
                    { onType(form.withSet(exercise, index, it)) },
                    { onType(form.withoutSet(exercise, index)) },
                )
            }
            TextButton(
                { onType(form.withSet(exercise)) },
                Modifier.heightIn(min = 48.dp).semantics { contentDescription = "Add a set of $name" },
            ) { Text("Add set") }
        }
    }
}

/**
 * In one line; with large text, or on a narrow phone, in two.
 *
 * @param faulty the name of the field that the core refused
 */
@Composable
private fun SetRow(label: String, set: SetForm, faulty: String?, onType: (SetForm) -> Unit, onRemove: () -> Unit) {
    val done = @Composable { DoneBox(label, set.isDone) { onType(set.copy(isDone = it)) } }
    val weight: @Composable RowScope.() -> Unit = {
        NumberField("$label, weight in ${set.unit.spoken}", "Weight", set.weight, KeyboardType.Decimal, faulty == "weight", 1.2f) {
            onType(set.copy(weight = it))
        }
        UnitButton(label, set.unit) { onType(set.copy(unit = it)) }
    }
    val reps: @Composable RowScope.() -> Unit = {
        NumberField("$label, repetitions", "Reps", set.reps, KeyboardType.Number, faulty == "reps", 1f) { onType(set.copy(reps = it)) }
    }
    val remove = @Composable { IconAction(Icons.Remove, "Remove $label", onRemove) }
    BoxWithConstraints {
        if (maxWidth / LocalDensity.current.fontScale > ONE_LINE) {
            Line {
                done()
                weight()
                reps()
                remove()
            }
        } else {
            Column {
                Line {
                    done()
                    weight()
                }
                Line {
                    Spacer(Modifier.size(48.dp))
                    reps()
                    remove()
                }
            }
        }
    }
}

@Composable
private fun Line(content: @Composable RowScope.() -> Unit) =
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(4.dp), Alignment.CenterVertically, content)

/** Only the number is read aloud with its whole name; the caption is for the eye. */
@Composable
private fun RowScope.NumberField(
    spoken: String,
    caption: String,
    text: String,
    keyboard: KeyboardType,
    isError: Boolean,
    share: Float,
    onType: (String) -> Unit,
) {
    OutlinedTextField(
        text,
        onType,
        Modifier.weight(share).semantics { contentDescription = spoken },
        label = { Text(caption, maxLines = 1) },
        isError = isError,
        singleLine = true,
        textStyle = MaterialTheme.typography.bodyLarge.copy(textAlign = TextAlign.End),
        keyboardOptions = KeyboardOptions(keyboardType = keyboard),
    )
}

/** The unit, and the way to the other one. */
@Composable
private fun UnitButton(label: String, unit: WeightUnit, onChange: (WeightUnit) -> Unit) {
    val other = WeightUnit.entries.first { it != unit }
    TextButton(
        { onChange(other) },
        Modifier.heightIn(min = 48.dp).widthIn(min = 48.dp).semantics {
            contentDescription = "$label, in ${unit.spoken}; change to ${other.spoken}"
        },
        contentPadding = PaddingValues(0.dp),
    ) { Text(unit.symbol) }
}

@Composable
private fun DoneBox(label: String, isDone: Boolean, onChange: (Boolean) -> Unit) {
    Box(
        Modifier
            .size(48.dp)
            .toggleable(isDone, role = Role.Checkbox, onValueChange = onChange)
            .semantics { contentDescription = "$label done" },
        Alignment.Center,
    ) { Checkbox(isDone, onCheckedChange = null) }
}

/** The width from which a set stands in one line, at the usual text size. */
private val ONE_LINE = 310.dp
