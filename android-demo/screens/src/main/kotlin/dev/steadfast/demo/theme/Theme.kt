package dev.steadfast.demo.theme

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.ColorScheme
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Shapes
import androidx.compose.material3.Typography
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.em
import androidx.compose.ui.unit.sp
import dev.steadfast.demo.format.Formats
import dev.steadfast.demo.format.Units
import java.time.ZoneId
import java.util.Locale

private val LocalPalette = staticCompositionLocalOf { Palette.Light }
private val LocalFormats = staticCompositionLocalOf { Formats(Locale.ROOT, ZoneId.of("UTC"), Units.METRIC) }

/** What the screens are drawn with, beside [MaterialTheme]. */
object Theme {
    val palette: Palette
        @Composable @ReadOnlyComposable
        get() = LocalPalette.current

    val formats: Formats
        @Composable @ReadOnlyComposable
        get() = LocalFormats.current
}

/**
 * The app's theme.
 *
 * @param formats how numbers and dates are written
 * @param dark follows the system unless it is given
 * @param fontFamily the system's own, which on Android is Roboto
 */
@Composable
fun SteadfastTheme(
    formats: Formats,
    dark: Boolean = isSystemInDarkTheme(),
    fontFamily: FontFamily = FontFamily.Default,
    content: @Composable () -> Unit,
) {
    val palette = if (dark) Palette.Dark else Palette.Light
    CompositionLocalProvider(LocalPalette provides palette, LocalFormats provides formats) {
        MaterialTheme(palette.scheme(), shapes = shapes, typography = typography(fontFamily), content = content)
    }
}

/** Digits of one width: a running timer must not dance. */
private const val TABULAR = "tnum"

private val shapes =
    Shapes(
        extraSmall = RoundedCornerShape(8.dp),
        small = RoundedCornerShape(12.dp),
        medium = RoundedCornerShape(16.dp),
        large = RoundedCornerShape(20.dp),
        extraLarge = RoundedCornerShape(28.dp),
    )

/** Display sizes are for numbers, title and body sizes for words, label sizes for captions. */
private fun typography(family: FontFamily): Typography {
    fun style(size: Int, height: Int, weight: FontWeight = FontWeight.Normal, spacing: Double = 0.0) =
        TextStyle(
            fontFamily = family,
            fontSize = size.sp,
            lineHeight = height.sp,
            fontWeight = weight,
            letterSpacing = spacing.em,
            fontFeatureSettings = TABULAR,
        )
    return Typography(
        displayLarge = style(88, 92, FontWeight.Medium, -0.03),
        displayMedium = style(56, 60, FontWeight.Medium, -0.02),
        displaySmall = style(36, 42, FontWeight.Medium, -0.01),
        headlineLarge = style(32, 40, FontWeight.Bold, -0.01),
        headlineMedium = style(28, 34, FontWeight.Bold, -0.01),
        headlineSmall = style(22, 28, FontWeight.Bold),
        titleLarge = style(20, 26, FontWeight.Medium),
        titleMedium = style(17, 24, FontWeight.Medium),
        titleSmall = style(15, 20, FontWeight.Medium),
        bodyLarge = style(16, 24),
        bodyMedium = style(15, 22),
        bodySmall = style(13, 18),
        labelLarge = style(16, 20, FontWeight.Medium),
        labelMedium = style(13, 18, FontWeight.Medium),
        labelSmall = style(12, 16, FontWeight.Medium),
    )
}

private fun Palette.scheme(): ColorScheme {
    val base = if (isDark) darkColorScheme() else lightColorScheme()
    return base.copy(
        primary = accent,
        onPrimary = onAccent,
        primaryContainer = accentSoft,
        onPrimaryContainer = onAccentSoft,
        secondary = accent,
        onSecondary = onAccent,
        secondaryContainer = accentSoft,
        onSecondaryContainer = onAccentSoft,
        tertiary = accent,
        onTertiary = onAccent,
        tertiaryContainer = accentSoft,
        onTertiaryContainer = onAccentSoft,
        background = background,
        onBackground = text,
        surface = background,
        onSurface = text,
        surfaceVariant = raised,
        onSurfaceVariant = softText,
        surfaceTint = background,
        surfaceContainerLowest = surface,
        surfaceContainerLow = surface,
        surfaceContainer = surface,
        surfaceContainerHigh = surface,
        surfaceContainerHighest = raised,
        inverseSurface = text,
        inverseOnSurface = background,
        inversePrimary = accentSoft,
        outline = outline,
        outlineVariant = hairline,
        error = danger,
        onError = onDanger,
        errorContainer = dangerSoft,
        onErrorContainer = onDangerSoft,
    )
}
