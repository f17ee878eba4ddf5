package dev.steadfast.demo.recovery

import dev.steadfast.SteadfastClient
import dev.steadfast.SteadfastException
import dev.steadfast.demo.app.Attempts
import dev.steadfast.demo.location.Tracker
import dev.steadfast.demo.trouble.Trouble
import dev.steadfast.raiseError
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import java.util.UUID

/**
 * Offers what a crash left behind.
 *
 * @param onSave takes an interrupted workout to be saved
 */
class RecoveryViewModel(
    client: SteadfastClient,
    private val tracker: Tracker,
    private val attempts: Attempts,
    private val onSave: (UUID) -> Unit,
) : RecoveryActions {
    private val recorder = client.recorder()
    private val states = MutableStateFlow(RecoveryState())

    val state: StateFlow<RecoveryState> = states.asStateFlow()

    /** Looks what there is; once the app is open, and after every change. */
    fun look() = act { reload() }

    override fun resume(id: UUID) =
        act {
            recorder.resumeRecovered(id)
            tracker.track()
            // One goes on, and the others can wait until it is done.
            states.update { it.copy(isPutOff = true) }
            reload()
        }

    override fun save(id: UUID) = onSave(id)

    override fun discard(id: UUID) =
        act {
            recorder.discardRecovered(id)
            reload()
        }

    override fun putOff() = states.update { it.copy(isPutOff = true) }

    override fun askAgain() = states.update { it.copy(isPutOff = false) }

    override fun dismissTrouble() = states.update { it.copy(trouble = null) }

    private suspend fun reload() {
        val unfinished = recorder.recovery().map { Unfinished(it, it.problem?.let(::inWords)) }
        states.update { it.copy(unfinished = unfinished) }
    }

    private fun act(call: suspend () -> Unit) {
        attempts.attempt({ trouble -> states.update { it.copy(trouble = trouble) } }) { call() }
    }
}

/** The core's words for an error that it named by its code. */
internal fun inWords(code: String): Trouble =
    try {
        raiseError(code)
        error("$code is no error")
    } catch (error: SteadfastException) {
        Trouble.of(error)
    }
