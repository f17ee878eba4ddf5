#!/bin/sh
# Measures a track's way into Swift: `bench.sh LIBRARY_DIR FILE`, both from the root of the repository.
set -eu
cd "$(dirname "$0")/../.."
STEADFAST_LIB_DIR=$PWD/$1
export STEADFAST_LIB_DIR
# A folder of its own: the tests link another library.
swift build -c release --product ffi-bench --scratch-path target/swift-bench
target/swift-bench/release/ffi-bench "$2"
