package dev.steadfast.android

import android.app.Service
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.w3c.dom.Element
import java.io.File
import javax.xml.parsers.DocumentBuilderFactory

/** Robolectric does not read it, and a phone refuses a service that it does not name. */
class ManifestTest {
    private val manifest =
        DocumentBuilderFactory
            .newInstance()
            .apply { isNamespaceAware = true }
            .newDocumentBuilder()
            .parse(File("src/main/AndroidManifest.xml"))

    private fun elements(name: String) =
        manifest.getElementsByTagName(name).let { found -> List(found.length) { found.item(it) as Element } }

    private fun Element.android(name: String) = getAttributeNS("http://schemas.android.com/apk/res/android", name)

    @Test
    fun `it names the package's services, and lets no other app start them`() {
        val services = elements("service")
        val classes = services.map { Class.forName(it.android("name"), false, javaClass.classLoader) }
        assertEquals(setOf(RecordingService::class.java, SteadfastJobService::class.java), classes.toSet())
        assertTrue(classes.all { Service::class.java.isAssignableFrom(it) })
        assertEquals(listOf("false", "false"), services.map { it.android("exported") })
    }

    @Test
    fun `the recording service may be of both types that it asks for, and each has its permission`() {
        val recording = elements("service").single { it.android("name") == RecordingService::class.java.name }
        assertEquals("location|health", recording.android("foregroundServiceType"))
        assertEquals("false", recording.android("stopWithTask"))
        val permissions = elements("uses-permission").map { it.android("name").removePrefix("android.permission.") }
        val needed = listOf("FOREGROUND_SERVICE", "FOREGROUND_SERVICE_LOCATION", "FOREGROUND_SERVICE_HEALTH", "HIGH_SAMPLING_RATE_SENSORS")
        assertTrue(permissions.containsAll(needed + "ACCESS_FINE_LOCATION" + "WAKE_LOCK"))
    }
}
