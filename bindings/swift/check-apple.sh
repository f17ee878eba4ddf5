#!/bin/sh
# Type-checks the package's Apple-only code on Linux, against the stand-ins in Tests/stubs (README.md there says what that proves).
# Wants the generated module built before: swift build --scratch-path target/swift
set -eu
cd "$(dirname "$0")"

build=${1:-../../target/swift}/debug/Modules
out=${1:-../../target/swift}/stubs
swiftc=${SWIFTC:-swiftc}
[ -e "$build/SteadfastGenerated.swiftmodule" ] || { echo "check-apple.sh: the package is not built in $build" >&2; exit 1; }

# As SwiftPM names the package: after its folder.
package=$(basename "$(cd ../.. && pwd)" | tr '[:upper:]' '[:lower:]')
mkdir -p "$out"
for module in Darwin UIKit CoreLocation BackgroundTasks Security; do
    stub=Tests/stubs/$module.swift
    [ "$out/$module.swiftmodule" -nt "$stub" ] || "$swiftc" -emit-module -swift-version 6 -parse-as-library -suppress-warnings \
        -module-name "$module" -I "$out" -o "$out/$module.swiftmodule" "$stub"
done
# On Apple's systems Foundation brings Darwin along.
"$swiftc" -typecheck -Xfrontend -import-module -Xfrontend Darwin -swift-version 6 -warnings-as-errors -parse-as-library -module-name Steadfast -package-name "$package" \
    -I "$out" -I "$build" -I Sources/SteadfastFFI/include Sources/Steadfast/*.swift
echo "swift: $(grep -l 'canImport' Sources/Steadfast/*.swift | wc -l) files with Apple-only code type-checked against the stand-ins"
