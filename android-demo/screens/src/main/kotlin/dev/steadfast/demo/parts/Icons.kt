package dev.steadfast.demo.parts

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.PathFillType
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.graphics.vector.addPathNodes
import androidx.compose.ui.unit.dp
import dev.steadfast.ActivityKind

/** The app's icons: two-point strokes with round ends on a grid of 24, tinted where they are used. */
object Icons {
    val Back = stroked("Back", "M20 12H4M11 5L4 12L11 19")
    val Edit = stroked("Edit", "M4 20L5 15L16 4L20 8L9 19ZM13 7L17 11")
    val Delete = stroked("Delete", "M4 7H20M9 7V4H15V7M6 7L7 20H17L18 7M10 11V16M14 11V16")
    val Share = stroked("Share", "M12 15V3M7 8L12 3L17 8M5 13V20H19V13")
    val Import = stroked("Import", "M12 3V15M7 10L12 15L17 10M5 17V20H19V17")
    val Warning = stroked("Warning", "M12 4L21 20H3ZM12 10V14M12 17V17.2")
    val Failure = stroked("Failure", "M12 3A9 9 0 1 0 12.01 3ZM12 7.5V12.5M12 16V16.2")
    val Check = stroked("Check", "M5 12.5L10 17.5L19 7")
    val Down = stroked("Down", "M6 9L12 15L18 9")
    val Up = stroked("Up", "M6 15L12 9L18 15")
    val Next = stroked("Next", "M4 12H20M13 5L20 12L13 19")
    val Add = stroked("Add", "M12 5V19M5 12H19")
    val Remove = stroked("Remove", "M6 6L18 18M18 6L6 18")
    val Calendar = stroked("Calendar", "M5 5.5H19V20H5ZM5 10H19M9 3V7M15 3V7")
    val Chart = stroked("Chart", "M4 4V20H20M7.5 15L11 11L14 13.5L19.5 7.5")
    val Repeat =
        stroked(
            "Repeat",
            "M17 2.5L20.5 6L17 9.5M3.5 12V10A4 4 0 0 1 7.5 6H20.5M7 21.5L3.5 18L7 14.5M20.5 12V14A4 4 0 0 1 16.5 18H3.5",
        )
    val Outbox = stroked("Outbox", "M4 13V19.5H20V13H15.5A3.5 3.5 0 0 1 8.5 13ZM12 10V3M8.5 6.5L12 3L15.5 6.5")
    val Weights = stroked("Weights", "M3 9.5V14.5M6.5 6.5V17.5M17.5 6.5V17.5M21 9.5V14.5M6.5 12H17.5")
    val Stopwatch = stroked("Stopwatch", "M12 6A7.5 7.5 0 1 0 12.01 6ZM12 13.5V9.5M10 2.5H14")
    val List = stroked("List", "M4 6H4.2M9 6H20M4 12H4.2M9 12H20M4 18H4.2M9 18H20")
    val Lap = stroked("Lap", "M6 21V4M6 5H18L15 9L18 13H6")
    val Play = filled("Play", "M8 5.6V18.4A1 1 0 0 0 9.5 19.3L19.6 12.9A1 1 0 0 0 19.6 11.1L9.5 4.7A1 1 0 0 0 8 5.6Z")
    val Pause =
        filled(
            "Pause",
            "M7 5H9.5A1 1 0 0 1 10.5 6V18A1 1 0 0 1 9.5 19H7A1 1 0 0 1 6 18V6A1 1 0 0 1 7 5ZM14.5 5H17A1 1 0 0 1 18 6V18A1 1 0 0 1 17 19H14.5A1 1 0 0 1 13.5 18V6A1 1 0 0 1 14.5 5Z",
        )
    val Stop =
        filled("Stop", "M7.5 6H16.5A1.5 1.5 0 0 1 18 7.5V16.5A1.5 1.5 0 0 1 16.5 18H7.5A1.5 1.5 0 0 1 6 16.5V7.5A1.5 1.5 0 0 1 7.5 6Z")

    /** A picture of the sort of exercise: the road, the hill, the wheels, the water, the slope or the room. */
    fun of(kind: ActivityKind): ImageVector =
        when (kind) {
            ActivityKind.RUNNING, ActivityKind.WALKING, ActivityKind.SKATING, ActivityKind.OTHER -> road
            ActivityKind.TRAIL_RUNNING, ActivityKind.HIKING -> hill
            ActivityKind.CYCLING, ActivityKind.MOUNTAIN_BIKING, ActivityKind.INDOOR_CYCLING -> wheels
            ActivityKind.OPEN_WATER_SWIMMING, ActivityKind.POOL_SWIMMING, ActivityKind.ROWING, ActivityKind.SAILING -> water
            ActivityKind.ALPINE_SKIING, ActivityKind.CROSS_COUNTRY_SKIING -> slope
            ActivityKind.TREADMILL_RUNNING, ActivityKind.INDOOR_ROWING, ActivityKind.INDOOR_OTHER -> Weights
        }

    private val road =
        stroked(
            "Road",
            "M5 16.5A2 2 0 1 0 5.01 16.5ZM19 3.5A2 2 0 1 0 19.01 3.5ZM7 18.5H15.5A3.25 3.25 0 0 0 15.5 12H8.5A3.25 3.25 0 0 1 8.5 5.5H17",
        )
    private val hill = stroked("Hill", "M2.5 19.5L9.5 6.5L14 14.5L16.5 11L21.5 19.5ZM7.5 10.5L9.5 12.5L11.5 10.5")
    private val wheels =
        stroked(
            "Wheels",
            "M5.5 12A3.75 3.75 0 1 0 5.51 12ZM18.5 12A3.75 3.75 0 1 0 18.51 12ZM5.5 15.75L8.75 9H15.25L18.5 15.75M8.75 9L11.75 15.75L15.25 9M7 6.25H10M15.25 9L14.25 5.75H17",
        )
    private val water =
        stroked("Water", "M2.5 8C5.5 4.5 8 4.5 12 8C16 11.5 18.5 11.5 21.5 8M2.5 15.5C5.5 12 8 12 12 15.5C16 19 18.5 19 21.5 15.5")
    private val slope = stroked("Slope", "M3 12L19.5 19.5C20.5 20 21.5 19.5 22 18.5M8 14L12.5 9L8.5 6M14.5 3A1.75 1.75 0 1 0 14.51 3Z")

    private fun stroked(name: String, path: String): ImageVector =
        builder(name)
            .addPath(
                addPathNodes(path),
                stroke = SolidColor(Color.Black),
                strokeLineWidth = 2f,
                strokeLineCap = StrokeCap.Round,
                strokeLineJoin = StrokeJoin.Round,
            ).build()

    private fun filled(name: String, path: String): ImageVector =
        builder(name).addPath(addPathNodes(path), PathFillType.NonZero, fill = SolidColor(Color.Black)).build()

    private fun builder(name: String) = ImageVector.Builder(name, 24.dp, 24.dp, viewportWidth = 24f, viewportHeight = 24f)
}
