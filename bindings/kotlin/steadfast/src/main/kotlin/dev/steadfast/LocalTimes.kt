package dev.steadfast

import java.time.Instant
import java.time.OffsetDateTime
import java.time.ZoneOffset

/** When it started, on the clocks of the place where it started; null if that place's offset is not known. */
public val Activity.startedAtLocal: OffsetDateTime? get() = startedAt.at(utcOffsetS)

/** When it was completed, on the clocks of the place; null if it was not, or if that place's offset is not known. */
public val ProgramSession.completedAtLocal: OffsetDateTime? get() = completedAt?.at(completedUtcOffsetS)

/** When it was measured, on the clocks of the place; null if that place's offset is not known. */
public val ProgressEntry.recordedAtLocal: OffsetDateTime? get() = recordedAt.at(utcOffsetS)

/** When it began, on the clocks of the place; null if that place's offset is not known. */
public val HabitLog.startedAtLocal: OffsetDateTime? get() = startedAt.at(utcOffsetS)

private fun Instant.at(utcOffsetS: Int?): OffsetDateTime? = utcOffsetS?.let { atOffset(ZoneOffset.ofTotalSeconds(it)) }
