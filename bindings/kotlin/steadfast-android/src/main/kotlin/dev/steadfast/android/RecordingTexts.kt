package dev.steadfast.android

import dev.steadfast.ActivityKind
import dev.steadfast.summary
import java.util.Locale

/** The words of [DefaultRecordingNotification]. English; an app gives its own from its resources. */
public data class RecordingTexts(
    /** The channel, in the system's settings. */
    val channel: String = "Recording",
    val preparing: String = "Preparing…",
    val paused: String = "Paused",
    val autoPaused: String = "Paused by itself",
    val stopped: String = "Finished, not saved yet",
    val unsaved: String = "The device's storage is full: the recording is in memory only",
    val pause: String = "Pause",
    val resume: String = "Resume",
    val lap: String = "Lap",
    val finish: String = "Finish",
    val save: String = "Save",
    val kind: (ActivityKind) -> String = ::kindInEnglish,
    /** Metres to words. */
    val distance: (Double) -> String = { String.format(Locale.getDefault(), "%.2f km", it / 1000) },
    /** Seconds to words; shown while the timer stands. */
    val duration: (Double) -> String = { hoursMinutesSeconds(it.toLong()) },
    val problem: (RecordingProblem) -> String = ::problemInEnglish,
)

private fun kindInEnglish(kind: ActivityKind): String {
    val words = kind.name.lowercase(Locale.ROOT).replace('_', ' ')
    return words.replaceFirstChar { it.uppercase(Locale.ROOT) }
}

private fun hoursMinutesSeconds(seconds: Long): String = "%d:%02d:%02d".format(seconds / 3600, seconds / 60 % 60, seconds % 60)

private fun problemInEnglish(problem: RecordingProblem): String =
    when (problem) {
        RecordingProblem.PermissionMissing -> "No position: the app may not use your precise location"
        RecordingProblem.LocationOff -> "No position: location is switched off"
        RecordingProblem.NoReceiver -> "No position: this device has no receiver"
        is RecordingProblem.LocationNotAllowedYet -> "No position: open the app once to go on"
        is RecordingProblem.NotAllowedInBackground -> "The recording was interrupted: open the app to go on"
        is RecordingProblem.Failed -> problem.error.summary
    }
