package dev.steadfast.android

import android.content.Context
import android.os.UserManager
import android.provider.Settings
import dev.steadfast.Config
import dev.steadfast.SteadfastClient
import dev.steadfast.SteadfastException
import dev.steadfast.StorageCode
import dev.steadfast.open
import dev.steadfast.setLogLevel
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import java.io.File

/**
 * The one client of the process, shared by the screens, the recording service and the jobs.
 *
 * The data is in `noBackupFilesDir/steadfast`: out of the system's backup, which would copy a database that is being written, and never purged.
 * Nothing has to be done when the app leaves the screen: Android does not kill an app for holding a database open.
 */
public object SteadfastAndroid {
    private val opening = Mutex()

    @Volatile
    private var held: SteadfastClient? = null

    /** The client if it is open. For code that cannot wait, such as `onStartCommand`. */
    public val client: SteadfastClient?
        get() = held?.takeUnless { it.uniffiIsDestroyed }

    /**
     * Opens the client, or gives the one that is open.
     *
     * @throws SteadfastException `storage_locked` before the first unlock after a boot, see [openWhenUnlocked]; `recovery_key_missing` if the
     * Keystore has lost the key of recordings that are still there, see [openWithNewKey]; otherwise as `SteadfastClient.open`.
     */
    public suspend fun open(context: Context): SteadfastClient = open(context.applicationContext) { load() }

    /**
     * As [open], and waits for the person to unlock the device once, where that has not happened since the boot.
     *
     * @throws SteadfastException as [open], but for `storage_locked`.
     */
    public suspend fun openWhenUnlocked(context: Context): SteadfastClient {
        while (true) {
            try {
                return open(context)
            } catch (error: SteadfastException.Storage) {
                if (error.code != StorageCode.LOCKED || isUnlocked(context)) throw error
            }
            awaitUnlock(context.applicationContext)
        }
    }

    /**
     * As [open] after `recovery_key_missing`, when the person has been told: with a new key. The recordings of the lost one stay where they
     * are, are offered with the problem `recovery_key_wrong`, and can be discarded.
     *
     * @throws SteadfastException as [open].
     */
    public suspend fun openWithNewKey(context: Context): SteadfastClient = open(context.applicationContext) { replace() }

    /**
     * Closes the client and every file; the recording service ends, and what was being recorded is an interrupted workout. Apps do not need it.
     *
     * @throws SteadfastException a storage error of the last write.
     */
    public suspend fun close(): Unit =
        opening.withLock {
            withContext(NonCancellable + Dispatchers.IO) { held.also { held = null }?.close() }
        }

    /** Where everything is kept. */
    public fun dataDir(context: Context): File = File(context.noBackupFilesDir, "steadfast")

    private suspend fun open(context: Context, key: KeystoreRecoveryKey.() -> ByteArray): SteadfastClient =
        opening.withLock {
            client ?: withContext(Dispatchers.IO) {
                if (!isUnlocked(context)) throw locked(context)
                setLogLevel(context.steadfastOptions.logLevel)
                // Held before the next suspension: whoever is cancelled there must not leave an open client that nobody has.
                SteadfastClient.open(config(context, key)).also { held = it }
            }.also { BackgroundJob.scheduleUpkeep(context) }
        }

    private fun config(context: Context, key: KeystoreRecoveryKey.() -> ByteArray): Config {
        val options = context.steadfastOptions
        val dataDir = dataDir(context)
        return Config(
            dataDir = dataDir,
            recoveryKey = if (options.encryptRecovery) KeystoreRecoveryKey(dataDir).key() else null,
            autosaveInterval = options.autosaveInterval,
            bootId = bootCount(context)?.let { "android-boot-$it" },
        )
    }

    private fun locked(context: Context) =
        SteadfastException.Storage(StorageCode.LOCKED, dataDir(context).path, "not unlocked since the boot")
}

/** How often the device has booted; null where the maker left it out. `/proc/sys/kernel/random/boot_id` is closed to apps. */
internal fun bootCount(context: Context): Int? =
    try {
        Settings.Global.getInt(context.contentResolver, Settings.Global.BOOT_COUNT)
    } catch (_: Settings.SettingNotFoundException) {
        null
    }

internal fun isUnlocked(context: Context): Boolean = context.getSystemService(UserManager::class.java)?.isUserUnlocked ?: true
