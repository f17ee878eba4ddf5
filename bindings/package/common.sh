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

# link_elf ARCHIVE OUT COMPILER [FLAG...]: the shared library of cargo's archive, which exports what the bindings call and nothing else. The one
# that cargo links also exports what the generator reads, the docs of every call among it: 143 KB that no app needs.
link_elf() {
    archive=$1 linked=$2 compiler=$3
    shift 3
    mkdir -p "$(dirname "$linked")"
    printf '{ global: uniffi_*; ffi_*; local: *; };\n' > "$linked.exports"
    # An archive gives what somebody asks for; profile mobile makes one object of all Rust code, so asking for one function is enough.
    "$compiler" -shared -o "$linked" -Wl,--version-script="$linked.exports" -Wl,-u,ffi_steadfast_core_uniffi_contract_version \
        "$archive" -Wl,--gc-sections -Wl,--as-needed -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack "$@"
    rm "$linked.exports"
}

# What rustc names for an archive on Linux (--print native-static-libs).
# shellcheck disable=SC2034
LINUX_LIBRARIES='-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc'

# exports FILE [TOOL PREFIX]: the names of the functions for the bindings.
exports() { "${2:-}nm" -D --defined-only "$1" | awk '{print $NF}' | grep -v '^UNIFFI_META_' | LC_ALL=C sort; }

# check_exports FILE CARGO'S [TOOL PREFIX]: an app links other libraries too, some with an SQLite of their own. What is exported is what the
# bindings call, all that cargo's library exports of that, and nothing else.
check_exports() {
    exported=$("${3:-}nm" -D --defined-only "$1" | awk '{print $NF}' | LC_ALL=C sort)
    strangers=$(echo "$exported" | grep -Ev '^(uniffi_|ffi_)' || true)
    [ -z "$strangers" ] || fail "$1 exports more than the bindings: $(echo "$strangers" | head -n3 | tr '\n' ' ')"
    [ "$exported" = "$(exports "$2" "${3:-}")" ] || fail "$1 lacks functions that the bindings call"
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
