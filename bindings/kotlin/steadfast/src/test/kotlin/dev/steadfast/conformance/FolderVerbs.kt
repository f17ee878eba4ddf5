package dev.steadfast.conformance

import java.io.RandomAccessFile

/** The scenario's own files. */
fun Actor.folderCall(verb: String, arguments: Arguments): Call? {
    if (verb !in setOf("write_file", "append_file", "make_dir", "remove", "files", "read_file")) return null
    val file = file(arguments.text("path"))
    return when (verb) {
        "write_file" -> {
            val copy = arguments.textOrNull("copy")?.let(::file)
            val size = arguments.longOrNull("size")
            val text = arguments.textOrNull("text")
            val write: Call = {
                when {
                    copy != null -> copy.copyTo(file, overwrite = true)
                    size != null -> RandomAccessFile(file, "rw").use { it.setLength(size) }
                    else -> file.writeText(text.orEmpty())
                }
                null
            }
            write
        }
        "append_file" -> arguments.text("text").let { { file.appendText(it) } }
        "make_dir" -> ({ check(file.isDirectory || file.mkdirs()).let { null } })
        "remove" -> ({ check(file.deleteRecursively()).let { null } })
        "files" -> ({ file.list().orEmpty().sorted() })
        else -> ({ file.readText() })
    }
}
