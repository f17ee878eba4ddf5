package dev.steadfast.bundle

import com.sun.jna.Platform
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.jar.JarFile
import kotlin.test.Test
import kotlin.test.assertEquals

/** The jar with the native library inside; built and tested with `-Pbundle`. */
@Tag("bundle")
class BundleTest {
    @TempDir
    lateinit var folder: File
    private val bundle = File(System.getProperty("steadfast.bundle"))

    @Test
    fun `the jar alone records and saves in a fresh JVM`() {
        val classPath = System.getProperty("surefire.test.class.path").split(File.pathSeparator).filter { !it.endsWith("/classes") }
        val command =
            listOf(
                File(System.getProperty("java.home"), "bin/java").path,
                // Nowhere to find a library but in the jar, and JNA's own copies in a folder that goes away.
                "-Djna.library.path=",
                "-Djna.nosys=true",
                "-Djna.tmpdir=$folder",
                "-cp",
                (listOf(bundle.path) + classPath).joinToString(File.pathSeparator),
                BundleChild::class.java.name,
                folder.resolve("data").path,
            )
        val process = ProcessBuilder(command).redirectErrorStream(true).start()
        val said = process.inputStream.bufferedReader().readText()
        assertEquals(0, process.waitFor(), said)
        assertEquals("saved 60 by ${bundle.path}", said.trim())
    }

    @Test
    fun `the jar has one library, where JNA looks for it`() {
        JarFile(bundle).use { jar ->
            val libraries = jar.entries().asSequence().map { it.name }.filter { it.endsWith(System.mapLibraryName("steadfast")) }
            assertEquals(listOf("${Platform.RESOURCE_PREFIX}/${System.mapLibraryName("steadfast")}"), libraries.toList())
        }
    }
}
