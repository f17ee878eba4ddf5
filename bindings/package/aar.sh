#!/bin/sh
# The library for Android: `aar.sh` leaves target/package/steadfast-android-VERSION.aar and its .pom beside it.
# ANDROID_NDK_HOME names an NDK (r27 or newer); rustup has the targets aarch64-linux-android, armv7-linux-androideabi and
# x86_64-linux-android. Without them it ends with exit code 3.
#
#   aar.sh --dry-run-with-host-library FILE    puts FILE in every ABI's place: shows that the archive is put together rightly,
#                                              on a machine without an NDK. What comes out does not run on a phone.
#
# Unverified: the build with an NDK, and the archive in an app; its layout is checked by the dry run.
set -eu
cd "$(dirname "$0")/../.."
. bindings/package/common.sh

MINIMUM_API=26
ABIS="arm64-v8a armeabi-v7a x86_64"
kotlin=bindings/kotlin
android=$kotlin/steadfast-android
out=target/package
host_library=

case "${1:-}" in
--dry-run-with-host-library)
    host_library=${2:-}
    [ -f "$host_library" ] || { echo "usage: aar.sh --dry-run-with-host-library FILE" >&2; exit 2; }
    ;;
"") ;;
*) echo "usage: aar.sh [--dry-run-with-host-library FILE]" >&2; exit 2 ;;
esac

need mvn zip unzip
work=$out/aar
rm -rf "$work"
mkdir -p "$work/classes" "$work/content"

if [ -z "$host_library" ]; then
    need cargo
    [ -n "${ANDROID_NDK_HOME:-}" ] || no_toolchain "ANDROID_NDK_HOME is not set: an Android NDK is needed to link (--dry-run-with-host-library FILE goes without)"
    host=$(uname -s | tr '[:upper:]' '[:lower:]')-x86_64
    tools=$ANDROID_NDK_HOME/toolchains/llvm/prebuilt/$host/bin
    [ -x "$tools/llvm-ar" ] || no_toolchain "there is no NDK in ANDROID_NDK_HOME, $ANDROID_NDK_HOME"
fi

# build TARGET CLANG: cargo with the NDK's compiler, archiver and linker; then the library, with segments aligned to 16 KB and relocations packed,
# which Android's loader reads since API 23: 160 KB less on x86-64.
build() {
    clang=$tools/$2$MINIMUM_API-clang
    [ -d "$(rustc --print target-libdir --target "$1")" ] || no_toolchain "rustc has no $1; run: rustup target add $1"
    lower=$(echo "$1" | tr - _)
    upper=$(echo "$lower" | tr '[:lower:]' '[:upper:]')
    env "CC_$lower=$clang" "AR_$lower=$tools/llvm-ar" "CARGO_TARGET_${upper}_LINKER=$clang" \
        cargo build --locked --profile mobile -p steadfast --target "$1"
    link_elf "$built/libsteadfast.a" "$linked" "$clang" -Wl,-z,max-page-size=16384 -Wl,--pack-dyn-relocs=android -llog -ldl -lm
}

for abi in $ABIS; do
    library=$work/content/jni/$abi/libsteadfast.so
    mkdir -p "$(dirname "$library")"
    if [ -n "$host_library" ]; then
        cp "$host_library" "$library"
        continue
    fi
    say "$abi"
    case $abi in
    arm64-v8a) target=aarch64-linux-android clang=aarch64-linux-android ;;
    armeabi-v7a) target=armv7-linux-androideabi clang=armv7a-linux-androideabi ;;
    x86_64) target=x86_64-linux-android clang=x86_64-linux-android ;;
    esac
    built=${CARGO_TARGET_DIR:-target}/$target/mobile
    linked=$work/linked/$abi/libsteadfast.so
    build "$target" "$clang"
    strip_elf "$linked" "$library" "android-$abi" "$tools/llvm-"
    check_exports "$library" "$built/libsteadfast.so" "$tools/llvm-"
    check_pages "$library" "$tools/llvm-"
done

say "the classes"
# One archive to add: the classes of the JVM module and those of the Android module together.
core_jar=$kotlin/steadfast/target/steadfast-$version.jar
android_jar=$android/target/steadfast-android-$version.jar
mvn -q -f $kotlin/pom.xml -pl steadfast,steadfast-android -Dmaven.test.skip=true package
for jar in "$core_jar" "$android_jar"; do
    [ -f "$jar" ] || fail "$jar was not made"
    unzip -q -o "$jar" -d "$work/classes" -x 'META-INF/MANIFEST.MF' 'META-INF/maven/*'
done
pack "$work/classes" "$work/content/classes.jar"
cp $android/src/main/AndroidManifest.xml "$work/content/AndroidManifest.xml"
cp $android/consumer-rules.pro "$work/content/proguard.txt"
# The format wants it; there are no resources.
: > "$work/content/R.txt"

aar=$out/steadfast-android-$version.aar
[ -z "$host_library" ] || aar=$out/steadfast-android-$version-dry-run.aar
pack "$work/content" "$aar"

property() { sed -n "s|.*<$1>\(.*\)</$1>.*|\1|p" $kotlin/pom.xml | head -n1; }
dependency() { printf '    <dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>%s</dependency>\n' "$@"; }
{
    echo '<?xml version="1.0" encoding="UTF-8"?>'
    echo '<project xmlns="http://maven.apache.org/POM/4.0.0">'
    echo "  <modelVersion>4.0.0</modelVersion><groupId>dev.steadfast</groupId><artifactId>steadfast-android</artifactId>"
    echo "  <version>$version</version><packaging>aar</packaging>"
    echo "  <dependencies>"
    dependency org.jetbrains.kotlin kotlin-stdlib "$(property kotlin.version)" ""
    dependency org.jetbrains.kotlinx kotlinx-coroutines-core-jvm "$(property coroutines.version)" ""
    # JNA's own archive for Android: its jar holds no phone's libjnidispatch.
    dependency net.java.dev.jna jna "$(property jna.version)" "<type>aar</type>"
    echo "  </dependencies>"
    echo '</project>'
} > "${aar%.aar}.pom"

for entry in AndroidManifest.xml R.txt classes.jar proguard.txt; do
    unzip -l "$aar" | grep -q " $entry\$" || fail "$aar holds no $entry"
done
for abi in $ABIS; do
    unzip -l "$aar" | grep -q " jni/$abi/libsteadfast.so\$" || fail "$aar holds no library for $abi"
done
unzip -l "$work/content/classes.jar" | grep -q ' dev/steadfast/SteadfastClient.class$' || fail "classes.jar holds no SteadfastClient"
size "$aar"
