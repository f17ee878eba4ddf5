package dev.steadfast

import org.junit.jupiter.api.extension.AnnotatedElementContext
import org.junit.jupiter.api.extension.ExtensionContext
import org.junit.jupiter.api.io.TempDirFactory
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.isWritable

/** Makes the tests' folders in memory, where the system has such a place. */
class MemoryFolder : TempDirFactory {
    override fun createTempDirectory(elementContext: AnnotatedElementContext, extensionContext: ExtensionContext): Path = create()

    companion object {
        private val memory = Path.of("/dev/shm")

        fun create(): Path =
            if (memory.isWritable()) {
                Files.createTempDirectory(memory, "steadfast-")
            } else {
                Files.createTempDirectory("steadfast-")
            }
    }
}
