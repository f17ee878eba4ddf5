package dev.steadfast.android

import android.app.Application

/** An app with the options that the test wants. */
class TestApp :
    Application(),
    SteadfastHost {
    override var steadfastOptions = SteadfastOptions()
}
