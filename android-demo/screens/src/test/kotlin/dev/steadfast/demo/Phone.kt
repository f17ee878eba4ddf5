package dev.steadfast.demo

import androidx.compose.runtime.Composable
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.platform.Font
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.DpSize
import androidx.compose.ui.unit.dp
import dev.steadfast.demo.format.Formats
import dev.steadfast.demo.format.Units
import dev.steadfast.demo.theme.SteadfastTheme
import java.time.ZoneId
import java.util.Locale

/** A phone as the screens see it. */
data class Phone(val dark: Boolean = false, val fontScale: Float = 1f, val size: DpSize = Usual) {
    fun density(scale: Float) = Density(scale, fontScale)

    /** [content] in the app's theme, in Android's own typeface. */
    @Composable
    fun Show(content: @Composable () -> Unit) = SteadfastTheme(formats, dark, roboto, content)

    companion object {
        val Usual = DpSize(411.dp, 891.dp)

        /** The smallest that is still sold. */
        val Small = DpSize(360.dp, 640.dp)

        val Turned = DpSize(780.dp, 360.dp)

        /** No phone: shows at once what else has to be scrolled. */
        val Long = DpSize(411.dp, 2_000.dp)

        val formats = Formats(Locale.UK, ZoneId.of("Europe/Berlin"), Units.METRIC)

        private val roboto =
            FontFamily(
                listOf("Regular" to FontWeight.Normal, "Medium" to FontWeight.Medium, "Bold" to FontWeight.Bold).map { (name, weight) ->
                    Font("com/formdev/flatlaf/fonts/roboto/Roboto-$name.ttf", weight)
                },
            )
    }
}
