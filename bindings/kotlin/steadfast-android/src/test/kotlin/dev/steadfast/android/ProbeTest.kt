package dev.steadfast.android

import dev.steadfast.*
import kotlinx.coroutines.runBlocking
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import java.security.KeyStore
import org.junit.Assert.assertEquals

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], manifest = Config.NONE)
class ProbeTest {
    @Test fun opens() = runBlocking {
        val c = RuntimeEnvironment.getApplication()
        SteadfastClient.open(Config(c.noBackupFilesDir)).use { client ->
            client.recorder().start(StartOptions(ActivityKind.RUNNING))
            println("live " + client.recorder().live())
        }
        println(runCatching { KeyStore.getInstance("AndroidKeyStore") })
        println(System.getProperty("java.vm.name"))
        assertEquals(1, 1)
    }
}
