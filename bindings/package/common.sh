# shellcheck shell=sh
# What the packaging scripts share; to be sourced from the root of the checkout.

say() { printf '\n== %s\n' "$*"; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }
# Exit code 3: this machine lacks what is needed, which is no fault of the code.
no_toolchain() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 3; }
need() { for tool in "$@"; do command -v "$tool" >/dev/null 2>&1 || no_toolchain "$tool was not found"; done; }

# shellcheck disable=SC2034
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
# What an app needs to read a crash report: the unstripped libraries, which belong into the release's archive and not into the app.
symbols=target/package/symbols

# strip_elf FILE OUT NAME [TOOL PREFIX]: OUT is FILE without what only a debugger needs, which goes to the symbols' folder under NAME.
strip_elf() {
    mkdir -p "$symbols/$3" "$(dirname "$2")"
    "${4:-}objcopy" --only-keep-debug "$1" "$symbols/$3/libsteadfast.so.debug"
    "${4:-}strip" --strip-unneeded -o "$2" "$1"
    "${4:-}objcopy" --add-gnu-debuglink="$symbols/$3/libsteadfast.so.debug" "$2"
}

# An app links other libraries too, some with an SQLite of their own: what is exported is what the bindings call (and what the
# generator reads, which the macros export beside it), and nothing else.
check_exports() {
    strangers=$("${2:-}nm" -D --defined-only "$1" | awk '{print $NF}' | grep -Ev '^(uniffi_|ffi_|UNIFFI_META_)' || true)
    [ -z "$strangers" ] || fail "$1 exports more than the bindings: $(echo "$strangers" | head -n3 | tr '\n' ' ')"
}

# Android's 16 KB pages: every segment has to be aligned to them.
check_pages() {
    aligned=$("${2:-}readelf" -lW "$1" | awk '$1 == "LOAD" {print $NF}')
    [ -n "$aligned" ] || fail "$1 has no segments to load"
    for align in $aligned; do
        [ $((align)) -ge 16384 ] || fail "$1 is aligned to $align, Android needs 0x4000"
    done
}

# pack FOLDER ARCHIVE: the same content makes the same bytes.
pack() {
    target=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
    rm -f "$target"
    find "$1" -exec touch -h -d '1980-01-02 00:00:00 UTC' {} +
    (cd "$1" && find . -type f | LC_ALL=C sort | sed 's|^\./||' | TZ=UTC zip -q -X "$target" -@)
}

size() { printf '%10d bytes  %s\n' "$(wc -c < "$1")" "$1"; }
