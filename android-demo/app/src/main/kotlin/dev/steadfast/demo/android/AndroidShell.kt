package dev.steadfast.demo.android

import android.Manifest.permission.ACCESS_COARSE_LOCATION
import android.Manifest.permission.ACCESS_FINE_LOCATION
import android.content.Context
import android.content.pm.PackageManager.PERMISSION_GRANTED
import android.net.Uri
import android.widget.Toast
import dev.steadfast.android.RecordingService
import dev.steadfast.android.RecordingTexts
import dev.steadfast.demo.app.Shell
import dev.steadfast.demo.record.LocationAccess
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.io.File
import java.io.IOException

/**
 * What the view models ask of Android. The questions themselves are put by the activity that is on the screen, which may be another one by
 * the time of the answer.
 */
class AndroidShell(private val context: Context, private val scope: CoroutineScope) : Shell {
    private val access = MutableStateFlow(currentAccess())
    private var permissionAnswer = CompletableDeferred<Unit>()
    private var fileAnswer = CompletableDeferred<Uri?>()

    /** The activity on the screen; `null` while there is none. */
    var questions: Questions? = null

    override val locationAccess: StateFlow<LocationAccess> = access

    override val hindrance: StateFlow<String?> =
        RecordingService.problem
            .map { problem -> problem?.let(RecordingTexts().problem) }
            .stateIn(scope, SharingStarted.Eagerly, null)

    override suspend fun requestLocation() =
        withContext(Dispatchers.Main) {
            val asked = questions ?: return@withContext
            permissionAnswer = CompletableDeferred()
            asked.askForLocation()
            permissionAnswer.await()
        }

    /** Copied to a file of the app: the core reads paths, and the document may be in a cloud. */
    override suspend fun pickFile(): String? =
        withContext(Dispatchers.Main) {
            val asked = questions ?: return@withContext null
            fileAnswer = CompletableDeferred()
            asked.askForFile()
            fileAnswer.await()?.let { copy(it) }
        }

    override fun exportPath(name: String): String = File(exports(), name).path

    /** Asks where the file shall be: the app needs no provider of its own for that. */
    override fun share(path: String) {
        questions?.askWhereTo(path)
    }

    /** The person may have changed their mind in the settings. */
    fun onResume() {
        access.value = currentAccess()
    }

    fun onLocationAnswer() {
        access.value = currentAccess()
        permissionAnswer.complete(Unit)
    }

    fun onFileAnswer(chosen: Uri?) {
        fileAnswer.complete(chosen)
    }

    /** Writes what was exported to where the person wants it. */
    fun onWhereToAnswer(path: String, chosen: Uri) {
        scope.launch {
            val isWritten = withContext(Dispatchers.IO) { write(File(path), chosen) }
            if (!isWritten) Toast.makeText(context, "The file could not be written there", Toast.LENGTH_LONG).show()
        }
    }

    private fun write(file: File, chosen: Uri): Boolean =
        try {
            val output = context.contentResolver.openOutputStream(chosen, "wt")
            output?.use { file.inputStream().use { input -> input.copyTo(it) } }
            output != null && file.delete()
        } catch (_: IOException) {
            false
        }

    /** If it cannot be read there is no copy, and the core says so: `file_not_found`. */
    private suspend fun copy(document: Uri): String =
        withContext(Dispatchers.IO) {
            val copy = File(context.cacheDir, "import")
            try {
                copy.delete()
                context.contentResolver.openInputStream(document)?.use { input -> copy.outputStream().use { input.copyTo(it) } }
            } catch (_: IOException) {
                copy.delete()
            }
            copy.path
        }

    private fun exports() = File(context.cacheDir, "exports").apply { mkdirs() }

    private fun currentAccess(): LocationAccess =
        when {
            isGranted(ACCESS_FINE_LOCATION) -> LocationAccess.GRANTED
            isGranted(ACCESS_COARSE_LOCATION) -> LocationAccess.APPROXIMATE
            else -> LocationAccess.DENIED
        }

    private fun isGranted(permission: String) = context.checkSelfPermission(permission) == PERMISSION_GRANTED
}

/** What an activity asks the person for; the answers go to the shell. */
interface Questions {
    fun askForLocation()

    fun askForFile()

    fun askWhereTo(path: String)
}
