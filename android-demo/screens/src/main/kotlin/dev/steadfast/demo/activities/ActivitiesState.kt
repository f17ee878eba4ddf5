package dev.steadfast.demo.activities

import dev.steadfast.Activity
import dev.steadfast.SaveProgress
import dev.steadfast.demo.trouble.Trouble
import java.util.UUID

/**
 * What the list of activities shows.
 *
 * @property activities newest first, as far as they were loaded; `null` before the first page is there
 * @property next the mark of the next page; `null` on the last
 * @property isLoading a page is being read
 * @property import the import that is running
 * @property report what the last import did, in lines; `null` once it was seen
 * @property listTrouble why the list could not be read
 * @property trouble what the last import met
 */
data class ActivitiesState(
    val activities: List<Activity>? = null,
    val next: String? = null,
    val isLoading: Boolean = false,
    val import: ImportState? = null,
    val report: ImportSummary? = null,
    val listTrouble: Trouble? = null,
    val trouble: Trouble? = null,
)

/** An import that is running. */
data class ImportState(val progress: SaveProgress? = null, val isCancelling: Boolean = false)

/**
 * What an import did.
 *
 * @property added activities that are new
 * @property present activities that were here already
 * @property skipped why a session of the file was left out, a sentence each
 */
data class ImportSummary(val added: Int, val present: Int, val skipped: List<String>)

/** What a person can do on the list. */
interface ActivitiesActions {
    fun refresh()

    fun loadMore()

    fun open(id: UUID)

    fun importFile()

    fun cancelImport()

    fun dismissReport()

    fun dismissTrouble()
}
