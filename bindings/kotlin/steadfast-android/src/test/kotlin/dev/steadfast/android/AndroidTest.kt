package dev.steadfast.android

import android.Manifest.permission.ACCESS_FINE_LOCATION
import android.app.ActivityManager
import android.app.ActivityManager.RunningAppProcessInfo
import android.os.Looper
import android.os.Process
import dev.steadfast.Recorder
import dev.steadfast.SteadfastClient
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Before
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf

/** An app on a simulated framework, with the real core. */
@RunWith(RobolectricTestRunner::class)
abstract class AndroidTest {
    protected lateinit var app: TestApp

    @Before
    fun startApp() {
        app = RuntimeEnvironment.getApplication() as TestApp
        shadowOf(app).grantPermissions(ACCESS_FINE_LOCATION)
        FakeKeystore.install()
        setImportance(RunningAppProcessInfo.IMPORTANCE_FOREGROUND_SERVICE)
    }

    @After
    fun endApp() {
        runBlocking { SteadfastAndroid.close() }
        FakeKeystore.remove()
    }

    /** What the process is to the system: on the screen, or recording in the background. */
    protected fun setImportance(importance: Int) {
        val process = RunningAppProcessInfo(app.packageName, Process.myPid(), arrayOf(app.packageName))
        process.importance = importance
        shadowOf(app.getSystemService(ActivityManager::class.java)).setProcesses(listOf(process))
    }

    protected fun open(): SteadfastClient = runBlocking { SteadfastAndroid.open(app) }

    protected fun recorder(): Recorder = open().recorder()

    /** The process is killed: what it held is gone, what was acknowledged is on the disk. */
    protected fun killProcess() = runBlocking { SteadfastAndroid.close() }

    /** Waits, as a person would, for what other threads do. Robolectric's own clock stands still. */
    protected fun eventually(what: String, isSo: () -> Boolean) {
        repeat(500) {
            shadowOf(Looper.getMainLooper()).idle()
            if (isSo()) return
            Thread.sleep(20)
        }
        throw AssertionError("not within ten seconds: $what; the workout is ${SteadfastAndroid.client?.recorder()?.live()}")
    }
}
