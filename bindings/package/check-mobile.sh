#!/bin/sh
# Type-checks and lints the library for phones, on any host: `check-mobile.sh [TARGET...]`.
#
# Nothing is linked, and the C of SQLite is not compiled (the C compiler is `true`): this shows that the Rust code fits the
# phones' types, system calls and target-only dependencies, not that it runs there.
#
# The standard library of a target comes from rustup where that is installed (`rustup target add`). Where it is not, it is checked
# from source: rustc's own `rust-src`, or the package of that name for exactly this rustc in Debian's SUITE, unpacked into
# ~/.cache/steadfast (45 MB to fetch, 70 MB on disk). DEBIAN_MIRROR names a mirror; without it the one apt uses is taken.
#
# Exit codes: 0 checked; 1 the check found something; 3 the toolchain cannot be had here.
set -eu
cd "$(dirname "$0")/../.."

SUITE=${DEBIAN_SUITE:-trixie-backports}
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
targets=${*:-aarch64-linux-android aarch64-apple-ios}
version=$(rustc --version | cut -d' ' -f2)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/steadfast
# A folder of its own: RUSTC_BOOTSTRAP changes what some build scripts find, and would have everything built again.
build=${CARGO_TARGET_DIR:-target}/check-mobile

say() { printf '\n== %s\n' "$*"; }
no_toolchain() { printf 'check-mobile: %s\n' "$*" >&2; exit 3; }

mirror() {
    if [ -n "${DEBIAN_MIRROR:-}" ]; then echo "$DEBIAN_MIRROR"; return; fi
    # shellcheck disable=SC1091
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    apt-get indextargets --format "\$(REPO_URI)" "Created-By: Packages" "Codename: $codename" "Origin: Debian" | head -n1
}

# Unpacks the package rust-src into $1, by an apt of our own that changes nothing of the system's.
fetch_source() {
    for tool in apt-get apt-cache dpkg-deb tar; do
        command -v $tool >/dev/null 2>&1 || no_toolchain "neither the targets nor rust-src are installed, and there is no $tool to fetch rust-src with; run: rustup target add $targets"
    done
    [ -e $KEYRING ] || no_toolchain "$KEYRING is missing: rust-src cannot be fetched with its signature checked"
    uri=$(mirror)
    [ -n "$uri" ] || no_toolchain "apt knows no Debian mirror; set DEBIAN_MIRROR, or run: rustup target add $targets"
    new=$1.new
    apt=$new/apt
    rm -rf "$new"
    mkdir -p "$apt/etc/apt.conf.d" "$apt/etc/preferences.d" "$apt/etc/sources.list.d" "$apt/state/lists/partial" \
        "$apt/cache/archives/partial" "$apt/debs"
    : > "$apt/status"
    echo "deb [signed-by=$KEYRING] $uri $SUITE main" > "$apt/etc/sources.list"
    cat > "$apt/apt.conf" <<CONF
Dir::Etc "$apt/etc"; Dir::Etc::Parts "$apt/etc/apt.conf.d"; Dir::State "$apt/state"; Dir::State::status "$apt/status";
Dir::Cache "$apt/cache"; Acquire::Languages "none"; Acquire::Retries "3"; APT::Sandbox::User "";
CONF
    say "rust-src $version from Debian $SUITE"
    APT_CONFIG=$apt/apt.conf apt-get -qq update || no_toolchain "the package lists of $SUITE cannot be fetched"
    package=$(APT_CONFIG=$apt/apt.conf apt-cache madison rust-src | awk -F ' *[|] *' '{print $2}' | grep "^$version+" | head -n1) || true
    [ -n "$package" ] || no_toolchain "Debian $SUITE has no rust-src $version (the version of this rustc); run: rustup target add $targets"
    (cd "$apt/debs" && APT_CONFIG=$apt/apt.conf apt-get -qq download "rust-src=$package") || no_toolchain "rust-src $package cannot be fetched"
    dpkg-deb --fsys-tarfile "$apt"/debs/rust-src_*.deb | tar x -C "$new" --strip-components=4 "./usr/src/rustc-$version/library"
    rm -rf "$apt" "$1"
    mv "$new" "$1"
}

command -v cargo >/dev/null 2>&1 || no_toolchain "cargo was not found"
for target in $targets; do
    rustc --print target-list | grep -qx "$target" || { printf 'check-mobile: rustc knows no target %s\n' "$target" >&2; exit 2; }
    std=
    if [ ! -d "$(rustc --print target-libdir --target "$target")" ]; then
        std=-Zbuild-std
        export RUSTC_BOOTSTRAP=1
        if [ ! -e "$(rustc --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock" ]; then
            source=$cache/rust-src-$version
            [ -e "$source/library/Cargo.lock" ] || fetch_source "$source"
            export __CARGO_TESTS_ONLY_SRC_ROOT="$source/library"
        fi
    fi
    name=$(echo "$target" | tr - _)
    export "CC_$name=true" "AR_$name=true"
    if [ "$(uname)" != Darwin ]; then
        case $target in
        # cc-rs asks xcrun for the SDK unless a folder of its name is given; nothing is read from it.
        *-apple-ios*) mkdir -p "$build/iPhoneOS.platform"; SDKROOT=$PWD/$build/iPhoneOS.platform; export SDKROOT ;;
        *) unset SDKROOT ;;
        esac
    fi
    say "$target${std:+, its standard library from source}"
    # The allowed lint does not see the `const` of a `thread_local!` where the target keeps those by the system's own keys.
    # shellcheck disable=SC2086
    cargo clippy --locked --lib -p steadfast-core -p steadfast --target "$target" --target-dir "$build" $std -- \
        -D warnings -A clippy::missing_const_for_thread_local || exit 1
done
say "checked for: $targets"
