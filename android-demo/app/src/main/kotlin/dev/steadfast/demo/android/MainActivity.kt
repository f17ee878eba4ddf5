package dev.steadfast.demo.android

import android.Manifest.permission.ACCESS_COARSE_LOCATION
import android.Manifest.permission.ACCESS_FINE_LOCATION
import android.Manifest.permission.POST_NOTIFICATIONS
import android.os.Build
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.BackHandler
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.activity.result.contract.ActivityResultContracts
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import dev.steadfast.demo.app.AppModel
import dev.steadfast.demo.app.DemoApp
import dev.steadfast.demo.app.StartupState
import java.io.File
import java.time.ZoneId

/** The one activity. Everything that it shows is held by the application, so that turning the screen loses nothing. */
class MainActivity :
    ComponentActivity(),
    Questions {
    private val demo get() = application as DemoApplication

    /** The export that waits for a place. */
    private var exported: String? = null

    private val location = registerForActivityResult(ActivityResultContracts.RequestMultiplePermissions()) { demo.shell.onLocationAnswer() }
    private val file = registerForActivityResult(ActivityResultContracts.OpenDocument()) { demo.shell.onFileAnswer(it) }
    private val whereTo =
        registerForActivityResult(ActivityResultContracts.CreateDocument("application/octet-stream")) { chosen ->
            val path = exported ?: return@registerForActivityResult
            if (chosen != null) demo.shell.onWhereToAnswer(path, chosen)
        }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        exported = savedInstanceState?.getString(EXPORTED)
        enableEdgeToEdge()
        setContent {
            val state by demo.startup.state.collectAsState()
            (state as? StartupState.Open)?.let { Back(it.model) }
            DemoApp(demo.startup, resources.configuration.locales[0], ZoneId.systemDefault(), onLeave = ::finish)
        }
    }

    override fun onResume() {
        super.onResume()
        demo.shell.questions = this
        demo.shell.onResume()
    }

    override fun onDestroy() {
        if (demo.shell.questions === this) demo.shell.questions = null
        super.onDestroy()
    }

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        outState.putString(EXPORTED, exported)
    }

    /** The notification is asked for together with the location: the recording shows itself in one. */
    override fun askForLocation() {
        val notification = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) arrayOf(POST_NOTIFICATIONS) else emptyArray()
        location.launch(arrayOf(ACCESS_FINE_LOCATION, ACCESS_COARSE_LOCATION) + notification)
    }

    override fun askForFile() = file.launch(arrayOf("*/*"))

    override fun askWhereTo(path: String) {
        exported = path
        runOnUiThread { whereTo.launch(File(path).name) }
    }

    /** Where there is nothing to go back to, Android's own gesture leaves the app. */
    @Composable
    private fun Back(model: AppModel) {
        val canGoBack by model.canGoBack.collectAsState()
        BackHandler(canGoBack) { model.back() }
    }

    private companion object {
        const val EXPORTED = "exported"
    }
}
