// Unverified: no Android SDK was to be had. See README.md.
plugins {
    id("com.android.application")
    id("org.jetbrains.kotlin.android")
    id("org.jetbrains.kotlin.plugin.compose")
}

android {
    namespace = "dev.steadfast.demo.android"
    compileSdk = 36
    defaultConfig {
        applicationId = "dev.steadfast.demo"
        minSdk = 26
        targetSdk = 36
        versionCode = 1
        versionName = "0.1.0"
    }
    buildFeatures { compose = true }
}

kotlin { jvmToolchain(17) }

dependencies {
    implementation(project(":screens"))
    implementation("androidx.activity:activity-compose:1.13.0")
}
