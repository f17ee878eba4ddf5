package dev.steadfast

import java.time.DateTimeException
import java.time.LocalDate

/**
 * The day in `java.time`.
 *
 * @throws DateTimeException for a day that the calendar does not have, which only an app can make up.
 */
public fun CivilDate.toLocalDate(): LocalDate = LocalDate.of(year.toInt(), month.toInt(), day.toInt())

/**
 * The day as the core takes it.
 *
 * @throws IllegalArgumentException before the year 1 or after the year 9999.
 */
public fun LocalDate.toCivilDate(): CivilDate {
    require(year in 1..9999) { "$this is not between the years 1 and 9999" }
    return CivilDate(year.toUShort(), monthValue.toUByte(), dayOfMonth.toUByte())
}
