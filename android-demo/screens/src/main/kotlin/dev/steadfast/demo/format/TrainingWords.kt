package dev.steadfast.demo.format

import dev.steadfast.Intensity
import dev.steadfast.MetricKind
import dev.steadfast.MetricUnit
import dev.steadfast.ProgramDay
import dev.steadfast.WeightUnit

/** How a session felt. */
val Intensity.label: String
    get() =
        when (this) {
            Intensity.EASY -> "Too easy"
            Intensity.PERFECT -> "As it should be"
            Intensity.HARD -> "Too hard"
        }

/** Which day of the program it is. */
val ProgramDay.label: String get() = "Week $week, day $day"

/** What is measured. */
val MetricKind.label: String
    get() =
        when (this) {
            MetricKind.BODY_MASS -> "Body mass"
            MetricKind.HEIGHT -> "Height"
            MetricKind.BODY_FAT -> "Body fat"
            MetricKind.STEPS -> "Steps"
            MetricKind.HEART_RATE -> "Heart rate"
            MetricKind.MOOD -> "Mood"
            MetricKind.DISTANCE -> "Distance"
            MetricKind.ACTIVE_ENERGY -> "Active energy"
            MetricKind.ACTIVE_DURATION -> "Active time"
            MetricKind.UNKNOWN -> "Of a newer version"
        }

/** True for the parts of a day's activity, which add up to the day; of the others the day's last one counts. */
val MetricKind.addsUp: Boolean
    get() =
        when (this) {
            MetricKind.STEPS, MetricKind.DISTANCE, MetricKind.ACTIVE_ENERGY, MetricKind.ACTIVE_DURATION -> true
            else -> false
        }

/** What stands behind the number; empty if nothing does. */
val MetricUnit.symbol: String get() = words.first

/** The same as a screen reader says it; empty if it says nothing. */
val MetricUnit.spoken: String get() = words.second

/** What a person chooses between. */
val MetricUnit.choice: String get() = symbol.ifEmpty { spoken.ifEmpty { "Number" } }

private val MetricUnit.words: Pair<String, String>
    get() =
        when (this) {
            MetricUnit.KILOGRAM -> "kg" to "kilograms"
            MetricUnit.GRAM -> "g" to "grams"
            MetricUnit.POUND -> "lb" to "pounds"
            MetricUnit.OUNCE -> "oz" to "ounces"
            MetricUnit.STONE -> "st" to "stone"
            MetricUnit.METRE -> "m" to "metres"
            MetricUnit.CENTIMETRE -> "cm" to "centimetres"
            MetricUnit.KILOMETRE -> "km" to "kilometres"
            MetricUnit.INCH -> "in" to "inches"
            MetricUnit.FOOT -> "ft" to "feet"
            MetricUnit.YARD -> "yd" to "yards"
            MetricUnit.MILE -> "mi" to "miles"
            MetricUnit.FRACTION -> "of 1" to "of one"
            MetricUnit.PERCENT -> "%" to "percent"
            MetricUnit.COUNT -> "" to ""
            MetricUnit.BEATS_PER_MINUTE -> "bpm" to "beats per minute"
            MetricUnit.SCORE -> "of 10" to "of ten"
            MetricUnit.JOULE -> "J" to "joules"
            MetricUnit.KILOJOULE -> "kJ" to "kilojoules"
            MetricUnit.KILOCALORIE -> "kcal" to "kilocalories"
            MetricUnit.SECOND -> "s" to "seconds"
            MetricUnit.MINUTE -> "min" to "minutes"
            MetricUnit.HOUR -> "h" to "hours"
            MetricUnit.UNKNOWN -> "" to ""
        }

/** What stands behind the weight. */
val WeightUnit.symbol: String
    get() =
        when (this) {
            WeightUnit.KILOGRAM -> "kg"
            WeightUnit.POUND -> "lb"
        }

/** The same as a screen reader says it. */
val WeightUnit.spoken: String
    get() =
        when (this) {
            WeightUnit.KILOGRAM -> "kilograms"
            WeightUnit.POUND -> "pounds"
        }

/** `1 set`, `3 sets`. */
fun counted(number: Long, one: String, many: String): String = if (number == 1L) "1 $one" else "$number $many"
