package dev.steadfast.demo.programs

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import dev.steadfast.Intensity
import dev.steadfast.ProgramSession
import dev.steadfast.demo.format.label
import dev.steadfast.demo.parts.ChoiceColumn
import dev.steadfast.demo.parts.DialogButton
import dev.steadfast.demo.parts.Icons
import dev.steadfast.demo.parts.MainButton
import dev.steadfast.demo.parts.ScrollingDialog
import dev.steadfast.demo.parts.SideButton
import dev.steadfast.demo.parts.Stepper
import dev.steadfast.demo.theme.Theme
import java.time.LocalDate

/** What can be said of a training day: that it is done, how it felt, when it is to be. */
@Composable
internal fun DayDialog(form: DayForm, session: ProgramSession?, today: LocalDate, actions: ProgramsActions) {
    val isDone = session?.completedAt != null
    ScrollingDialog(form.day.label, actions::closeDay, confirm = { DialogButton("Close", actions::closeDay) }) {
        Text(DemoProgram.movements(form.day).joinToString(", ") { it.label })
        Text(Theme.formats.state(session, today), color = Theme.palette.text, style = MaterialTheme.typography.titleSmall)
        SmallHeading("How did it feel?")
        ChoiceColumn(Intensity.entries, form.intensity, { it.label }, { actions.type(form.copy(intensity = it)) })
        if (isDone) {
            SideButton("Not done after all", actions::takeBack, Modifier.fillMaxWidth())
        } else {
            MainButton("Done", actions::complete, Modifier.fillMaxWidth(), Icons.Check)
        }
        SideButton("Strength log", actions::log, Modifier.fillMaxWidth(), Icons.Weights)
        HorizontalDivider(color = Theme.palette.hairline)
        SmallHeading("When is it to be?")
        Stepper(
            Theme.formats.day(form.date, today),
            before = "A day earlier",
            after = "A day later",
            { actions.type(form.copy(date = form.date.minusDays(1))) },
            { actions.type(form.copy(date = form.date.plusDays(1))) },
        )
        SideButton("Plan for this day", actions::plan, Modifier.fillMaxWidth(), Icons.Calendar)
        if (session?.scheduledDate != null) DialogButton("Take the date away", actions::clearPlan)
    }
}

@Composable
private fun SmallHeading(text: String) {
    Text(text, Modifier.semantics { heading() }, color = Theme.palette.text, style = MaterialTheme.typography.titleMedium)
}
