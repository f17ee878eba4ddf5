package dev.steadfast.demo

import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.v2.runSkikoComposeUiTest
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.DpSize
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** Every screen can be read with large text and with a screen reader, and pressed with a thumb. */
@OptIn(ExperimentalTestApi::class)
class ReadabilityTest {
    @Test
    fun textIsNeitherCutNorOverlapsOnAUsualPhone() = forSizes(Phone.Usual)

    @Test
    fun textIsNeitherCutNorOverlapsOnASmallPhone() = forSizes(Phone.Small)

    @Test
    fun textIsNeitherCutNorOverlapsOnATurnedPhone() = forSizes(Phone.Turned)

    @Test
    fun whatCanBePressedHasALabelARoleAndRoomForAThumb() =
        forScreens(Phone(size = Phone.Long)) { screen, nodes ->
            val pressable = nodes(false).filter { SemanticsActions.OnClick in it.config && SemanticsActions.SetText !in it.config }
            assertTrue(pressable.isNotEmpty() || screen == Screens.IMPORTING, "$screen: nothing can be pressed")
            pressable.forEach { node ->
                val label = words(node).filter { it.isNotBlank() }
                assertTrue(label.isNotEmpty(), "$screen: a control without a label at ${node.boundsInRoot}")
                assertTrue(SemanticsProperties.Role in node.config, "$screen: $label has no role")
                // Its own size: the area around it that Compose adds may be another control's.
                assertTrue(node.size.width >= 48 && node.size.height >= 48, "$screen: $label is ${node.size} dp")
            }
        }

    @Test
    fun picturesAndNumbersAreSaidInOneSentence() {
        val said = mutableSetOf<String>()
        forScreens(Phone(size = Phone.Long)) { _, nodes ->
            nodes(false).forEach { node ->
                said +=
                    node.config.getOrNull(SemanticsProperties.ContentDescription).orEmpty()
            }
        }
        listOf(
            "Time 22 minutes 10 seconds",
            "Distance 4.21 kilometres",
            "Pace 5 minutes 12 seconds per kilometre",
            "Heart rate 148 beats per minute",
            "Lap 3, 3 minutes 46 seconds, 0.71 kilometres",
            "Running, Auto-paused",
            "Route of 5.02 kilometres, north up",
            "Kilometre 1, 5 minutes 27 seconds, pace 5 minutes 27 seconds per kilometre, climbed 21 metres",
            "Along the river before breakfast, Running, 21 Nov 2026, 08:12, 5.02 kilometres in 27 minutes 2 seconds",
            "Outbox, 1 change failed, 5 changes wait",
            "5×5, 13 of 36 days done",
            "Day 2, Squat, Overhead press, Deadlift, Planned: Tomorrow, 22 Nov 2026",
            "Week 5, day 1, 21 Nov 2026, 08:12, 9 of 15 sets done, 6,150 kilograms moved",
            "Squat, set 1, weight in kilograms",
            "Bench press, set 2 done",
            "177.5 pounds, that is 80.51 kilograms, Today, 21 Nov 2026",
            "Body mass between 80.4 kilograms and 82.6 kilograms, from 22 Sept 2026 to 21 Nov 2026",
            "Meditation, 08:12, 12 minutes, calm, Window open, ten breaths at a time.",
            "Training day, changed, Failed, 1 day ago",
        ).forEach { assertTrue(it in said, "nobody says “$it”, but: ${said.joinToString("\n")}") }
    }

    private fun forSizes(size: DpSize) {
        val faults = mutableListOf<String>()
        listOf(1f, 1.3f, 2f).forEach { scale ->
            forScreens(Phone(fontScale = scale, size = size)) { screen, nodes ->
                val texts = nodes(true).mapNotNull { node -> node.layout()?.let { node to it } }
                assertTrue(texts.isNotEmpty(), "$screen has no text")
                faults += (cut(texts) + outside(texts, size) + overlapping(texts)).map { "$screen at $scale: $it" }
            }
        }
        assertTrue(faults.isEmpty(), faults.joinToString("\n"))
    }

    private fun cut(texts: List<Pair<SemanticsNode, TextLayoutResult>>) =
        texts.filter { (_, layout) -> layout.isCut }.map { (node, layout) -> "${words(node)} is cut in ${layout.size}" }

    private fun outside(texts: List<Pair<SemanticsNode, TextLayoutResult>>, size: DpSize) =
        texts
            .map { (node, _) ->
                node to node.boundsInRoot
            }.filter { (_, at) ->
                at.left < 0 || at.right > size.width.value
            }.map { (node, at) -> "${words(node)} leaves the screen: $at" }

    private fun overlapping(texts: List<Pair<SemanticsNode, TextLayoutResult>>): List<String> {
        val places = texts.map { (node, _) -> node to node.boundsInRoot }.filter { (_, at) -> at.width > 0 && at.height > 0 }
        return places.flatMapIndexed { index, (one, at) ->
            places
                .drop(index + 1)
                .filter { (other, there) ->
                    other.root == one.root && at.intersect(there).isNoticeable
                }.map { (other, _) ->
                    "${words(one)} and ${words(other)} overlap"
                }
        }
    }

    /**
     * Lines are missing, or a word is wider than its place. An ellipsis is allowed where it was asked for: in what a person wrote.
     * A pixel is rounding.
     */
    private val TextLayoutResult.isCut: Boolean
        get() {
            if (layoutInput.overflow == TextOverflow.Ellipsis) return false
            val needed = if (layoutInput.softWrap) multiParagraph.minIntrinsicWidth else multiParagraph.maxIntrinsicWidth
            return multiParagraph.didExceedMaxLines || multiParagraph.height > size.height + 1 || needed > size.width + 1
        }

    /** Line heights may touch; letters do not. */
    private val Rect.isNoticeable get() = width > 1 && height > 2

    /** A field is as large as its frame, in which its caption stands, and scrolls what is too long: it is left out. */
    private fun SemanticsNode.layout(): TextLayoutResult? {
        if (SemanticsProperties.EditableText in config) return null
        val results = mutableListOf<TextLayoutResult>()
        config.getOrNull(SemanticsActions.GetTextLayoutResult)?.action?.invoke(results)
        return results.singleOrNull()
    }

    /** Shows each screen on [phone] in turn; the function gives the nodes, merged as a screen reader has them or one by one. */
    private fun forScreens(phone: Phone, check: (Screens, (Boolean) -> List<SemanticsNode>) -> Unit) =
        runSkikoComposeUiTest(Size(phone.size.width.value, phone.size.height.value), Density(1f)) {
            var shown by mutableStateOf(Screens.entries.first())
            setContent {
                CompositionLocalProvider(LocalDensity provides phone.density(1f)) { phone.Show { key(shown) { shown.Draw() } } }
            }
            var seen = 0
            Screens.entries.forEach { screen ->
                shown = screen
                mainClock.autoAdvance = false
                mainClock.advanceTimeBy(SETTLED_MS)
                check(screen) { unmerged -> onAllNodes(SemanticsMatcher("any") { true }, unmerged).fetchSemanticsNodes() }
                seen += 1
            }
            assertEquals(Screens.entries.size, seen)
        }

    private companion object {
        /** Four frames: measured and placed; that dialogs are still fading in moves nothing. */
        const val SETTLED_MS = 64L
    }
}
