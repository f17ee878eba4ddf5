package dev.steadfast.demo.save

import dev.steadfast.SaveProgress
import dev.steadfast.demo.trouble.Trouble

/** How far a save is. */
sealed interface SaveState {
    /** Nothing is being saved. */
    data object Idle : SaveState

    /**
     * @property progress as the core last said it; `null` before it did
     * @property isCancelling the person wants it to stop; the core decides whether it still can
     */
    data class Saving(val progress: SaveProgress? = null, val isCancelling: Boolean = false) : SaveState

    /** It did not work, and nothing is lost. */
    data class Failed(val trouble: Trouble) : SaveState
}

/** What a person can do while a workout is being saved. */
interface SaveActions {
    fun cancel()

    fun retry()

    fun dismiss()
}
