package dev.steadfast.processes

import com.sun.jna.Native
import com.sun.jna.Platform
import dev.steadfast.MemoryFolder
import java.io.File
import java.util.jar.JarOutputStream
import java.util.zip.ZipEntry

/**
 * Starts JVMs with these tests' classes as quickly as they go: 0.28 s of processor time each until a run was recorded and saved; 0.55 s without the
 * archive of loaded classes.
 */
class QuickJava : AutoCloseable {
    private val folder = MemoryFolder.create().toFile()

    /** Where the children's stderr goes. */
    val scratch: File = folder.resolve("scratch").apply { mkdir() }
    private val archive = folder.resolve("classes.jsa")
    private val classPath = classPath()

    init {
        val dispatch = "libjnidispatch.${System.mapLibraryName("x").substringAfterLast('.')}"
        val resource = checkNotNull(Native::class.java.getResourceAsStream("/com/sun/jna/${Platform.RESOURCE_PREFIX}/$dispatch"))
        resource.use { from -> folder.resolve(dispatch).outputStream().use(from::copyTo) }
    }

    /** Runs [main] once to its end, and keeps the classes that it loaded for the children after it. */
    fun warmUp(main: Class<*>, arguments: List<String>) {
        val log = scratch.resolve("warm-up.txt")
        val command = command(main, arguments, "-XX:ArchiveClassesAtExit=$archive")
        val process = ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start()
        check(process.waitFor() == 0) { log.readText() }
    }

    /** The command that runs [main]. */
    fun command(main: Class<*>, arguments: List<String>): List<String> = command(main, arguments, "-XX:SharedArchiveFile=$archive")

    private fun command(main: Class<*>, arguments: List<String>, option: String) =
        listOf(
            File(System.getProperty("java.home"), "bin/java").path,
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            option,
            // JNA would unpack its own library for every process, and a killed one leaves it behind.
            "-Djna.boot.library.path=$folder",
            "-Djna.nounpack=true",
            "-Djna.library.path=${System.getProperty("jna.library.path")}",
            "-cp",
            classPath,
            main.name,
        ) + arguments

    /** Surefire's own class path is a jar that names the others; and only classes in jars can be archived. */
    private fun classPath(): String {
        val whole = System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")
        val (folders, jars) = whole.split(File.pathSeparator).filter { it.isNotEmpty() }.partition { File(it).isDirectory }
        val own = folder.resolve("own.jar")
        JarOutputStream(own.outputStream()).use { jar ->
            val files = folders.map(::File).flatMap { root -> root.walk().filter { it.isFile }.map { it.relativeTo(root).path to it } }
            for ((name, file) in files.distinctBy { it.first }) {
                jar.putNextEntry(ZipEntry(name))
                file.inputStream().use { it.copyTo(jar) }
            }
        }
        return (listOf(own.path) + jars).joinToString(File.pathSeparator)
    }

    override fun close() {
        folder.deleteRecursively()
    }
}
