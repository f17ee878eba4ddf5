package dev.steadfast.conformance

import dev.steadfast.CancelToken

/** The call as apps make it, or with a token that was cancelled before, as the scenario says. */
fun Arguments.cancellable(plain: Call, withToken: suspend (CancelToken) -> Any?): Call =
    if (truth("cancel")) {
        { CancelToken().use { token -> withToken(token.also { it.cancel() }) } }
    } else {
        plain
    }
