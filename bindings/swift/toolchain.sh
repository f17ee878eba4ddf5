#!/bin/sh
# Puts Debian 13's Swift 6.0.3 into a folder of its own, for Debian 12 machines: no root, no chroot, no change outside of the folder.
# usage: toolchain.sh [DIR]   (default ~/.cache/swift-trixie); afterwards swift, swiftc, swift-format and docc are in DIR/bin.
#
# Debian's own Swift wants a newer C library than Debian 12 has. So its packages are unpacked side by side with that library, and every
# program gets the newer loader and library path written into it; clang's configuration files do the same for what swift links.
#
# The packages come from the mirror that apt is configured with (or DEBIAN_MIRROR), and apt checks them: the release file by Debian's
# archive key, each package by the checksum in it. 450 MB are fetched, 1.0 GB stays. The folder cannot be moved.
# Says nothing and ends at once when all is there. Exit 3: there is no toolchain to be had on this machine, and why.
set -eu

refuse() {
    printf 'toolchain.sh: %s\n' "$*" >&2
    exit 3
}

# Raise it when what is unpacked, or how, changes: an older folder is then made anew.
recipe=1
dir=$(realpath -m "${1:-$HOME/.cache/swift-trixie}")
stamp=$dir/.ready-$recipe
if [ -e "$stamp" ] && "$dir/bin/swiftc" --version >/dev/null 2>&1; then
    exit 0
fi

[ "$(uname -s)/$(uname -m)" = Linux/x86_64 ] || refuse "this recipe is for Linux on x86-64; install Swift 6 yourself and put it in PATH"
for tool in apt-get dpkg-deb tar realpath; do
    command -v "$tool" >/dev/null 2>&1 || refuse "$tool was not found; this recipe is for Debian"
done
# Swift links with gold and with the C++ headers of the system.
missing=""
command -v xz >/dev/null 2>&1 || missing="$missing xz-utils"
command -v g++ >/dev/null 2>&1 || missing="$missing g++"
command -v ld.gold >/dev/null 2>&1 || missing="$missing binutils"
ldconfig -p | grep -q 'libcurl\.so\.4' || missing="$missing libcurl4"
[ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || missing="$missing debian-archive-keyring"
if [ -n "$missing" ]; then
    [ "$(id -u)" = 0 ] || refuse "install these packages first:$missing"
    apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -qqy --no-install-recommends $missing >/dev/null
fi

mirror=${DEBIAN_MIRROR:-$(
    apt-get indextargets --format "\$(REPO_URI)" "Created-By: Packages" "Codename: $(. /etc/os-release && echo "$VERSION_CODENAME")" | head -n 1
)}
[ -n "$mirror" ] || refuse "apt knows no Debian mirror; name one in DEBIAN_MIRROR"

new=$dir.new
rm -rf "$new"
trap 'rm -rf "$new"' EXIT
apt=$new/apt
mkdir -p "$apt/etc/apt.conf.d" "$apt/etc/preferences.d" "$apt/etc/sources.list.d" "$apt/state/lists/partial" "$apt/cache/archives/partial" "$apt/debs"
: >"$apt/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$apt/etc/sources.list"
cat >"$apt/apt.conf" <<CONF
Dir::Etc "$apt/etc";
Dir::Etc::Parts "$apt/etc/apt.conf.d";
Dir::State "$apt/state";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
APT::Architecture "amd64";
APT::Architectures { "amd64"; };
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
packages="swiftlang libswiftlang libc6 libgcc-s1 libstdc++6 libxml2 libedit2 libbsd0 libmd0 libncurses6 libtinfo6
    libsqlite3-0 libuuid1 libzstd1 zlib1g liblzma5 patchelf"
APT_CONFIG="$apt/apt.conf" apt-get -qq update
# shellcheck disable=SC2086 # a list of words
(cd "$apt/debs" && APT_CONFIG="$apt/apt.conf" apt-get -qq download $packages)
for package in "$apt"/debs/*.deb; do
    # Left out: what no build of ours uses, 2 GB of it.
    dpkg-deb --fsys-tarfile "$package" | tar x -C "$new" --exclude=./usr/share --exclude='*/swift/embedded' --exclude='*/swift_static' \
        --exclude='*/FrameworkABIBaseline' --exclude='*lldb*' --exclude='*/clangd' --exclude='*/libLTO*' --exclude='*sourcekit*'
done
rm -rf "$apt"

swift=usr/libexec/swift
library=$dir/usr/lib/x86_64-linux-gnu
loader=$library/ld-linux-x86-64.so.2
# It came with the others and wants their C library too.
patchelf() {
    "$new/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" --library-path "$new/usr/lib/x86_64-linux-gnu" "$new/usr/bin/patchelf" "$@"
}
is_elf() { [ -f "$1" ] && [ ! -L "$1" ] && [ "$(head -c 4 "$1" | tail -c 3)" = ELF ]; }
for program in "$new/$swift"/bin/* "$new/$swift"/libexec/swift/linux/*; do
    is_elf "$program" || continue
    case $program in *static) continue ;; esac
    patchelf --set-interpreter "$loader" --force-rpath \
        --set-rpath "\$ORIGIN/../lib/swift/linux:\$ORIGIN/../lib/swift/host:\$ORIGIN/../lib:$library" "$program"
done
find "$new/$swift/lib" -name '*.so*' -type f | while read -r shared; do
    is_elf "$shared" || continue
    own=$(patchelf --print-rpath "$shared")
    patchelf --force-rpath --set-rpath "${own:+$own:}$library" "$shared"
done
# Programs that swift links, the compiled Package.swift among them, run with the newer loader and library too.
for compiler in clang clang++; do
    printf '%s\n' "-Wl,--dynamic-linker=$loader" "-Wl,-rpath,$library" -Wl,--allow-shlib-undefined >"$new/$swift/bin/$compiler.cfg"
done
mkdir -p "$new/bin"
for program in swift swiftc swift-build swift-test swift-run swift-package swift-format swift-symbolgraph-extract docc; do
    ln -s "../$swift/bin/$program" "$new/bin/$program"
done
rm -rf "$dir"
mv "$new" "$dir"
"$dir/bin/swiftc" --version >/dev/null 2>&1 || refuse "the unpacked compiler does not run"
: >"$stamp"
