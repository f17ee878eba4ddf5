package dev.steadfast.android
internal val probe: Int = android.os.Build.VERSION.SDK_INT
