package dev.steadfast.demo.metrics

import dev.steadfast.Id
import dev.steadfast.MetricKind
import dev.steadfast.MetricUnit
import dev.steadfast.ProgressEntry
import dev.steadfast.demo.trouble.Trouble
import java.time.LocalDate

/**
 * What the measurements show.
 *
 * @property kind what is measured
 * @property today on the person's calendar
 * @property entries newest first, as far as they were loaded; `null` before the first page is there
 * @property next the mark of the next page; `null` on the last
 * @property line the last months day by day; `null` if there are less than two days
 * @property form the entry that is typed; `null` while none is
 * @property listTrouble why the list could not be read
 * @property trouble what the last action met
 */
data class MetricsState(
    val kind: MetricKind,
    val today: LocalDate,
    val entries: List<ProgressEntry>? = null,
    val next: String? = null,
    val line: MetricLine? = null,
    val form: EntryForm? = null,
    val listTrouble: Trouble? = null,
    val trouble: Trouble? = null,
)

/**
 * An entry while it is typed: the number is text until it is saved, so that nothing is lost that cannot be one.
 *
 * @property id names the stored entry; `null` for a new one
 * @property fault what the core refused to save
 */
data class EntryForm(
    val id: Id?,
    val quantity: String,
    val unit: MetricUnit,
    val date: LocalDate,
    val notes: String = "",
    val isBusy: Boolean = false,
    val fault: Trouble? = null,
)

/**
 * A kind of measurement over the days.
 *
 * @property days oldest first, at least two; the quantity in [unit]
 */
data class MetricLine(val days: List<Pair<LocalDate, Double>>, val unit: MetricUnit) {
    val lowest: Double get() = days.minOf { it.second }
    val highest: Double get() = days.maxOf { it.second }
}

/** What a person can do with measurements. */
interface MetricsActions {
    fun back()

    fun refresh()

    fun loadMore()

    fun choose(kind: MetricKind)

    fun add()

    fun edit(entry: ProgressEntry)

    fun type(form: EntryForm)

    fun save()

    fun delete()

    fun closeForm()

    fun dismissTrouble()
}
