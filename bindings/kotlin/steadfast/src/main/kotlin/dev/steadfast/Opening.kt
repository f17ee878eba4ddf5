package dev.steadfast

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.isActive
import kotlinx.coroutines.withContext

/**
 * Opens the data folder, without a listener: collect [events] instead.
 *
 * If the coroutine is cancelled meanwhile, the store is closed again before this ends, so that the folder can be opened at once.
 *
 * @throws SteadfastException `storage_in_use`, `storage_newer_version`, `storage_corrupt`, `storage_read_only`, `storage_locked`,
 * `storage_full`, `storage_io`; `invalid_argument` for a recovery key that is not 32 bytes. Nothing was changed then.
 */
public suspend fun SteadfastClient.Companion.open(config: Config): SteadfastClient = opened { open(config, null) }

/**
 * As `open`, with a clock that the caller moves: for replays, previews and tests.
 *
 * @throws SteadfastException as `open`.
 */
public suspend fun SteadfastClient.Companion.open(config: Config, clock: ManualClock): SteadfastClient =
    opened { openWithClock(config, null, clock) }

/**
 * Puts the newest backup in the place of a database that cannot be opened, and opens that; otherwise as `open`. The damaged file stays beside
 * it.
 *
 * @throws SteadfastException as `open`; `storage_io` if there is no backup, `storage_corrupt` if the backup is damaged itself.
 */
public suspend fun SteadfastClient.Companion.openFromBackup(config: Config): SteadfastClient = opened { openFromBackup(config, null) }

/**
 * Runs [block] with this client, then shuts it down and closes it, whatever happened: the folder can be opened again at once, even while
 * somebody still holds a [Recorder] of it. A recording that is not saved is an interrupted workout then.
 *
 * The files are closed on [Dispatchers.IO]; that takes milliseconds, and at most seven seconds behind a write that hangs.
 *
 * @throws SteadfastException a storage error of the last write, if [block] itself threw nothing.
 */
public suspend inline fun <T> SteadfastClient.use(block: (SteadfastClient) -> T): T {
    var failure: Throwable? = null
    try {
        return block(this)
    } catch (error: Throwable) {
        failure = error
        throw error
    } finally {
        closeAfter(failure)
    }
}

@PublishedApi
internal suspend fun SteadfastClient.closeAfter(failure: Throwable?) {
    try {
        withContext(NonCancellable + Dispatchers.IO) { close() }
    } catch (error: SteadfastException) {
        if (failure == null) throw error
        failure.addSuppressed(error)
    }
}

private suspend fun opened(open: suspend () -> SteadfastClient): SteadfastClient {
    val context = currentCoroutineContext()
    context.ensureActive()
    val client = withContext(NonCancellable) { open() }
    if (!context.isActive) {
        val cancellation = runCatching { context.ensureActive() }.exceptionOrNull()
        client.closeAfter(cancellation)
        context.ensureActive()
    }
    return client
}
