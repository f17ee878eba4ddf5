package dev.steadfast

import java.time.OffsetDateTime
import java.time.ZoneOffset

/** When it started, on the clocks of the place where it started; null if that place's offset is not known. */
public val Activity.startedAtLocal: OffsetDateTime?
    get() = utcOffsetS?.let { startedAt.atOffset(ZoneOffset.ofTotalSeconds(it)) }
