package dev.steadfast.conformance

import dev.steadfast.MemoryFolder
import dev.steadfast.processes.QuickJava
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.TestInstance
import org.junit.jupiter.api.Timeout
import java.io.File
import kotlin.test.Test
import kotlin.test.assertNotNull
import kotlin.test.assertTrue

/** The scenarios that Rust and Swift run as well, through the Kotlin API. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScenariosTest {
    private val repository = File(System.getProperty("steadfast.repository")).canonicalFile
    private val folder = repository.resolve("tests/scenarios")
    private val java = QuickJava()

    @AfterAll
    fun close() = java.close()

    @Test
    @Timeout(300)
    fun `every scenario is as it says`() {
        val failures = sortedMapOf<String, String>()
        val files = files(folder)
        for (file in files) failure(file)?.let { failures[file.nameWithoutExtension] = it }
        assertTrue(failures.isEmpty(), failures.entries.joinToString("\n"))
        val passed = repository.resolve("target/conformance/kotlin.txt")
        passed.parentFile.mkdirs()
        passed.writeText(files.joinToString("") { it.nameWithoutExtension + "\n" })
        println("kotlin: scenarios ${files.size}")
    }

    @Test
    @Timeout(300)
    fun `every scenario that is broken on purpose fails for its reason`() {
        for (file in files(folder.resolve("broken"))) {
            val reason = assertNotNull(Scenario.read(file).fails)
            val failure = assertNotNull(failure(file), "${file.name} passed")
            assertTrue(reason in failure, "${file.name}: $failure")
        }
    }

    private fun files(folder: File): List<File> =
        folder
            .listFiles { file -> file.extension == "json" }
            .orEmpty()
            .sortedBy { it.name }
            .also { assertTrue(it.isNotEmpty(), "there are no scenarios in $folder") }

    private fun failure(file: File): String? {
        val work = MemoryFolder.create().toFile()
        return try {
            runBlocking { ScenarioRun(file, work).all(java) }
            null
        } catch (failure: ScenarioFailure) {
            failure.message
        } finally {
            work.deleteRecursively()
        }
    }
}
