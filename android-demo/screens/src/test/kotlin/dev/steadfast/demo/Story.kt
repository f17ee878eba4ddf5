package dev.steadfast.demo

import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasScrollToIndexAction
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.performTextReplacement
import androidx.compose.ui.test.performTouchInput
import androidx.compose.ui.test.swipeUp
import androidx.compose.ui.test.v2.runComposeUiTest
import dev.steadfast.Config
import dev.steadfast.LocationSample
import dev.steadfast.ManualClock
import dev.steadfast.SteadfastClient
import dev.steadfast.demo.app.AppModel
import dev.steadfast.demo.app.Attempts
import dev.steadfast.demo.app.DemoApp
import dev.steadfast.demo.app.Shell
import dev.steadfast.demo.app.Startup
import dev.steadfast.demo.format.Units
import dev.steadfast.demo.location.ForegroundTracker
import dev.steadfast.demo.location.LocationSource
import dev.steadfast.demo.location.MadeUpTown
import dev.steadfast.demo.location.ReplayLocationSource
import dev.steadfast.demo.record.LocationAccess
import dev.steadfast.open
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.transform
import java.io.File
import java.nio.file.Files
import java.time.Instant
import java.time.ZoneId
import java.util.Locale
import kotlin.time.Duration.Companion.seconds

/** Runs a story: a person at the whole app, over the real library, with fixes from the made-up town. */
@OptIn(ExperimentalTestApi::class)
fun story(tell: Story.() -> Unit) {
    val folder = Files.createTempDirectory("steadfast-demo").toFile()
    try {
        runComposeUiTest(testTimeout = 60.seconds) { Story(this, folder).use(tell) }
    } finally {
        folder.deleteRecursively()
    }
}

/**
 * What a folder holds at one moment. The app whose folder it is still runs, and its autosave may write while the files are copied one
 * after the other: no SIGKILL leaves such a mixture, so a copy during which anything changed is made again.
 */
private fun copyAtRest(folder: File, copy: File) {
    fun state() = folder.walk().filter { it.isFile }.associate { it.path to (it.length() to it.lastModified()) }
    repeat(COPIES) {
        copy.deleteRecursively()
        val before = state()
        val whole = runCatching { folder.copyRecursively(copy) }.isSuccess
        if (whole && state() == before) return
        Thread.sleep(20)
    }
    error("$folder never came to rest")
}

/** Five seconds of trying. */
private const val COPIES = 250

@OptIn(ExperimentalTestApi::class)
class Story(private val ui: ComposeUiTest, private val folder: File) {
    private var life by mutableStateOf(Life(File(folder, "data"), MORNING))

    val client: SteadfastClient get() = checkNotNull(life.client)
    val clock: ManualClock get() = life.clock
    val model: AppModel get() = checkNotNull(life.model)
    val shell: TestShell get() = life.shell
    val dataDir: File get() = life.dataDir

    fun use(tell: Story.() -> Unit) {
        ui.setContent { key(life) { Phone().Show { DemoApp(life.startup, Locale.UK, ZoneId.of("Europe/Berlin"), onLeave = {}) } } }
        waits("the store to open") { life.model != null }
        try {
            tell()
        } finally {
            life.end()
        }
    }

    /**
     * The process is killed, and the app is opened again after [away]: what a SIGKILL leaves behind is what lies in the folder now.
     *
     * @param damage what else happens to the files meanwhile
     */
    fun killed(away: kotlin.time.Duration = 60.seconds, damage: (File) -> Unit = {}) {
        val left = File(folder, "after-${life.dataDir.name}")
        copyAtRest(life.dataDir, left)
        damage(left)
        val before = life
        life = Life(left, before.clock.time().plusMillis(away.inWholeMilliseconds))
        before.end()
        waits("the store to open") { life.model != null }
    }

    fun sees(text: String, timeoutMs: Long = 10_000) =
        waits("“$text” on the screen", timeoutMs) {
            isThere(hasText(text, substring = true)) ||
                isThere(hasContentDescription(text, substring = true))
        }

    fun seesNot(text: String) =
        waits("“$text” gone", 10_000) {
            !isThere(hasText(text, substring = true)) &&
                !isThere(hasContentDescription(text, substring = true))
        }

    fun presses(label: String) {
        val button = (hasText(label) or hasContentDescription(label)) and hasClickAction()
        waits("“$label” to press", 10_000) { isThere(button) }
        val node = ui.onAllNodes(button).onFirst()
        runCatching { node.performScrollTo() }
        node.performClick()
        ui.waitForIdle()
    }

    /** In a dialog that asks again, the same word stands on the button. */
    fun confirms(label: String) {
        val button = hasText(label) and hasClickAction()
        waits("“$label” to confirm", 10_000) { isThere(button) }
        val nodes = ui.onAllNodes(button)
        nodes[nodes.fetchSemanticsNodes().lastIndex].performClick()
        ui.waitForIdle()
    }

    fun types(field: String, text: String) {
        val typed = (hasText(field) or hasContentDescription(field)) and hasSetTextAction()
        waits("the field “$field”") { isThere(typed) }
        ui.onAllNodes(typed).onFirst().performTextInput(text)
    }

    /** @param before what stands in the field, or its name */
    fun retypes(before: String, text: String) {
        val typed = (hasText(before) or hasContentDescription(before)) and hasSetTextAction()
        waits("the field “$before”") { isThere(typed) }
        ui.onAllNodes(typed).onFirst().performTextReplacement(text)
    }

    /** Fixes come until the workout is [metres] long, and stop there. */
    fun runs(metres: Double) {
        life.goal.value = metres
        waits("$metres m run", 30_000) { (client.recorder().live()?.distanceM ?: 0.0) >= metres }
    }

    fun waits(what: String, timeoutMs: Long = 10_000, until: () -> Boolean) =
        try {
            ui.waitUntil(what, timeoutMs) { until() }
        } catch (error: Throwable) {
            throw AssertionError("waited for $what; on the screen: ${screenText()}", error)
        }

    /** The whole label of what can be pressed and begins with [start]. */
    fun labelStarting(start: String): String {
        val button = SemanticsMatcher("starts with $start") { node -> words(node).any { it.startsWith(start) } } and hasClickAction()
        waits("“$start…” to press") { isThere(button) }
        return words(ui.onAllNodes(button).onFirst().fetchSemanticsNode()).first { it.startsWith(start) }
    }

    /** Scrolls the list down until something that begins with [start] is on the screen. */
    fun scrollsTo(start: String) =
        waits("“$start” in the list") {
            ui.onAllNodes(hasScrollToIndexAction()).onFirst().performTouchInput { swipeUp() }
            isThere(SemanticsMatcher("starts with $start") { node -> words(node).any { it.startsWith("$start,") } })
        }

    fun goesBack(): Boolean = model.back().also { ui.waitForIdle() }

    fun screenText(): List<String> =
        ui
            .onAllNodes(
                SemanticsMatcher("any") {
                    true
                },
                useUnmergedTree = true,
            ).fetchSemanticsNodes(atLeastOneRootRequired = false)
            .flatMap { words(it) }

    private fun isThere(matcher: SemanticsMatcher) = ui.onAllNodes(matcher).fetchSemanticsNodes(atLeastOneRootRequired = false).isNotEmpty()

    private companion object {
        val MORNING: Instant = Instant.parse("2026-11-21T07:12:00Z")
    }
}

/** One life of the app's process. */
class Life(val dataDir: File, now: Instant) {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    val clock = ManualClock(now)
    val shell = TestShell(dataDir.parentFile)

    /** How long the workout becomes by itself, in metres. */
    val goal = MutableStateFlow(0.0)

    @Volatile
    var client: SteadfastClient? = null

    @Volatile
    var model: AppModel? = null

    val startup =
        Startup(Attempts(scope)) {
            val opened = SteadfastClient.open(Config(dataDir.path), clock)
            client = opened
            val run = MadeUpTown.run(now)
            val replay = ReplayLocationSource(run, MadeUpTown.heartRatesBpm(run), SPEED, clock)
            val tracker = ForegroundTracker(opened.recorder(), UpTo(goal, replay) { opened.recorder().live()?.distanceM ?: 0.0 }, scope)
            AppModel(opened, tracker, shell, ZoneId.of("Europe/Berlin"), Units.METRIC, scope, now = clock::time).also { model = it }
        }

    fun end() {
        scope.cancel()
        client?.close()
    }

    private companion object {
        const val SPEED = 6_000.0
    }
}

/** The fixes of [source], which stand still, and the clock with them, while the workout is as long as its goal. */
private class UpTo(private val goalM: StateFlow<Double>, source: LocationSource, private val distanceM: () -> Double) : LocationSource {
    override val readings = source.readings

    override val samples: Flow<List<LocationSample>> =
        source.samples.transform { fixes ->
            emit(fixes)
            goalM.first { distanceM() < it }
        }
}

/** A platform whose person chooses [chosen]. */
class TestShell(private val folder: File) : Shell {
    override val locationAccess = MutableStateFlow(LocationAccess.GRANTED)
    override val hindrance = MutableStateFlow<String?>(null)
    var chosen: String? = null

    @Volatile
    var asked = 0
    val shared = mutableListOf<String>()

    override suspend fun requestLocation() {
        asked += 1
        locationAccess.value = LocationAccess.GRANTED
    }

    override suspend fun pickFile(): String? = chosen

    override fun exportPath(name: String): String = File(folder, name).path

    override fun share(path: String) {
        shared += path
    }
}
