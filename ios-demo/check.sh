#!/bin/sh
# Parses the app's views and checks their types against a stand-in for SwiftUI (SwiftUIStub/README.md says what that proves).
# Wants the models built before: swift build --scratch-path ../target/swift-demo
set -eu
cd "$(dirname "$0")"

build=${1:-../target/swift-demo}/debug
out=${1:-../target/swift-demo}/stub
swiftc=${SWIFTC:-swiftc}
[ -e "$build/Modules/DemoModels.swiftmodule" ] || { echo "check.sh: the models are not built in $build" >&2; exit 1; }

views=$(find App -name '*.swift' | sort)
"$swiftc" -parse -swift-version 6 $views

mkdir -p "$out"
stub() {
    "$swiftc" -emit-module -swift-version 6 -parse-as-library -suppress-warnings -module-name "$1" -I "$out" \
        -o "$out/$1.swiftmodule" "SwiftUIStub/$1"/*.swift
}
stub UniformTypeIdentifiers
stub SwiftUI

"$swiftc" -typecheck -swift-version 6 -warnings-as-errors -parse-as-library -module-name SteadfastDemoApp \
    -I "$out" -I "$build/Modules" -I ../bindings/swift/Sources/SteadfastFFI/include $views

echo "ios-demo: $(echo "$views" | wc -l) files parsed and type-checked against the stand-in for SwiftUI"
