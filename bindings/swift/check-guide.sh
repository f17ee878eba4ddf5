#!/bin/sh
# Type-checks those Swift examples of docs/guide that need an Apple system, on Linux, against the package and the stand-ins in Tests/stubs
# (README.md there says what that proves). Wants check-apple.sh to have run before: the stand-ins' modules are its.
set -eu
cd "$(dirname "$0")"

build=${1:-../../target/swift}/debug/Modules
stubs=${1:-../../target/swift}/stubs
out=$stubs/guide
swiftc=${SWIFTC:-swiftc}
[ -e "$stubs/UIKit.swiftmodule" ] || { echo "check-guide.sh: check-apple.sh has not run" >&2; exit 1; }
mkdir -p "$out"

"$swiftc" -emit-module -swift-version 6 -parse-as-library -suppress-warnings -module-name ActivityKit -o "$out/ActivityKit.swiftmodule" \
    Tests/stubs/ActivityKit.swift
# The package as an app on a phone sees it, with what is Apple's alone. On Apple's systems Foundation brings Darwin along.
"$swiftc" -emit-module -Xfrontend -import-module -Xfrontend Darwin -swift-version 6 -suppress-warnings -parse-as-library -module-name Steadfast \
    -package-name guide -I "$stubs" -I "$build" -I Sources/SteadfastFFI/include -o "$out/Steadfast.swiftmodule" Sources/Steadfast/*.swift
../../docs/guide/extract.sh apple "$out/examples"
"$swiftc" -typecheck -swift-version 6 -warnings-as-errors -parse-as-library -module-name Guide -I "$out" -I "$stubs" -I "$build" \
    -I Sources/SteadfastFFI/include "$out"/examples/*.swift
echo "swift: $(ls "$out"/examples/*.swift | wc -l) examples of the guide type-checked against the stand-ins"
