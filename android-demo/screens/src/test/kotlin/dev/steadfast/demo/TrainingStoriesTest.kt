package dev.steadfast.demo

import dev.steadfast.HabitLogQuery
import dev.steadfast.Intensity
import dev.steadfast.MetricKind
import dev.steadfast.MetricUnit
import dev.steadfast.ProgramSession
import dev.steadfast.WeightUnit
import dev.steadfast.WorkoutLog
import dev.steadfast.demo.programs.DemoProgram
import kotlinx.coroutines.runBlocking
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertTrue

/** A person who trains by a program, and writes down what belongs to it. */
class TrainingStoriesTest {
    @Test
    fun aDayIsDoneRatedTakenBackAndAnotherOneIsPlanned() =
        story {
            opens("Programs")
            sees("5×5, 0 of 36 days done")
            presses(labelStarting("Day 1, Squat"))
            presses("As it should be")
            presses("Done")
            sees("Done 21 Nov 2026, 08:12  ·  As it should be")
            sees("5×5, 1 of 36 days done")
            assertEquals(Intensity.PERFECT, session(1)?.intensity)

            presses(labelStarting("Day 1, Squat"))
            presses("Too hard")
            waits("the new rating") { session(1)?.intensity == Intensity.HARD }
            presses("Not done after all")
            sees("5×5, 0 of 36 days done")

            presses(labelStarting("Day 2, Squat"))
            presses("A day later")
            presses("Plan for this day")
            sees("Planned: Tomorrow, 22 Nov 2026")
            presses(labelStarting("Day 2, Squat"))
            presses("Take the date away")
            seesNot("Planned")

            presses("Next week")
            sees("Week 2 of 12")
            assertTrue(goesBack())
            sees("5×5: 0 of 36 days")
            presses(labelStarting("Outbox, 2 changes wait"))
            sees("Training day, new, Waiting, just now")
            sees("No server is set up. Changes wait on this phone until one is")
        }

    @Test
    fun aWorkoutIsLoggedSetBySetWithoutLosingWhatCannotBeANumber() =
        story {
            opens("Strength")
            presses("Log this day")
            retypes("Squat, set 1, weight in kilograms", "abc")
            presses("Save")
            sees("The value cannot be used")
            presses("OK")
            sees("abc")
            retypes("abc", "62,5")
            presses("Squat, set 1 done")
            presses("Squat, set 2, in kilograms; change to pounds")
            retypes("Squat, set 2, weight in pounds", "140")
            presses("Remove Squat, set 5")
            presses("Add a set of Bench press")
            presses("Move Squat down")
            presses("Add exercise")
            types("Search or name", "Front squat")
            presses("Add “Front squat”")
            retypes("Front squat, set 1, repetitions", "8")
            presses("Workout finished")
            presses("Save")

            sees("Week 1, day 1, 21 Nov 2026, 08:12, 1 of 16 sets done")
            val log = assertNotNull(log())
            val names = runBlocking { log.exercises.map { client.strength().definition(it.definitionId).name } }
            assertEquals(listOf("Bench press", "Squat", "Barbell row", "Front squat"), names)
            val squats = log.exercises[1].sets
            assertEquals(
                listOf(62.5 to WeightUnit.KILOGRAM, 140.0 to WeightUnit.POUND),
                squats.take(2).map {
                    it.weight?.value to
                        it.weight?.unit
                },
            )
            assertEquals(listOf(6, 4, 5, 1), log.exercises.map { it.sets.size })
            assertTrue(log.isWorkoutFinished && squats[0].completed)
        }

    @Test
    fun aLogThatWasNotSavedIsNotLeftWithoutAsking() =
        story {
            opens("Programs")
            presses(labelStarting("Day 3, Squat"))
            presses("Strength log")
            retypes("Squat, set 1, weight in kilograms", "70")
            assertTrue(goesBack())
            sees("Leave without saving?")
            presses("Stay")
            seesNot("Leave without saving?")
            assertTrue(goesBack())
            presses("Leave")
            sees("5×5, 0 of 36 days done")
            assertEquals(null, log(3))
        }

    @Test
    fun aLogIsDeletedAfterAskingAgain() =
        story {
            opens("Strength")
            presses("Log this day")
            presses("Save")
            presses(labelStarting("Week 1, day 1"))
            presses("Delete the log")
            confirms("Delete")
            sees("No logs yet")
            assertEquals(null, log())
        }

    @Test
    fun aMeasurementThatCannotBeSaysWhyAndKeepsWhatWasTyped() =
        story {
            opens("Metrics")
            presses("Add a measurement")
            types("Value", "abc")
            presses("Save")
            sees("The value cannot be used")
            sees("Correct the value and try again.")
            sees("abc")
            retypes("abc", "-5")
            presses("Save")
            sees("It goes from 0.1\u00A0kg to 1,000\u00A0kg.")
            sees("-5")
            retypes("-5", "177,5")
            presses("lb")
            types("Notes", "before breakfast")
            presses("Save")
            sees("177.5 pounds, that is 80.51 kilograms, Today, 21 Nov 2026, before breakfast")
            val latest = assertNotNull(runBlocking { client.metrics().latest(MetricKind.BODY_MASS) })
            assertEquals(177.5 to MetricUnit.POUND, latest.quantity to latest.unit)
        }

    @Test
    fun aMeasurementIsMovedToAnotherDayChangedAndDeleted() =
        story {
            opens("Metrics")
            presses("Body mass")
            presses("Mood")
            sees("Nothing measured yet")
            presses("Add a measurement")
            types("Value", "7")
            presses("Save")
            sees("7 of ten, Today")
            presses(labelStarting("7"))
            presses("A day earlier")
            retypes("7", "8")
            presses("Save")
            sees("8 of ten, Yesterday, 20 Nov 2026")
            presses("Add a measurement")
            types("Value", "6")
            presses("Save")
            sees("Mood between 6 of ten and 8 of ten, from 20 Nov 2026 to 21 Nov 2026")
            presses(labelStarting("6"))
            presses("Delete")
            confirms("Delete")
            seesNot("6 of ten")
        }

    @Test
    fun aHabitIsKeptByDay() =
        story {
            opens("Habits")
            sees("Nothing on this day")
            presses("Add an entry")
            presses("Meditation")
            types("Minutes", "a while")
            presses("Save")
            sees("The value cannot be used")
            retypes("a while", "12")
            types("Mood", "calm")
            presses("Save")
            sees("Meditation, 08:12, 12 minutes, calm")

            presses("Previous day")
            sees("Yesterday, 20 Nov 2026")
            sees("Nothing on this day")
            presses("Next day")
            presses("Meditation")
            retypes("calm", "")
            types("Notes", "window open")
            presses("Save")
            sees("Meditation, 08:12, 12 minutes, window open")
            assertTrue(goesBack())
            sees("Today: 1 entry")

            presses(labelStarting("Habits"))
            presses("Meditation")
            presses("Delete")
            confirms("Delete")
            sees("Nothing on this day")
            assertEquals(0, runBlocking { client.habits().list(HabitLogQuery()) }.logs.size)
        }

    private fun Story.opens(room: String) {
        presses("Training")
        presses(labelStarting("$room, "))
    }

    private fun Story.session(day: Int): ProgramSession? = runBlocking { client.programs().session(DemoProgram.day(1, day)) }

    private fun Story.log(day: Int = 1): WorkoutLog? = runBlocking { client.strength().get(DemoProgram.day(1, day)) }
}
