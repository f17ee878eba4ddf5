package dev.steadfast.demo

import androidx.compose.ui.ExperimentalComposeUiApi
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.use
import org.jetbrains.skia.EncodedImageFormat
import java.io.File
import kotlin.test.Test
import kotlin.test.assertTrue

/** Draws every screen to `target/pictures`, light and dark, with usual and with the largest text: to be looked at. */
class PicturesTest {
    @Test
    fun everyScreenIsDrawn() {
        val folder = File("target/pictures").apply { mkdirs() }
        val phones =
            listOf(false, true).flatMap { dark -> listOf(1f, 2f).map { Phone(dark, it) } } + Phone(size = Phone.Turned) +
                Phone(size = Phone.Small)
        val pictures =
            Screens.entries.flatMap { screen -> phones.map { screen to it } } +
                listOf(1f, 2f).map { Screens.DETAIL to Phone(fontScale = it, size = Phone.Long) }
        pictures.forEach { (screen, phone) ->
            val file = File(folder, name(screen, phone))
            file.writeBytes(picture(screen, phone))
            assertTrue(file.length() > BLANK_BYTES, "$file is blank")
        }
    }

    private fun name(screen: Screens, phone: Phone): String {
        val size =
            when (phone.size) {
                Phone.Turned -> "turned"
                Phone.Small -> "small"
                Phone.Long -> "long"
                else -> null
            }
        return listOfNotNull(
            screen.name.lowercase(),
            size,
            if (phone.dark) "dark" else "light",
            "${(phone.fontScale * 100).toInt()}.png",
        ).joinToString("-")
    }

    @OptIn(ExperimentalComposeUiApi::class)
    private fun picture(screen: Screens, phone: Phone): ByteArray {
        val density = phone.density(1f)
        val (width, height) = with(density) { phone.size.width.roundToPx() to phone.size.height.roundToPx() }
        return ImageComposeScene(width, height, density) { phone.Show { screen.Draw() } }.use { scene ->
            // Dialogs fade in: the last frame is the one that stays.
            val frames = FRAMES_MS.map { scene.render(it * 1_000_000) }
            checkNotNull(frames.last().encodeToData(EncodedImageFormat.PNG)).bytes
        }
    }

    private companion object {
        val FRAMES_MS = listOf(0L, 16L, 100L, 300L, 600L)
        const val BLANK_BYTES = 4_000
    }
}
