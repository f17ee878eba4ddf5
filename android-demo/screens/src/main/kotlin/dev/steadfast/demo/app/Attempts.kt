package dev.steadfast.demo.app

import dev.steadfast.SteadfastException
import dev.steadfast.demo.trouble.Trouble
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch

/**
 * Runs calls of the core for a view model: never on the main thread, as even the short ones may wait for the disk, and an error
 * becomes words on the screen.
 */
class Attempts(private val scope: CoroutineScope, private val dispatcher: CoroutineDispatcher = Dispatchers.IO) {
    /** @param onTrouble told what went wrong; a cancellation is not trouble */
    fun attempt(onTrouble: (Trouble) -> Unit, call: suspend CoroutineScope.() -> Unit): Job =
        scope.launch(dispatcher) {
            try {
                call()
            } catch (error: SteadfastException) {
                onTrouble(Trouble.of(error))
            }
        }
}
