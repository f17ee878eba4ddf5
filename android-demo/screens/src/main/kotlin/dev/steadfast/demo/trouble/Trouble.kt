package dev.steadfast.demo.trouble

import dev.steadfast.Severity
import dev.steadfast.SteadfastException

/**
 * An error as a person reads it. The words are the core's.
 *
 * @property summary what happened
 * @property reason why
 * @property suggestion what to do about it
 * @property isRetryable the same may work later, with nothing else changed
 * @property isCritical data may be at risk
 * @property code the stable name of the error, for a support request
 * @property field the argument that breaks a rule, such as `quantity` or `exercises[0].sets[3].reps`; `null` if none does
 */
data class Trouble(
    val summary: String,
    val reason: String,
    val suggestion: String,
    val isRetryable: Boolean,
    val isCritical: Boolean,
    val code: String,
    val field: String? = null,
) {
    companion object {
        fun of(error: SteadfastException): Trouble =
            Trouble(
                summary = error.summary(),
                reason = error.reason(),
                suggestion = error.suggestion(),
                isRetryable = error.retryable(),
                isCritical = error.severity() == Severity.CRITICAL,
                code = error.codeName(),
                field = (error as? SteadfastException.Validation)?.field,
            )
    }
}
