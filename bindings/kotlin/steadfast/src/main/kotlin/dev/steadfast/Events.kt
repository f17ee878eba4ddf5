package dev.steadfast

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel.Factory.RENDEZVOUS
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn

/**
 * What the core tells the app without being asked, in order, from the moment of collecting on.
 *
 * Any number of collectors, each with a queue of its own. A slow one delays nobody: while it is busy, a newer status takes the place of the
 * waiting older one of the same thing. Completes when the client is shut down, and at once if it is already. Collecting keeps no store open.
 */
public val SteadfastClient.events: Flow<Event>
    get() =
        flow {
            // Before the first suspension: what happens after an undispatched `launch` is not missed.
            val subscription = unlessClosed { subscribe() } ?: return@flow
            subscription.use { emitAll(pulled { it.next() }.buffer(RENDEZVOUS)) }
        }

/** What [call] gives; null if the client was closed. */
private inline fun <T> SteadfastClient.unlessClosed(call: () -> T): T? =
    try {
        call()
    } catch (error: IllegalStateException) {
        if (!uniffiIsDestroyed) throw error
        null
    }

/**
 * What [next] gives until it gives null. Taken on another thread than the collector's: the core wakes all that wait on one thread of its own,
 * and a collector on `Dispatchers.Unconfined` would be resumed there, and hold up the others for as long as it collects.
 */
internal fun <T : Any> pulled(next: suspend () -> T?): Flow<T> =
    flow {
        while (true) emit(next() ?: break)
    }.flowOn(Dispatchers.Default)
