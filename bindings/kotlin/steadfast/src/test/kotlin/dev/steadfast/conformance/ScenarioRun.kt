package dev.steadfast.conformance

import dev.steadfast.processes.QuickJava
import java.io.File

/** Runs a scenario in an empty folder; what comes before a kill runs in a child of this language, which gets SIGKILL. */
class ScenarioRun(private val file: File, private val work: File) {
    private val scenario = Scenario.read(file)

    /** @throws ScenarioFailure what was not as the scenario says, with the step. */
    suspend fun all(java: QuickJava) {
        var from = 0
        while (true) {
            val kill = scenario.killAfter(from) ?: break
            killChild(java, from)
            from = kill + 1
        }
        val actor = actor()
        try {
            perform(actor, from, scenario.steps.size)
        } finally {
            actor.client?.close()
            actor.server?.close()
        }
    }

    /** The part of the child. It does not close its client: no kill does. */
    suspend fun untilTheNextKill(from: Int) {
        val kill = scenario.killAfter(from) ?: throw ScenarioFailure("there is no kill to wait for")
        perform(actor(), from, kill)
    }

    private fun actor() = Actor(work, file.absoluteFile.parentFile.let { if (it.name == "broken") it.parentFile else it })

    private suspend fun perform(actor: Actor, from: Int, until: Int) {
        for (index in from until until) {
            val step = scenario.steps[index]
            try {
                repeat(step.times) { actor.perform(step) }
            } catch (failure: ScenarioFailure) {
                throw ScenarioFailure("step ${index + 1} (${step.verb}): ${failure.message}")
            }
        }
    }

    private fun killChild(java: QuickJava, from: Int) {
        val errors = File.createTempFile("child", ".txt", java.scratch)
        val arguments = listOf(file.path, work.path, "$from")
        val child = ProcessBuilder(java.command(ScenarioChild::class.java, arguments)).redirectError(errors).start()
        val said = child.inputStream.bufferedReader().readLine()
        child.toHandle().destroyForcibly()
        val code = child.waitFor()
        if (said != ScenarioChild.READY) throw ScenarioFailure(said ?: "the child ended with $code: ${errors.readText()}")
        check(code == KILLED) { "the child was to be killed and ended with $code" }
    }

    private companion object {
        /** 128 and SIGKILL. */
        const val KILLED = 137
    }
}
