package dev.steadfast.android

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import kotlinx.coroutines.suspendCancellableCoroutine
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.resume

/** Until the person has unlocked the device for the first time since the boot: before it the app's files cannot be read. */
internal suspend fun awaitUnlock(context: Context): Unit =
    suspendCancellableCoroutine { waiting ->
        val isOver = AtomicBoolean()
        lateinit var receiver: BroadcastReceiver

        fun end() {
            if (isOver.compareAndSet(false, true)) context.unregisterReceiver(receiver)
        }
        receiver =
            object : BroadcastReceiver() {
                override fun onReceive(context: Context, intent: Intent) {
                    end()
                    if (waiting.isActive) waiting.resume(Unit)
                }
            }
        // The system alone may send it: no flag about exporting is needed.
        context.registerReceiver(receiver, IntentFilter(Intent.ACTION_USER_UNLOCKED))
        waiting.invokeOnCancellation { end() }
        // Unlocked between the look and the registration.
        if (isUnlocked(context) && !isOver.get()) receiver.onReceive(context, Intent(Intent.ACTION_USER_UNLOCKED))
    }
