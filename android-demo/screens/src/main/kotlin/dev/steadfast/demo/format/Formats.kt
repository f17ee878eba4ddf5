package dev.steadfast.demo.format

import dev.steadfast.MetricUnit
import dev.steadfast.WeightUnit
import java.text.NumberFormat
import java.time.Duration
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter
import java.time.format.FormatStyle
import java.time.format.TextStyle
import java.util.Locale
import kotlin.math.floor
import kotlin.math.roundToLong

/** The units that a person reads distances in. */
enum class Units(val metresPerUnit: Double) {
    METRIC(1_000.0),
    IMPERIAL(1_609.344),
    ;

    companion object {
        /** Miles where road signs use them: the United States, the United Kingdom, Liberia, Myanmar. */
        fun of(locale: Locale): Units = if (locale.country in setOf("US", "GB", "LR", "MM")) IMPERIAL else METRIC
    }
}

/**
 * A value as it is shown and as a screen reader says it.
 *
 * @property text the number alone, such as `3.42`
 * @property unit what stands behind it, smaller; empty if nothing does
 * @property spoken the same in words, such as `3.42 kilometres`
 */
data class Figure(val text: String, val unit: String, val spoken: String) {
    /** Number and unit in one line of text. */
    val line: String get() =
        if (unit.isEmpty()) {
            text
        } else if (unit.startsWith("/")) {
            "$text $unit"
        } else {
            "$text\u00A0$unit"
        }
}

/**
 * Turns the core's numbers into what a person reads. Decides nothing else: every number comes from the core.
 *
 * @param locale decimal separators and dates
 * @param zone for instants whose own offset is not known
 * @param units kilometres or miles
 */
class Formats(val locale: Locale, val zone: ZoneId, val units: Units) {
    private val hundredths =
        NumberFormat.getNumberInstance(locale).apply {
            minimumFractionDigits = 2
            maximumFractionDigits = 2
        }
    private val tenths =
        NumberFormat.getNumberInstance(locale).apply {
            minimumFractionDigits = 1
            maximumFractionDigits = 1
        }
    private val whole = NumberFormat.getIntegerInstance(locale)
    private val isMetric get() = units == Units.METRIC

    /** `0:07`, `22:10`, `1:02:03`: whole seconds that have passed, so that a timer never shows a second too early. */
    fun duration(seconds: Double): Figure {
        val all = floor(seconds.coerceAtLeast(0.0) + ROUNDING).toLong()
        return Figure(clock(all), "", spokenDuration(all))
    }

    /** `3.42 km`: cut, not rounded, so that 5.00 is never shown before five kilometres are done. */
    fun distance(metres: Double): Figure {
        val value = floor(metres.coerceAtLeast(0.0) / units.metresPerUnit * 100 + ROUNDING) / 100
        val text = hundredths.format(value)
        return Figure(text, distanceUnit, "$text ${if (isMetric) "kilometres" else "miles"}")
    }

    /** `5:12 /km`. A pace that is not known, or slower than an hour, is a dash. */
    fun pace(secondsPerKm: Double?): Figure {
        val unit = "/$distanceUnit"
        val seconds = secondsPerKm?.let { (it * units.metresPerUnit / Units.METRIC.metresPerUnit).roundToLong() }
        if (seconds == null || seconds !in 1..<3_600) return Figure(UNKNOWN, unit, NOT_KNOWN)
        return Figure(clock(seconds), unit, "${spokenDuration(seconds)} per ${if (isMetric) "kilometre" else "mile"}")
    }

    /** `24.3 km/h`. */
    fun speed(metresPerSecond: Double?): Figure {
        val unit = if (isMetric) "km/h" else "mph"
        metresPerSecond ?: return Figure(UNKNOWN, unit, NOT_KNOWN)
        val text = tenths.format(metresPerSecond * 3_600 / units.metresPerUnit)
        return Figure(text, unit, "$text ${if (isMetric) "kilometres" else "miles"} per hour")
    }

    /** `128 m`, or feet. */
    fun elevation(metres: Double): Figure {
        val text = whole.format(if (isMetric) metres else metres / METRES_PER_FOOT)
        return Figure(text, if (isMetric) "m" else "ft", "$text ${if (isMetric) "metres" else "feet"}")
    }

    /** `142 bpm`. */
    fun heartRate(beatsPerMinute: Double?): Figure {
        beatsPerMinute ?: return Figure(UNKNOWN, "bpm", NOT_KNOWN)
        val text = whole.format(beatsPerMinute)
        return Figure(text, "bpm", "$text beats per minute")
    }

    /** A number of things: `1,204`. */
    fun count(number: Long): String = whole.format(number)

    /** `21 Nov 2026, 07:12` as the locale writes it, at the offset where it happened if that is known, else in the user's zone. */
    fun dateTime(instant: Instant, utcOffsetS: Int?): String =
        DateTimeFormatter
            .ofLocalizedDateTime(
                FormatStyle.MEDIUM,
                FormatStyle.SHORT,
            ).withLocale(locale)
            .format(instant.atZone(zoneOf(utcOffsetS)))

    /** `Saturday, 21 November 2026` as the locale writes it. */
    fun fullDate(instant: Instant, utcOffsetS: Int?): String =
        DateTimeFormatter.ofLocalizedDate(FormatStyle.FULL).withLocale(locale).format(instant.atZone(zoneOf(utcOffsetS)))

    /** `07:12` as the locale writes it. */
    fun time(instant: Instant, utcOffsetS: Int?): String =
        DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT).withLocale(locale).format(instant.atZone(zoneOf(utcOffsetS)))

    /**
     * A quantity as it was entered, `177.5 lb`, or one that was computed, `80.51 kg`.
     *
     * @param digits behind the point at most
     */
    fun quantity(value: Double, unit: MetricUnit, digits: Int = AS_ENTERED): Figure {
        val text = upTo(digits).format(value)
        return Figure(text, unit.symbol, listOf(text, unit.spoken).filter { it.isNotEmpty() }.joinToString(" "))
    }

    /** A weight as it was entered: `82.5 kg`. */
    fun weight(value: Double, unit: WeightUnit): Figure {
        val text = upTo(AS_ENTERED).format(value)
        return Figure(text, unit.symbol, "$text ${unit.spoken}")
    }

    /** `21 Nov 2026` as the locale writes it. */
    fun date(date: LocalDate): String = DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM).withLocale(locale).format(date)

    /** `Today`, `Yesterday`, `Tomorrow`, or the day of the week, in front of the date. */
    fun day(date: LocalDate, today: LocalDate): String {
        val name =
            when (date) {
                today -> "Today"
                today.minusDays(1) -> "Yesterday"
                today.plusDays(1) -> "Tomorrow"
                else -> date.dayOfWeek.getDisplayName(TextStyle.FULL, locale)
            }
        return "$name, ${date(date)}"
    }

    /** How long ago: `just now`, `5 min ago`, `3 h ago`, `2 days ago`. A clock that was set back shows no age below zero. */
    fun age(since: Instant, now: Instant): String {
        val passed = Duration.between(since, now)
        return when {
            passed.toMinutes() < 1 -> "just now"
            passed.toHours() < 1 -> "${passed.toMinutes()} min ago"
            passed.toDays() < 1 -> "${passed.toHours()} h ago"
            else -> "${counted(passed.toDays(), "day", "days")} ago"
        }
    }

    /** `km` or `mi`. */
    val distanceUnit: String get() = if (isMetric) "km" else "mi"

    private fun upTo(digits: Int) = NumberFormat.getNumberInstance(locale).apply { maximumFractionDigits = digits }

    private fun zoneOf(utcOffsetS: Int?): ZoneId = utcOffsetS?.let { ZoneOffset.ofTotalSeconds(it) } ?: zone

    private fun clock(seconds: Long): String {
        val (hours, minutes, rest) = Triple(seconds / 3_600, seconds / 60 % 60, seconds % 60)
        return if (hours > 0) "%d:%02d:%02d".format(Locale.ROOT, hours, minutes, rest) else "%d:%02d".format(Locale.ROOT, minutes, rest)
    }

    private fun spokenDuration(seconds: Long): String {
        val parts = listOf(seconds / 3_600 to "hour", seconds / 60 % 60 to "minute", seconds % 60 to "second")
        return parts
            .filter { (number, unit) -> number > 0 || (unit == "second" && seconds == 0L) }
            .joinToString(" ") { (number, unit) -> "$number $unit${if (number == 1L) "" else "s"}" }
    }

    private companion object {
        const val UNKNOWN = "–"
        const val NOT_KNOWN = "not known"
        const val METRES_PER_FOOT = 0.3048

        /** More than anybody types. */
        const val AS_ENTERED = 6

        /** Keeps 0.29 km × 100 = 28.999999999999996 from being cut to 0.28. */
        const val ROUNDING = 1e-9
    }
}
