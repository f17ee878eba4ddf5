package dev.steadfast.demo.app

import dev.steadfast.demo.trouble.Trouble
import kotlinx.coroutines.Job
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** The reads of one list: one after the other, each from the state that the one before left. */
class Reads(private val attempts: Attempts) {
    private val reading = Mutex()

    fun read(onTrouble: (Trouble) -> Unit, call: suspend () -> Unit): Job = attempts.attempt(onTrouble) { reading.withLock { call() } }
}
