package dev.steadfast.android

import java.io.File
import java.io.IOException

/**
 * True if a file of an unfinished workout or an emergency backup was sealed with a recovery key: its first line, the header, names the key's
 * check (docs/formats/recovery.md). What cannot be read counts as sealed.
 */
internal fun holdsSealedRecordings(dataDir: File): Boolean =
    listOf("recovery", "backups")
        .flatMap { File(dataDir, it).listFiles().orEmpty().toList() }
        .flatMap { it.listFiles().orEmpty().toList() }
        .any { isSealed(it) }

private fun isSealed(file: File): Boolean =
    try {
        file.bufferedReader(Charsets.ISO_8859_1).use { "\"key_check\":" in header(it) }
    } catch (_: IOException) {
        true
    }

/** No header is longer; a damaged file may have no end of line at all. */
private const val MAX_HEADER_BYTES = 64 * 1024

private fun header(file: java.io.Reader): String {
    val header = StringBuilder()
    while (header.length < MAX_HEADER_BYTES) {
        val next = file.read()
        if (next == -1 || next == '\n'.code) break
        header.append(next.toChar())
    }
    return header.toString()
}
