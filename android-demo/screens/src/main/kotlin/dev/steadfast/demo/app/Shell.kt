package dev.steadfast.demo.app

import dev.steadfast.demo.record.LocationAccess
import kotlinx.coroutines.flow.StateFlow

/** What only the platform can do. */
interface Shell {
    /** Whether the app may know where it is. */
    val locationAccess: StateFlow<LocationAccess>

    /** Why no fixes come while something is recorded, in a sentence; `null` while they do. */
    val hindrance: StateFlow<String?>

    /** Asks the person for the location, and returns when there is an answer. */
    suspend fun requestLocation()

    /** Lets the person choose a recording; gives the path of a file that can be read, or `null` if none was chosen. */
    suspend fun pickFile(): String?

    /** Where a file of this name can be written to be shared. */
    fun exportPath(name: String): String

    /** Hands a written file on to another app. */
    fun share(path: String)
}
