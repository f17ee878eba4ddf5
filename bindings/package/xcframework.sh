#!/bin/sh
# The library for Apple's systems, on a Mac with Xcode: `xcframework.sh` leaves target/apple/SteadfastFFI.xcframework, which Package.swift
# takes before a release's, and target/package/SteadfastFFI.xcframework.zip with its checksum for a release.
# rustup has the targets below. Elsewhere than on macOS, or without them, it ends with exit code 3.
#
# Unverified: all of it. No Mac ran this script; the Rust code is type-checked for iOS by check-mobile.sh.
set -eu
cd "$(dirname "$0")/../.."
. bindings/package/common.sh

# As Package.swift says.
export IPHONEOS_DEPLOYMENT_TARGET=17.0 MACOSX_DEPLOYMENT_TARGET=14.0

[ "$(uname -s)" = Darwin ] || no_toolchain "an XCFramework can be made on macOS only"
need cargo xcrun xcodebuild lipo nm swift
TARGETS="aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin"
for target in $TARGETS; do
    [ -d "$(rustc --print target-libdir --target "$target")" ] || no_toolchain "rustc has no $target; run: rustup target add $target"
done

include=bindings/swift/Sources/SteadfastFFI/include
work=target/package/apple
framework=target/apple/SteadfastFFI.xcframework
rm -rf "$work" "$framework"
mkdir -p "$work/headers/SteadfastFFI" "$(dirname "$framework")"
# A folder of our own: two frameworks with a module map at the top of their headers overwrite each other's in one app.
cp "$include/SteadfastFFI.h" "$include/module.modulemap" "$work/headers/SteadfastFFI/"
# All else becomes local, above all SQLite's functions, which an app may link a second time from the system.
printf '%s\n' '_uniffi_*' '_ffi_*' > "$work/exports.txt"

# merge TARGET ARCH PLATFORM SDK MINIMUM: one object file of the whole archive, in an archive.
merge() {
    say "$1"
    cargo build --locked --profile mobile -p steadfast --target "$1"
    mkdir -p "$work/$1"
    # The whole archive with its line tables is what a crash report is read with.
    mkdir -p "$symbols/$1"
    cp "${CARGO_TARGET_DIR:-target}/$1/mobile/libsteadfast.a" "$symbols/$1/"
    xcrun --sdk "$4" ld -r -arch "$2" -platform_version "$3" "$5" "$(xcrun --sdk "$4" --show-sdk-version)" \
        -all_load "${CARGO_TARGET_DIR:-target}/$1/mobile/libsteadfast.a" \
        -exported_symbols_list "$work/exports.txt" -o "$work/$1/steadfast.o"
    xcrun --sdk "$4" strip -S "$work/$1/steadfast.o"
    xcrun --sdk "$4" libtool -static -o "$work/$1/libSteadfastFFI.a" "$work/$1/steadfast.o"
    strangers=$(nm -gU "$work/$1/libSteadfastFFI.a" 2>/dev/null | awk 'NF == 3 {print $3}' | grep -Ev '^_(uniffi|ffi)_' || true)
    [ -z "$strangers" ] || fail "$1 exports more than the bindings: $(echo "$strangers" | head -n3 | tr '\n' ' ')"
}

merge aarch64-apple-ios arm64 ios iphoneos "$IPHONEOS_DEPLOYMENT_TARGET"
merge aarch64-apple-ios-sim arm64 ios-simulator iphonesimulator "$IPHONEOS_DEPLOYMENT_TARGET"
merge x86_64-apple-ios x86_64 ios-simulator iphonesimulator "$IPHONEOS_DEPLOYMENT_TARGET"
merge aarch64-apple-darwin arm64 macos macosx "$MACOSX_DEPLOYMENT_TARGET"
merge x86_64-apple-darwin x86_64 macos macosx "$MACOSX_DEPLOYMENT_TARGET"

say "the framework"
mkdir -p "$work/simulator" "$work/macos"
lipo -create "$work/aarch64-apple-ios-sim/libSteadfastFFI.a" "$work/x86_64-apple-ios/libSteadfastFFI.a" -output "$work/simulator/libSteadfastFFI.a"
lipo -create "$work/aarch64-apple-darwin/libSteadfastFFI.a" "$work/x86_64-apple-darwin/libSteadfastFFI.a" -output "$work/macos/libSteadfastFFI.a"
xcodebuild -create-xcframework \
    -library "$work/aarch64-apple-ios/libSteadfastFFI.a" -headers "$work/headers" \
    -library "$work/simulator/libSteadfastFFI.a" -headers "$work/headers" \
    -library "$work/macos/libSteadfastFFI.a" -headers "$work/headers" \
    -output "$framework"

archive=$PWD/target/package/SteadfastFFI.xcframework.zip
rm -f "$archive"
(cd target/apple && zip -q -r -X "$archive" SteadfastFFI.xcframework)
swift package compute-checksum "$archive" > "$archive.checksum"
size "$archive"
printf 'checksum for Package.swift: %s\n' "$(cat "$archive.checksum")"
