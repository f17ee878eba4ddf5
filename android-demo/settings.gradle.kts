// Unverified: no Android SDK was to be had. See README.md.
pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositories {
        google()
        mavenCentral()
        // bindings/package/aar.sh leaves the library here.
        flatDir { dirs("../target/package") }
    }
}

rootProject.name = "steadfast-demo"
include(":screens", ":app")
