package dev.steadfast.demo.format

import dev.steadfast.MetricUnit
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.util.Locale
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

class FormatsTest {
    private val metric = Formats(Locale.UK, ZoneId.of("Europe/Berlin"), Units.METRIC)
    private val imperial = Formats(Locale.US, ZoneId.of("America/New_York"), Units.IMPERIAL)
    private val german = Formats(Locale.GERMANY, ZoneId.of("Europe/Berlin"), Units.METRIC)
    private val morning = Instant.parse("2026-11-21T07:12:00Z")

    @Test
    fun durationsHaveHoursOnlyFromAnHourOn() {
        assertEquals("0:00", metric.duration(0.0).text)
        assertEquals("0:07", metric.duration(7.9).text)
        assertEquals("22:10", metric.duration(1_330.0).text)
        assertEquals("59:59", metric.duration(3_599.999).text)
        assertEquals("1:00:00", metric.duration(3_600.0).text)
        assertEquals("1:02:03", metric.duration(3_723.0).text)
        assertEquals("26:00:00", metric.duration(93_600.0).text)
    }

    @Test
    fun durationsAreSaidInWholeWords() {
        assertEquals("0 seconds", metric.duration(0.0).spoken)
        assertEquals("1 minute 1 second", metric.duration(61.0).spoken)
        assertEquals("1 hour 2 minutes 3 seconds", metric.duration(3_723.0).spoken)
        assertEquals("2 hours", metric.duration(7_200.0).spoken)
    }

    @Test
    fun distancesAreCutToTwoPlacesSoThatNoneIsReachedTooEarly() {
        assertEquals("4.99", metric.distance(4_999.9).text)
        assertEquals("5.00", metric.distance(5_000.0).text)
        assertEquals("10.24", metric.distance(10_240.0).text)
        assertEquals("1,203.40", metric.distance(1_203_400.0).text)
    }

    @Test
    fun everyHundredthOfAKilometreIsWrittenAsItself() {
        (0..10_000).forEach { hundredth ->
            assertEquals("%.2f".format(Locale.UK, hundredth / 100.0), metric.distance(hundredth * 10.0).text.replace(",", ""))
        }
    }

    @Test
    fun distancesFollowTheUnitsAndTheLocale() {
        assertEquals(Figure("6.21", "mi", "6.21 miles"), imperial.distance(10_000.0))
        assertEquals(Figure("3,42", "km", "3,42 kilometres"), german.distance(3_420.0))
        assertEquals("3.42\u00A0km", metric.distance(3_420.0).line)
    }

    @Test
    fun pacesAreMinutesAUnit() {
        assertEquals(Figure("5:12", "/km", "5 minutes 12 seconds per kilometre"), metric.pace(312.4))
        assertEquals(Figure("8:03", "/mi", "8 minutes 3 seconds per mile"), imperial.pace(300.0))
        assertEquals("5:12 /km", metric.pace(312.4).line)
    }

    @Test
    fun aPaceThatIsNotKnownOrNoPaceIsADash() {
        listOf(null, 0.0, 3_600.0, 99_999.0).forEach { assertEquals(Figure("–", "/km", "not known"), metric.pace(it)) }
        assertEquals("59:59", metric.pace(3_599.0).text)
    }

    @Test
    fun speedsAndHeightsFollowTheUnits() {
        assertEquals(Figure("36.0", "km/h", "36.0 kilometres per hour"), metric.speed(10.0))
        assertEquals(Figure("22.4", "mph", "22.4 miles per hour"), imperial.speed(10.0))
        assertEquals(Figure("–", "km/h", "not known"), metric.speed(null))
        assertEquals(Figure("1,204", "m", "1,204 metres"), metric.elevation(1_204.2))
        assertEquals(Figure("328", "ft", "328 feet"), imperial.elevation(100.0))
    }

    @Test
    fun heartRatesAreWholeBeats() {
        assertEquals(Figure("148", "bpm", "148 beats per minute"), metric.heartRate(147.6))
        assertEquals(Figure("–", "bpm", "not known"), metric.heartRate(null))
    }

    @Test
    fun datesAreThoseOfThePlaceWhereItHappened() {
        assertEquals("21 Nov 2026, 08:12", metric.dateTime(morning, utcOffsetS = null))
        assertEquals("21 Nov 2026, 16:12", metric.dateTime(morning, utcOffsetS = 9 * 3_600))
        assertEquals("21.11.2026, 08:12", german.dateTime(morning, utcOffsetS = null))
        assertEquals("Nov 21, 2026, 2:12 AM", imperial.dateTime(morning, utcOffsetS = null).replace('\u202F', ' '))
    }

    @Test
    fun milesAreForThoseWhoReadRoadSignsInMiles() {
        assertEquals(Units.IMPERIAL, Units.of(Locale.US))
        assertEquals(Units.IMPERIAL, Units.of(Locale.UK))
        assertEquals(Units.METRIC, Units.of(Locale.GERMANY))
        assertEquals(Units.METRIC, Units.of(Locale.ROOT))
    }

    @Test
    fun aQuantityIsWrittenAsItWasEnteredAndAComputedOneIsRounded() {
        assertEquals(Figure("177.5", "lb", "177.5 pounds"), metric.quantity(177.5, MetricUnit.POUND))
        assertEquals("80,51\u00A0kg", german.quantity(80.512645675, MetricUnit.KILOGRAM, digits = 2).line)
        assertEquals(Figure("9,204", "", "9,204"), metric.quantity(9_204.0, MetricUnit.COUNT))
    }

    @Test
    fun aDayNearTodayHasAName() {
        val today = LocalDate.of(2026, 11, 21)
        val names = listOf(-2L, -1L, 0L, 1L, 2L).map { metric.day(today.plusDays(it), today) }
        val wanted = listOf("Thursday, 19", "Yesterday, 20", "Today, 21", "Tomorrow, 22", "Monday, 23").map { "$it Nov 2026" }
        assertEquals(wanted, names)
    }

    @Test
    fun anAgeIsInTheLargestUnitThatHasPassedAndNeverBelowZero() {
        val ages =
            listOf(
                -90L,
                0L,
                59L,
                60L,
                3_599L,
                3_600L,
                86_399L,
                86_400L,
                172_800L,
            ).map { metric.age(morning, morning.plusSeconds(it)) }
        val wanted = listOf("just now", "just now", "just now", "1 min ago", "59 min ago", "1 h ago", "23 h ago", "1 day ago", "2 days ago")
        assertEquals(wanted, ages)
    }

    @Test
    fun numbersAreReadWithAPointOrAComma() {
        assertEquals(listOf(80.5, 80.5, -5.0, -5.0), listOf("80.5", " 80,5 ", "-5", "−5").map(::typedNumber))
        listOf("", "abc", "5f", "0x1p3", "NaN", "1.234,5").forEach { assertTrue(typedNumber(it).isNaN(), it) }
        assertEquals(listOf("80", "177.5", "0.1", "1000000"), listOf(80.0, 177.5, 0.1, 1e6).map(::typed))
    }

    @Test
    fun aWholeNumberThatIsNoneIsMoreThanAnythingMayBe() {
        assertEquals(listOf(null, 5uL, ULong.MAX_VALUE, ULong.MAX_VALUE), listOf(" ", "5", "-5", "five").map(::typedCount))
    }
}
