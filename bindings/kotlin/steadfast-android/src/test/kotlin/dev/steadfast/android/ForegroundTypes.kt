package dev.steadfast.android

import android.app.Notification
import android.app.Service
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadows.ShadowService

/** Robolectric's service, which also notes the foreground types, and can refuse some as Android 14 does. */
@Implements(Service::class)
class ForegroundTypes : ShadowService() {
    @Implementation
    public override fun startForeground(id: Int, notification: Notification, type: Int) {
        asked += type
        if (type in refused) throw SecurityException("Starting FGS with type $type")
        startForeground(id, notification)
    }

    companion object {
        val asked = mutableListOf<Int>()
        var refused = emptySet<Int>()

        fun reset() {
            asked.clear()
            refused = emptySet()
        }
    }
}
