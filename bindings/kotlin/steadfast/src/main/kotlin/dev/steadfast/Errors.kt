package dev.steadfast

/** The code's stable name, the same in every language: `storage_full`, `too_few_samples`. */
public val SteadfastException.codeName: String get() = codeName()

/** `validation`, `save`, `storage`, `recovery` or `transaction`. */
public val SteadfastException.category: String get() = category()

/** How grave it is. */
public val SteadfastException.severity: Severity get() = severity()

/** True if the same call may succeed later without anything else being changed. */
public val SteadfastException.isRetryable: Boolean get() = retryable()

/** What happened, in a few words for a person. */
public val SteadfastException.summary: String get() = summary()

/** Why it happened, in a sentence for a person. */
public val SteadfastException.reason: String get() = reason()

/** What the person can do about it. */
public val SteadfastException.suggestion: String get() = suggestion()
