package dev.steadfast.android

import android.app.Activity
import android.app.Application
import android.os.Bundle

/** Says when an activity of the app comes to the screen, or back from a dialog of the system. */
internal class Screens(private val onScreen: () -> Unit) : Application.ActivityLifecycleCallbacks {
    override fun onActivityResumed(activity: Activity) = onScreen()

    override fun onActivityCreated(activity: Activity, state: Bundle?) = Unit

    override fun onActivityStarted(activity: Activity) = Unit

    override fun onActivityPaused(activity: Activity) = Unit

    override fun onActivityStopped(activity: Activity) = Unit

    override fun onActivitySaveInstanceState(activity: Activity, state: Bundle) = Unit

    override fun onActivityDestroyed(activity: Activity) = Unit
}
