package dev.steadfast.android

import dev.steadfast.ActivityKind
import dev.steadfast.RecoveryCode
import dev.steadfast.StartOptions
import dev.steadfast.SteadfastException
import dev.steadfast.StorageCode
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File
import java.security.Security

class RecoveryKeyTest : AndroidTest() {
    private val dataDir get() = SteadfastAndroid.dataDir(app)
    private val keyFile get() = File(app.noBackupFilesDir, "steadfast-recovery-key")

    private fun key() = KeystoreRecoveryKey(dataDir).load()

    private fun recordAndDie() {
        recorder().start(StartOptions(ActivityKind.RUNNING))
        killProcess()
    }

    private fun offered() = runBlocking { recorder().recovery() }.single()

    @Test
    fun `the key is the same at every start, and is not in its file`() {
        val key = key()
        assertEquals(32, key.size)
        assertArrayEquals(key, key())
        assertFalse(String(key, Charsets.ISO_8859_1) in keyFile.readText(Charsets.ISO_8859_1))
    }

    @Test
    fun `an interrupted recording is sealed, and read again after a kill`() {
        recordAndDie()
        assertTrue(holdsSealedRecordings(dataDir))
        assertNull(offered().problem)
    }

    @Test
    fun `a key that the Keystore lost is not replaced while sealed recordings are there`() {
        recordAndDie()
        val wrapped = keyFile.readBytes()
        FakeKeystore.held.clear()
        val lost = assertThrows(SteadfastException.Recovery::class.java) { open() }
        assertEquals(RecoveryCode.KEY_MISSING, lost.code)
        assertArrayEquals(wrapped, keyFile.readBytes())
    }

    @Test
    fun `nor one whose file is lost or damaged`() {
        recordAndDie()
        keyFile.writeBytes(keyFile.readBytes().also { it[20] = (it[20] + 1).toByte() })
        assertThrows(SteadfastException.Recovery::class.java) { open() }
        keyFile.delete()
        assertThrows(SteadfastException.Recovery::class.java) { open() }
    }

    @Test
    fun `with a new key, once the app asks for one, the old recording is offered with its problem`() {
        recordAndDie()
        FakeKeystore.held.clear()
        runBlocking { SteadfastAndroid.openWithNewKey(app) }
        assertEquals("recovery_key_wrong", offered().problem)
        recorder().discardRecovered(offered().id)
        killProcess()
        open()
    }

    @Test
    fun `a lost key with which nothing is sealed is replaced`() {
        val before = key()
        FakeKeystore.held.clear()
        assertFalse(before.contentEquals(key()))
    }

    @Test
    fun `recordings that were never sealed do not stand in the way of the first key`() {
        app.steadfastOptions = SteadfastOptions(encryptRecovery = false)
        recordAndDie()
        app.steadfastOptions = SteadfastOptions()
        assertNull(offered().problem)
    }

    @Test
    fun `a Keystore that does not answer is said to be worth another try`() {
        recordAndDie()
        Security.removeProvider(FakeKeystore.name)
        val unavailable = assertThrows(SteadfastException.Storage::class.java) { open() }
        assertEquals(StorageCode.IO, unavailable.code)
        assertTrue(unavailable.retryable())
        Security.addProvider(FakeKeystore)
        assertNull(offered().problem)
    }
}
