package dev.steadfast.demo.android

import android.app.Application
import android.content.Context
import android.location.LocationManager
import dev.steadfast.SteadfastClient
import dev.steadfast.android.GpsPositionSource
import dev.steadfast.android.PositionSource
import dev.steadfast.android.RecordingService
import dev.steadfast.android.SteadfastAndroid
import dev.steadfast.android.SteadfastHost
import dev.steadfast.android.SteadfastOptions
import dev.steadfast.demo.app.AppModel
import dev.steadfast.demo.app.Attempts
import dev.steadfast.demo.app.Startup
import dev.steadfast.demo.format.Units
import dev.steadfast.demo.location.Tracker
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import java.time.ZoneId
import java.util.Locale

/** Holds what outlives every screen: the open store and the view models over it. */
class DemoApplication :
    Application(),
    SteadfastHost {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main.immediate)

    override val steadfastOptions = SteadfastOptions(positions = ::positions)

    val shell by lazy { AndroidShell(this, scope) }

    /** Opened with the first screen, not with the process: the system also starts that for the service and the jobs. */
    val startup by lazy {
        Startup(
            Attempts(scope),
            openWithNewKey = { model(SteadfastAndroid.openWithNewKey(this)) },
            open = { model(SteadfastAndroid.openWhenUnlocked(this)) },
        )
    }

    private fun model(client: SteadfastClient): AppModel {
        val tracker =
            object : Tracker {
                override fun track() {
                    // What is in the way, RecordingService.problem says: the shell shows it.
                    RecordingService.start(this@DemoApplication)
                }
            }
        return AppModel(client, tracker, shell, ZoneId.systemDefault(), Units.of(Locale.getDefault()), scope)
    }

    /** A device without a receiver, such as some emulators, runs through the made-up town. */
    private fun positions(context: Context): PositionSource =
        if (LocationManager.GPS_PROVIDER in context.getSystemService(LocationManager::class.java).allProviders) {
            GpsPositionSource(context)
        } else {
            TownPositionSource()
        }
}
