package dev.steadfast.android

import android.content.Intent
import android.os.UserManager
import android.provider.Settings
import dev.steadfast.SteadfastException
import dev.steadfast.StorageCode
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNotSame
import org.junit.Assert.assertNull
import org.junit.Assert.assertSame
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import java.io.File
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.CoroutineContext

class SteadfastAndroidTest : AndroidTest() {
    private val users by lazy { shadowOf(app.getSystemService(UserManager::class.java)) }

    @Test
    fun `whoever opens it gets the one client of the process`() =
        runBlocking {
            val clients = List(8) { CoroutineScope(Dispatchers.Default).async { SteadfastAndroid.open(app) } }.awaitAll()
            assertEquals(1, clients.distinct().size)
            assertSame(clients[0], SteadfastAndroid.client)
        }

    @Test
    fun `the data is where the system's backup does not copy it`() {
        open()
        assertTrue(File(app.noBackupFilesDir, "steadfast/steadfast.db").exists())
    }

    @Test
    fun `it can be opened again after it was closed, whoever closed it`() {
        val first = open()
        runBlocking { SteadfastAndroid.close() }
        assertNull(SteadfastAndroid.client)
        val second = open()
        assertNotSame(first, second)
        second.close()
        assertNull(SteadfastAndroid.client)
        assertNotSame(second, open())
    }

    /** Runs on [Dispatchers.Default], and cancels the coroutine when it is to go on for the [at]th time. */
    private class Cancelling(private val at: Int) : CoroutineDispatcher() {
        private val times = AtomicInteger()

        override fun dispatch(context: CoroutineContext, block: Runnable) {
            if (times.incrementAndGet() == at) context.job.cancel()
            Dispatchers.Default.dispatch(context, block)
        }
    }

    @Test
    fun `an opening that is cancelled, at whichever step, leaves no client behind that nobody has`() =
        runBlocking {
            var cancelled = 0
            for (step in 1..4) {
                val opening = CoroutineScope(Cancelling(step)).async { SteadfastAndroid.open(app) }
                opening.join()
                if (opening.isCancelled) cancelled++
                SteadfastAndroid.open(app)
                SteadfastAndroid.close()
            }
            assertTrue("no step was met", cancelled >= 2)
        }

    @Test
    fun `before the first unlock it says that the device is locked`() {
        users.setUserUnlocked(false)
        val locked = assertThrows(SteadfastException.Storage::class.java) { open() }
        assertEquals(StorageCode.LOCKED, locked.code)
        assertFalse(SteadfastAndroid.dataDir(app).exists())
        users.setUserUnlocked(true)
        open()
    }

    @Test
    fun `it can be opened once the person unlocks the device`() {
        users.setUserUnlocked(false)
        val opening = CoroutineScope(Dispatchers.Default).async { SteadfastAndroid.openWhenUnlocked(app) }
        eventually("it waits") { unlockReceivers() == 1 }
        assertNull(SteadfastAndroid.client)
        users.setUserUnlocked(true)
        app.sendBroadcast(Intent(Intent.ACTION_USER_UNLOCKED))
        eventually("it is open") { opening.isCompleted }
        assertNotNull(runBlocking { opening.await() })
        assertEquals(0, unlockReceivers())
    }

    @Test
    fun `a wait for the unlock that is cancelled leaves nothing behind`() {
        users.setUserUnlocked(false)
        val opening = CoroutineScope(Dispatchers.Default).async { SteadfastAndroid.openWhenUnlocked(app) }
        eventually("it waits") { unlockReceivers() == 1 }
        runBlocking { opening.cancelAndJoin() }
        assertEquals(0, unlockReceivers())
    }

    private fun unlockReceivers() = shadowOf(app).registeredReceivers.count { it.intentFilter.hasAction(Intent.ACTION_USER_UNLOCKED) }

    @Test
    fun `boots are counted by the system`() {
        assertNull(bootCount(app))
        Settings.Global.putInt(app.contentResolver, Settings.Global.BOOT_COUNT, 7)
        assertEquals(7, bootCount(app))
    }
}
