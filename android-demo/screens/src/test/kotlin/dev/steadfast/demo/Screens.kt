package dev.steadfast.demo

import androidx.compose.runtime.Composable
import dev.steadfast.ActivityKind
import dev.steadfast.HabitLog
import dev.steadfast.Intensity
import dev.steadfast.MetricKind
import dev.steadfast.MetricUnit
import dev.steadfast.RecordingState
import dev.steadfast.SavePhase
import dev.steadfast.SaveProgress
import dev.steadfast.demo.activities.ActivitiesScreen
import dev.steadfast.demo.activities.ActivitiesState
import dev.steadfast.demo.activities.ImportState
import dev.steadfast.demo.activities.ImportSummary
import dev.steadfast.demo.app.AppFrame
import dev.steadfast.demo.app.Tab
import dev.steadfast.demo.detail.DetailScreen
import dev.steadfast.demo.detail.DetailState
import dev.steadfast.demo.detail.Draft
import dev.steadfast.demo.detail.ExportDialog
import dev.steadfast.demo.habits.HabitForm
import dev.steadfast.demo.habits.HabitsScreen
import dev.steadfast.demo.habits.HabitsState
import dev.steadfast.demo.metrics.EntryForm
import dev.steadfast.demo.metrics.MetricsScreen
import dev.steadfast.demo.metrics.MetricsState
import dev.steadfast.demo.outbox.OnlyCopy
import dev.steadfast.demo.outbox.OutboxScreen
import dev.steadfast.demo.parts.ConfirmDialog
import dev.steadfast.demo.programs.DayForm
import dev.steadfast.demo.programs.DemoProgram
import dev.steadfast.demo.programs.ProgramsScreen
import dev.steadfast.demo.record.KindDialog
import dev.steadfast.demo.record.LocationAccess
import dev.steadfast.demo.record.RecordScreen
import dev.steadfast.demo.record.RecordState
import dev.steadfast.demo.recovery.RecoveryDialog
import dev.steadfast.demo.recovery.RecoveryState
import dev.steadfast.demo.recovery.Unfinished
import dev.steadfast.demo.save.SaveScreen
import dev.steadfast.demo.save.SaveState
import dev.steadfast.demo.strength.LogFault
import dev.steadfast.demo.strength.LogScreen
import dev.steadfast.demo.strength.StrengthScreen
import dev.steadfast.demo.strength.StrengthState
import dev.steadfast.demo.training.TrainingScreen
import dev.steadfast.demo.training.TrainingState
import java.util.UUID

/** Every state of every screen that is drawn, measured and read aloud. */
enum class Screens(private val tab: Tab?, val content: @Composable () -> Unit) {
    START(Tab.RECORD, { Record(RecordState(live = null)) }),
    START_WITHOUT_LOCATION(Tab.RECORD, { Record(RecordState(access = LocationAccess.DENIED)) }),
    WAITING(Tab.RECORD, { RecordScreen(RecordState(), noActions(), waiting = 2) }),
    KIND_DIALOG(Tab.RECORD, {
        Record(RecordState())
        KindDialog(ActivityKind.ROWING, {}, {})
    }),
    RECORDING(Tab.RECORD, { Record(RecordState(live = Fixtures.live())) }),
    RECORDING_HOURS(Tab.RECORD, {
        Record(RecordState(live = Fixtures.live(timerS = 36_754.0, distanceM = 203_481.0, kind = ActivityKind.CYCLING)))
    }),
    PAUSED(Tab.RECORD, { Record(RecordState(live = Fixtures.live(RecordingState.PAUSED))) }),
    AUTO_PAUSED(Tab.RECORD, { Record(RecordState(live = Fixtures.live(RecordingState.AUTO_PAUSED))) }),
    UNSAVED(Tab.RECORD, { Record(RecordState(live = Fixtures.live(unsaved = 12uL))) }),
    HINDERED(Tab.RECORD, { Record(RecordState(live = Fixtures.live(), hindrance = "Location is switched off")) }),
    FINISHED(Tab.RECORD, { Record(RecordState(live = Fixtures.live(RecordingState.STOPPED), title = "Along the river")) }),
    REFUSED(Tab.RECORD, { Record(RecordState(live = Fixtures.live(RecordingState.STOPPED), trouble = Fixtures.corrupted)) }),
    SAVING(null, { SaveScreen(SaveState.Saving(SaveProgress(SavePhase.TRACK, 3uL, 6uL)), noActions()) }),
    SAVE_FAILED(null, { SaveScreen(SaveState.Failed(Fixtures.storageFull), noActions()) }),
    RECOVERY(Tab.RECORD, {
        Record(RecordState())
        RecoveryDialog(RecoveryState(listOf(Unfinished(Fixtures.recovery(), null))), noActions())
    }),
    RECOVERY_SEVERAL(Tab.RECORD, {
        Record(RecordState())
        RecoveryDialog(
            RecoveryState(
                listOf(
                    Unfinished(Fixtures.recovery(), null),
                    Unfinished(Fixtures.recovery(1, canResume = false, lost = 3uL), null),
                    Unfinished(Fixtures.recovery(2, problem = "recovery_corrupted"), Fixtures.corrupted),
                ),
            ),
            noActions(),
        )
    }),
    ACTIVITIES(Tab.ACTIVITIES, { ActivitiesScreen(ActivitiesState(Fixtures.activities), noActions()) }),
    ACTIVITIES_EMPTY(Tab.ACTIVITIES, { ActivitiesScreen(ActivitiesState(emptyList()), noActions()) }),
    IMPORTING(Tab.ACTIVITIES, {
        ActivitiesScreen(ActivitiesState(emptyList(), import = ImportState(SaveProgress(SavePhase.TRACK, 2uL, 6uL))), noActions())
    }),
    IMPORTED(Tab.ACTIVITIES, {
        ActivitiesScreen(
            ActivitiesState(Fixtures.activities, report = ImportSummary(2, 1, listOf("An outdoor workout needs at least 10 metres."))),
            noActions(),
        )
    }),
    DETAIL(null, { Detail(DetailState()) }),
    KINDS(Tab.RECORD, { Record(RecordState(ActivityKind.SAILING)) }),
    EXPORT(null, {
        Detail(DetailState())
        ExportDialog({}, {})
    }),
    DELETE(null, {
        Detail(DetailState())
        ConfirmDialog(
            "Delete this activity?",
            "Its route and its numbers would be gone from this device. This cannot be undone.",
            "Delete",
            {},
            {},
        )
    }),
    TRAINING(Tab.TRAINING, {
        val kept = TrainingFixtures
        TrainingScreen(TrainingState(13, kept.logs.first(), kept.entries.first(), 3, kept.statistics), noActions())
    }),
    TRAINING_EMPTY(Tab.TRAINING, {
        TrainingScreen(TrainingState(0, outbox = TrainingFixtures.emptyOutbox.statistics), noActions())
    }),
    PROGRAMS(null, { ProgramsScreen(TrainingFixtures.programs, noActions()) }),
    PROGRAM_DAY(null, {
        val day = DemoProgram.day(5, 2)
        ProgramsScreen(
            TrainingFixtures.programs.copy(day = DayForm(day, Intensity.PERFECT, TrainingFixtures.today.plusDays(1))),
            noActions(),
        )
    }),
    STRENGTH(null, { StrengthScreen(StrengthState(TrainingFixtures.logs, upcoming = DemoProgram.day(5, 2)), noActions()) }),
    STRENGTH_EMPTY(null, { StrengthScreen(StrengthState(emptyList(), upcoming = DemoProgram.day(1, 1)), noActions()) }),
    LOG(null, { LogScreen(TrainingFixtures.logState, noActions()) }),
    LOG_REFUSED(null, {
        LogScreen(TrainingFixtures.logState.copy(fault = LogFault(0, 1, "weight")), noActions())
    }),
    MOVEMENTS(null, { LogScreen(TrainingFixtures.logState.copy(search = "Front squat with a pause"), noActions()) }),
    CATALOGUE(null, { LogScreen(TrainingFixtures.logState.copy(search = ""), noActions()) }),
    METRICS(null, { Metrics() }),
    METRICS_EMPTY(null, { MetricsScreen(MetricsState(MetricKind.MOOD, TrainingFixtures.today, emptyList()), noActions()) }),
    METRIC_REFUSED(null, {
        Metrics(EntryForm(null, "-5", MetricUnit.POUND, TrainingFixtures.today, fault = TrainingFixtures.refused))
    }),
    METRIC_EDITED(null, { Metrics(EntryForm(UUID(9, 0), "177.5", MetricUnit.POUND, TrainingFixtures.today)) }),
    HABITS(null, { Habits(TrainingFixtures.habits) }),
    HABITS_EMPTY(null, { Habits(emptyList()) }),
    HABIT(null, { Habits(TrainingFixtures.habits, HabitForm(TrainingFixtures.habits[0], "Meditation", "12", "calm", "Window open.")) }),
    OUTBOX(null, { OutboxScreen(TrainingFixtures.outbox, noActions()) }),
    OUTBOX_EMPTY(null, { OutboxScreen(TrainingFixtures.emptyOutbox, noActions()) }),
    OUTBOX_DISCARD(null, { OutboxScreen(TrainingFixtures.outbox.copy(discarding = TrainingFixtures.events[0]), noActions()) }),
    OUTBOX_ONLY_COPY(null, {
        val onlyCopy = OnlyCopy(TrainingFixtures.events[2].copy(entityKind = "activity"), TrainingFixtures.onlyCopy)
        OutboxScreen(TrainingFixtures.outbox.copy(onlyCopy = onlyCopy), noActions())
    }),
    EDIT(null, { Detail(DetailState(edit = Draft("Along the river before breakfast", "Cold, clear, no wind."))) }),
    ;

    @Composable
    fun Draw() = AppFrame(tab, {}, failed = if (this == TRAINING) 1 else 0, content = content)
}

@Composable
private fun Record(state: RecordState) = RecordScreen(state, noActions())

@Composable
private fun Detail(state: DetailState) =
    DetailScreen(
        state.copy(
            activity = Fixtures.activity(notes = "Cold, clear, no wind. The bridge is closed until spring."),
            route = Fixtures.route,
            profile = Fixtures.profile,
            splits = Fixtures.splits,
            laps = Fixtures.laps,
        ),
        noActions(),
    )

@Composable
private fun Metrics(form: EntryForm? = null) =
    MetricsScreen(
        MetricsState(MetricKind.BODY_MASS, TrainingFixtures.today, TrainingFixtures.entries, line = TrainingFixtures.line, form = form),
        noActions(),
    )

@Composable
private fun Habits(logs: List<HabitLog>, form: HabitForm? = null) =
    HabitsScreen(HabitsState(TrainingFixtures.today, TrainingFixtures.today, logs, form), noActions())
