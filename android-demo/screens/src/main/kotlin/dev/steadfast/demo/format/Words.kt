package dev.steadfast.demo.format

import dev.steadfast.ActivityKind
import dev.steadfast.FileFormat
import dev.steadfast.RecordingState
import dev.steadfast.SavePhase

/** What a person calls this sort of exercise. */
val ActivityKind.label: String
    get() =
        when (this) {
            ActivityKind.RUNNING -> "Running"
            ActivityKind.TRAIL_RUNNING -> "Trail running"
            ActivityKind.TREADMILL_RUNNING -> "Treadmill"
            ActivityKind.WALKING -> "Walking"
            ActivityKind.HIKING -> "Hiking"
            ActivityKind.CYCLING -> "Cycling"
            ActivityKind.MOUNTAIN_BIKING -> "Mountain biking"
            ActivityKind.INDOOR_CYCLING -> "Indoor cycling"
            ActivityKind.OPEN_WATER_SWIMMING -> "Open water swimming"
            ActivityKind.POOL_SWIMMING -> "Pool swimming"
            ActivityKind.ROWING -> "Rowing"
            ActivityKind.INDOOR_ROWING -> "Indoor rowing"
            ActivityKind.ALPINE_SKIING -> "Alpine skiing"
            ActivityKind.CROSS_COUNTRY_SKIING -> "Cross-country skiing"
            ActivityKind.SKATING -> "Skating"
            ActivityKind.SAILING -> "Sailing"
            ActivityKind.OTHER -> "Other, outdoors"
            ActivityKind.INDOOR_OTHER -> "Other, indoors"
        }

/** Turns a pace in seconds a kilometre into metres a second and back. */
const val METRES_PER_KM = 1_000.0

/** True for the kinds whose athletes speak of kilometres an hour and not of minutes a kilometre. */
val ActivityKind.isReadAsSpeed: Boolean
    get() =
        when (this) {
            ActivityKind.CYCLING, ActivityKind.MOUNTAIN_BIKING, ActivityKind.INDOOR_CYCLING, ActivityKind.ALPINE_SKIING,
            ActivityKind.SKATING, ActivityKind.SAILING,
            -> true
            else -> false
        }

/** The state as a word on the screen. */
val RecordingState.label: String
    get() =
        when (this) {
            RecordingState.RECORDING -> "Recording"
            RecordingState.PAUSED -> "Paused"
            RecordingState.AUTO_PAUSED -> "Auto-paused"
            RecordingState.STOPPED -> "Finished"
        }

/** What a save is doing. */
val SavePhase.label: String
    get() =
        when (this) {
            SavePhase.VALIDATING -> "Checking"
            SavePhase.ACTIVITY -> "Writing the summary"
            SavePhase.TRACK -> "Writing the track"
            SavePhase.SPLITS -> "Writing the splits"
            SavePhase.COMMITTING -> "Committing"
            SavePhase.CLEARING -> "Tidying up"
        }

/** The format's name and what it is good for. */
val FileFormat.label: String
    get() =
        when (this) {
            FileFormat.GPX -> "GPX, for most programs"
            FileFormat.TCX -> "TCX, with laps and heart rate"
            FileFormat.FIT -> "FIT"
            FileFormat.GEO_JSON -> "GeoJSON, for maps"
        }

/** The ending of the format's files. */
val FileFormat.extension: String
    get() =
        when (this) {
            FileFormat.GPX -> "gpx"
            FileFormat.TCX -> "tcx"
            FileFormat.FIT -> "fit"
            FileFormat.GEO_JSON -> "geojson"
        }
