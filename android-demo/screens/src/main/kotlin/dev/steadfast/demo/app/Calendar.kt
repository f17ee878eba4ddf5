package dev.steadfast.demo.app

import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId

/**
 * What time it is, and where.
 *
 * @property zone the person's
 */
class Calendar(val zone: ZoneId, private val clock: () -> Instant) {
    fun now(): Instant = clock()

    fun today(): LocalDate = now().atZone(zone).toLocalDate()

    /** The moment of [date] at which the person's clocks show what they show now. */
    fun nowOn(date: LocalDate): Instant = now().atZone(zone).with(date).toInstant()

    /** Local time's offset from UTC in seconds at [instant]. */
    fun offsetS(instant: Instant): Int = zone.rules.getOffset(instant).totalSeconds
}
