package dev.steadfast.demo.theme

import androidx.compose.ui.graphics.Color

/**
 * The app's colours: neutrals and one accent, a green that is read outdoors, beside red for what cannot be undone and amber for
 * what needs a look. Every pair that carries text is held to WCAG AA (4.5:1) by a test, every outline to 3:1.
 */
data class Palette(
    val isDark: Boolean,
    val background: Color,
    val surface: Color,
    val raised: Color,
    val text: Color,
    val softText: Color,
    val outline: Color,
    val hairline: Color,
    val accent: Color,
    val onAccent: Color,
    val accentSoft: Color,
    val onAccentSoft: Color,
    val danger: Color,
    val onDanger: Color,
    val dangerSoft: Color,
    val onDangerSoft: Color,
    val cautionSoft: Color,
    val onCautionSoft: Color,
) {
    /** Foreground and background of everything that is text. */
    val textPairs: List<Pair<Color, Color>>
        get() =
            listOf(background, surface, raised).flatMap { ground -> listOf(text, softText, accent, danger).map { it to ground } } +
                listOf(
                    onAccent to accent,
                    onAccentSoft to accentSoft,
                    onDanger to danger,
                    onDangerSoft to dangerSoft,
                    onCautionSoft to cautionSoft,
                )

    /** Foreground and background of what is drawn but not read: borders of fields, the route, the profile. */
    val shapePairs: List<Pair<Color, Color>>
        get() = listOf(background, surface, raised).flatMap { ground -> listOf(outline, accent, text).map { it to ground } }

    companion object {
        val Light =
            Palette(
                isDark = false,
                background = Color(0xFFF6F8F6),
                surface = Color(0xFFFFFFFF),
                raised = Color(0xFFEBEFEC),
                text = Color(0xFF121715),
                softText = Color(0xFF4B5652),
                outline = Color(0xFF76827D),
                hairline = Color(0xFFDCE2DE),
                accent = Color(0xFF00694A),
                onAccent = Color(0xFFFFFFFF),
                accentSoft = Color(0xFFCBEEDD),
                onAccentSoft = Color(0xFF00301F),
                danger = Color(0xFFB3261E),
                onDanger = Color(0xFFFFFFFF),
                dangerSoft = Color(0xFFFBE1DF),
                onDangerSoft = Color(0xFF5A120D),
                cautionSoft = Color(0xFFFFE9BF),
                onCautionSoft = Color(0xFF4A3300),
            )

        val Dark =
            Palette(
                isDark = true,
                background = Color(0xFF0D1110),
                surface = Color(0xFF171C1A),
                raised = Color(0xFF222926),
                text = Color(0xFFE8EDEA),
                softText = Color(0xFFB2BEB8),
                outline = Color(0xFF84918B),
                hairline = Color(0xFF2C3431),
                accent = Color(0xFF63DFAD),
                onAccent = Color(0xFF003121),
                accentSoft = Color(0xFF064D37),
                onAccentSoft = Color(0xFFC3F5DE),
                danger = Color(0xFFFFB4AB),
                onDanger = Color(0xFF5C0A06),
                dangerSoft = Color(0xFF5F1510),
                onDangerSoft = Color(0xFFFFDAD6),
                cautionSoft = Color(0xFF4A3700),
                onCautionSoft = Color(0xFFFFE2A6),
            )
    }
}
