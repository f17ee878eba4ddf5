package dev.steadfast.demo.format

import java.math.BigDecimal

/**
 * What a person typed as a number, with a point or a comma. What is no number is `NaN`: the core refuses that, in its own words, and
 * the field keeps the text.
 */
fun typedNumber(text: String): Double {
    val plain = text.trim().replace(',', '.').replace('−', '-')
    // Java also reads `5f`, `0x1p3` and `NaN`.
    return plain.takeUnless { typed -> typed.any(Char::isLetter) }?.toDoubleOrNull() ?: Double.NaN
}

/**
 * What a person typed as a whole number; `null` for an empty field. There is no whole number that is none, so what cannot be read is
 * the largest of all, which the core refuses in its own words.
 */
fun typedCount(text: String): ULong? = if (text.isBlank()) null else text.trim().toULongOrNull() ?: ULong.MAX_VALUE

/** The number as a person would type it: `80`, `177.5`. */
fun typed(value: Double): String = BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
