package dev.steadfast.android

import dev.steadfast.SteadfastException

/** Why a recording does not go as it should. What was recorded is safe in every case. */
public sealed interface RecordingProblem {
    /** The app may not use the precise location. The timer and the sensors go on; ask for the permission. */
    public data object PermissionMissing : RecordingProblem

    /** Location is switched off in the device's settings. The timer and the sensors go on. */
    public data object LocationOff : RecordingProblem

    /** The device has no receiver. */
    public data object NoReceiver : RecordingProblem

    /** Location may not be used until the app has been on the screen: the system restarted it in the background. */
    public data class LocationNotAllowedYet(val cause: Exception) : RecordingProblem

    /** The service may not run until the app has been on the screen. The workout is an interrupted one, and can be resumed there. */
    public data class NotAllowedInBackground(val cause: Exception) : RecordingProblem

    /** The core refused: the store could not be opened, or the workout not be saved. */
    public data class Failed(val error: SteadfastException) : RecordingProblem
}

/** True if fixes are missing, and nothing else. */
internal val RecordingProblem.isAboutLocation: Boolean
    get() =
        when (this) {
            RecordingProblem.PermissionMissing,
            RecordingProblem.LocationOff,
            RecordingProblem.NoReceiver,
            is RecordingProblem.LocationNotAllowedYet,
            -> true

            is RecordingProblem.NotAllowedInBackground,
            is RecordingProblem.Failed,
            -> false
        }
