#!/bin/sh
# Measures a track's way into Kotlin: `bench.sh LIBRARY_DIR FILE`, both from the root of the repository.
set -eu
cd "$(dirname "$0")/../.."
classpath=$PWD/target/ffi/classpath.txt
mkdir -p target/ffi
mvn -B -ntp -q -f bindings/kotlin/pom.xml -pl steadfast test-compile \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath -Dmdep.outputFile="$classpath" -Dmdep.includeScope=test
classes=bindings/kotlin/steadfast/target
# With the heap that a phone gives an app: one of gigabytes spends its time on pages that it touches for the first time.
java -Xmx256m -Djna.library.path="$1" -cp "$classes/test-classes:$classes/classes:$(cat "$classpath")" dev.steadfast.bench.TrackBench "$2"
