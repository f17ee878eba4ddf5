package dev.steadfast.demo.strength

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import dev.steadfast.demo.parts.DialogButton
import dev.steadfast.demo.parts.ScrollingDialog
import dev.steadfast.demo.theme.Theme

/** The catalogue, as far as the search leaves it, and the way to put a movement into it. */
@Composable
internal fun MovementDialog(state: LogState, actions: LogActions) {
    val search = state.search.orEmpty()
    ScrollingDialog("Add exercise", { actions.search(null) }, confirm = { DialogButton("Cancel", { actions.search(null) }) }) {
        OutlinedTextField(search, actions::search, Modifier.fillMaxWidth(), label = { Text("Search or name") }, singleLine = true)
        Column {
            state.found.forEach { movement ->
                val about = listOfNotNull(movement.muscleGroup, movement.equipment).joinToString("  ·  ")
                MovementRow(movement.name, about) { actions.add(movement.id) }
            }
        }
        if (state.canDefine) MovementRow("Add “${search.trim()}”", "New in the catalogue") { actions.define(search) }
    }
}

@Composable
private fun MovementRow(name: String, about: String, onClick: () -> Unit) {
    Column(
        Modifier
            .fillMaxWidth()
            .clickable(role = Role.Button, onClick = onClick)
            .heightIn(min = 56.dp)
            .padding(vertical = 8.dp),
        Arrangement.Center,
    ) {
        Text(name, color = Theme.palette.text, style = MaterialTheme.typography.bodyLarge)
        if (about.isNotEmpty()) Text(about, style = MaterialTheme.typography.bodySmall)
    }
}
