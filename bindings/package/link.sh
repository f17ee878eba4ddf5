#!/bin/sh
# The library as it ships, for measuring on Linux: `link.sh FOLDER` makes FOLDER/shipped/libsteadfast.so of the libraries that cargo
# left in FOLDER.
set -eu
folder=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
. bindings/package/common.sh
need cc nm

linked=$folder/shipped/libsteadfast.so
# shellcheck disable=SC2086 # a list of words
link_elf "$folder/libsteadfast.a" "$linked" cc $LINUX_LIBRARIES
check_exports "$linked" "$folder/libsteadfast.so"
