#!/bin/sh
# The jar for the JVM, with this machine's native library inside: `jvm.sh` leaves
# target/package/steadfast-VERSION-PLATFORM.jar.
# JNA finds the library by its path in the jar, PLATFORM/libsteadfast.so; PLATFORM is JNA's name for this machine.
#
# Unverified: macOS (the script takes the branch for it, nobody ran it).
set -eu
cd "$(dirname "$0")/../.."
. bindings/package/common.sh
need cargo mvn unzip

case "$(uname -s)-$(uname -m)" in
Linux-x86_64) platform=linux-x86-64 library=libsteadfast.so ;;
Linux-aarch64) platform=linux-aarch64 library=libsteadfast.so ;;
Darwin-arm64) platform=darwin-aarch64 library=libsteadfast.dylib ;;
Darwin-x86_64) platform=darwin-x86-64 library=libsteadfast.dylib ;;
*) no_toolchain "no jar is made on $(uname -sm)" ;;
esac

say "the library, profile mobile"
cargo build --locked --profile mobile -p steadfast
built=${CARGO_TARGET_DIR:-target}/mobile/$library
native=$PWD/target/package/jvm/$platform
rm -rf "$(dirname "$native")"
mkdir -p "$native"
case $library in
*.so)
    need cc objcopy strip nm
    linked=$(dirname "$native")/$library
    # shellcheck disable=SC2086 # a list of words
    link_elf "${built%.so}.a" "$linked" cc $LINUX_LIBRARIES
    strip_elf "$linked" "$native/$library" "$platform"
    check_exports "$native/$library" "$built"
    ;;
*.dylib)
    mkdir -p "$symbols/$platform"
    dsymutil "$built" -o "$symbols/$platform/$library.dSYM"
    strip -x -o "$native/$library" "$built"
    ;;
esac

say "the jar"
# The profile tests the jar too: a JVM that is given nothing but it and its dependencies opens a client.
mvn -q -f bindings/kotlin/pom.xml -pl steadfast -Pbundle -Dnative.dir="$native" verify
jar=target/package/steadfast-$version-$platform.jar
cp "bindings/kotlin/steadfast/target/steadfast-$version-$platform.jar" "$jar"
unzip -l "$jar" | grep -q " $platform/$library\$" || fail "$jar holds no $platform/$library"
unzip -l "$jar" | grep -q ' dev/steadfast/SteadfastClient.class$' || fail "$jar holds no classes"
size "$native/$library"
size "$jar"
