package dev.steadfast.demo.app

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.font.FontFamily
import dev.steadfast.demo.format.Formats
import dev.steadfast.demo.format.Units
import dev.steadfast.demo.theme.SteadfastTheme
import dev.steadfast.demo.theme.Theme
import dev.steadfast.demo.trouble.Trouble
import dev.steadfast.demo.trouble.TroubleScreen
import dev.steadfast.demo.trouble.WayOut
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import java.time.ZoneId
import java.util.Locale

/** Where the app is on its way to an open store. */
sealed interface StartupState {
    data object Opening : StartupState

    /**
     * The store could not be opened: it is in use, full, or of a newer version. Nothing was changed.
     *
     * @property canGiveUpKey the device has lost the key of unfinished workouts; with a new one everything else can be opened
     */
    data class Failed(val trouble: Trouble, val canGiveUpKey: Boolean) : StartupState

    data class Open(val model: AppModel) : StartupState
}

/**
 * Opens the store, and again if that failed.
 *
 * @param openWithNewKey opens it without what the lost key sealed; `null` where recordings are not sealed
 */
class Startup(
    private val attempts: Attempts,
    private val openWithNewKey: (suspend () -> AppModel)? = null,
    private val open: suspend () -> AppModel,
) {
    private val states = MutableStateFlow<StartupState>(StartupState.Opening)

    val state: StateFlow<StartupState> = states.asStateFlow()

    init {
        retry()
    }

    fun retry() = open(open)

    fun giveUpKey() {
        openWithNewKey?.let(::open)
    }

    private fun open(how: suspend () -> AppModel) {
        states.value = StartupState.Opening
        attempts.attempt({ states.value = StartupState.Failed(it, it.code == KEY_MISSING && openWithNewKey != null) }) {
            states.value = StartupState.Open(how())
        }
    }

    private companion object {
        const val KEY_MISSING = "recovery_key_missing"
    }
}

/**
 * What the platform puts on its screen.
 *
 * @param onLeave the person went back from the first screen
 */
@Composable
fun DemoApp(startup: Startup, locale: Locale, zone: ZoneId, onLeave: () -> Unit, fontFamily: FontFamily = FontFamily.Default) {
    val state by startup.state.collectAsState()
    val open = state as? StartupState.Open
    val units = open?.model?.units?.collectAsState()?.value ?: Units.of(locale)
    SteadfastTheme(remember(locale, zone, units) { Formats(locale, zone, units) }, fontFamily = fontFamily) {
        when (val now = state) {
            is StartupState.Open -> SteadfastApp(now.model)
            StartupState.Opening ->
                AppFrame(null, {}) {
                    Box(Modifier.fillMaxSize(), Alignment.Center) {
                        CircularProgressIndicator(Modifier.semantics { contentDescription = "Opening" }, color = Theme.palette.accent)
                    }
                }
            is StartupState.Failed ->
                AppFrame(null, {}) {
                    val wayOut = WayOut("Go on without these workouts", startup::giveUpKey).takeIf { now.canGiveUpKey }
                    TroubleScreen(now.trouble, startup::retry, onLeave, wayOut = wayOut)
                }
        }
    }
}
