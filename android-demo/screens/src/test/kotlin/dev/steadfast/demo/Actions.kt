package dev.steadfast.demo

import java.lang.reflect.Proxy

/** Actions of a screen that is only looked at. */
inline fun <reified T : Any> noActions(): T =
    Proxy.newProxyInstance(T::class.java.classLoader, arrayOf(T::class.java)) { _, _, _ -> Unit } as T
