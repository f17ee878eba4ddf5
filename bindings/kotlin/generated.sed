# What `./dev bindings` changes in the generated Kotlin, because UniFFI 0.32 has no setting for it. `sed -f`, POSIX. Each line is held by a
# test of the steadfast module, which fails where it was left out.

# The message of an exception is the sentence that Rust's Display gives, not "code=FULL, path=/data/…". Crash reporters show it.
/^sealed class SteadfastException/,/^}/s/^\( *\)get() = "code=.*"$/\1get() = toString()/

# `close` closes. The generated one only lets go of a handle; the store would stay open until a garbage collector found the last of them.
/^open class SteadfastClient:/,/^}/{
/override fun close() {/,/}/s/this\.destroy()/try { if (!uniffiIsDestroyed) shutdown() } finally { destroy() }/
}

# A data class writes out its arrays: the recovery key would be in every log that names the configuration.
/^data class Config (/,/^}/s/^    companion object$/    override fun toString(): String =\
        "Config(dataDir=$dataDir, recoveryKey=${if (recoveryKey == null) "none" else "hidden"}, " +\
            "autosaveIntervalMs=$autosaveIntervalMs, bootId=$bootId, alertThresholds=$alertThresholds)"\
\
    companion object/

# A thread of the core that calls into the JVM stays attached until it ends. JNA attaches and detaches it for every call, and writes "could not
# detach thread" to stderr when a listener calls the core in turn. Daemons: they do not hold up the end of the JVM.
/^internal object uniffiRustFutureContinuationCallbackImpl:/a\
    init { Native.setCallbackThreadInitializer(this, com.sun.jna.CallbackThreadInitializer(true, false)) }
/^    internal object `onEvent`: UniffiCallbackInterfaceEventListenerMethod0 {/a\
        init { Native.setCallbackThreadInitializer(this, com.sun.jna.CallbackThreadInitializer(true, false, "steadfast-events")) }

# A column is read from the buffer into its array, without an array of bytes in between.
/^public object FfiConverterTypeDoubleColumn:/,/^}/{
/override fun read(buf: ByteBuffer)/,/^    }/{
s/val builtinValue = .*/val bytes = buf.getInt()/
s/return java\.nio.*/val column = DoubleArray(bytes \/ 8)\
        buf.slice().order(java.nio.ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(column)\
        buf.position(buf.position() + bytes)\
        return column/
}
}
/^public object FfiConverterTypeLongColumn:/,/^}/{
/override fun read(buf: ByteBuffer)/,/^    }/{
s/val builtinValue = .*/val bytes = buf.getInt()/
s/return java\.nio.*/val column = LongArray(bytes \/ 8)\
        buf.slice().order(java.nio.ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(column)\
        buf.position(buf.position() + bytes)\
        return column/
}
}
