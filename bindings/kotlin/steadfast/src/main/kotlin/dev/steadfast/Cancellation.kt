package dev.steadfast

import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.withContext

/**
 * Runs a long call of the core so that it is cancelled with its coroutine, and awaits what the core decides.
 *
 * A generated `suspend` function ends at once when its coroutine is cancelled, while the core goes on: the caller of a save would not learn
 * whether it was committed. Here the cancellation is passed on as a token, and the call returns when the core has answered: the value if it
 * was committed, even in a coroutine that is cancelled by now; a `CancellationException` if it was given up; else the core's error.
 */
internal suspend fun <T> cancellable(call: suspend (CancelToken) -> T): T {
    val context = currentCoroutineContext()
    context.ensureActive()
    val cancellation = Cancellation(context[Job])
    try {
        return withContext(NonCancellable) { call(cancellation.token) }
    } catch (error: SteadfastException.Save) {
        if (error.code == SaveCode.CANCELLED) context.ensureActive()
        throw error
    } finally {
        cancellation.end()
    }
}

/** Passes the cancellation of a job on to a token, in the thread that cancels: no dispatcher has to be free for it. */
private class Cancellation(parent: Job?) {
    val token = CancelToken()
    private val child = Job(parent)
    private var isOver = false

    init {
        child.invokeOnCompletion { if (it != null) cancel() }
    }

    // Both under the lock: a closed token must not be cancelled.
    @Synchronized
    private fun cancel() {
        if (!isOver) token.cancel()
    }

    @Synchronized
    fun end() {
        isOver = true
        token.close()
        child.complete()
    }
}
