@file:Suppress("ktlint:standard:no-wildcard-imports")

package dev.steadfast.app

import dev.steadfast.*
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertNotNull

/** An app's file that imports the package with a star. */
class StarImportTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `use is the one that shuts the client down, not the generated one that lets go of a handle`() =
        runBlocking {
            val held = SteadfastClient.open(Config(folder)).use { it.recorder() }
            assertNotNull(SteadfastClient.open(Config(folder)).use { it.activities() })
            held.close()
        }
}
