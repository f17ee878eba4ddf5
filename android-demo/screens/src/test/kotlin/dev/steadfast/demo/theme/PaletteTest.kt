package dev.steadfast.demo.theme

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.luminance
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** WCAG 2.2, level AA: 1.4.3 for text, 1.4.11 for what is drawn. */
class PaletteTest {
    @Test
    fun textStandsOutFromItsGround() =
        forAll(Palette::textPairs) { pair, ratio -> assertTrue(ratio >= 4.5, "$pair has a contrast of $ratio") }

    @Test
    fun shapesStandOutFromTheirGround() =
        forAll(Palette::shapePairs) { pair, ratio -> assertTrue(ratio >= 3.0, "$pair has a contrast of $ratio") }

    @Test
    fun theContrastIsThatOfTheStandard() {
        assertEquals(21.0, contrast(Color.White, Color.Black), 1e-3)
        // The standard's own example of grey that just fails on white.
        assertEquals(4.48, contrast(Color(0xFF777777), Color.White), 5e-3)
    }

    private fun forAll(pairs: (Palette) -> List<Pair<Color, Color>>, check: (String, Double) -> Unit) {
        listOf(Palette.Light, Palette.Dark).flatMap(pairs).also { assertTrue(it.size > 10) }.forEach { (front, ground) ->
            check("$front on $ground", contrast(front, ground))
        }
    }

    private fun contrast(one: Color, other: Color): Double {
        val (dark, light) = listOf(one.luminance(), other.luminance()).sorted()
        return (light + 0.05) / (dark + 0.05)
    }
}
