#!/bin/sh
# Installs the Debian packages that are missing and nothing else: those that
# every build needs, those of optional features, and with a word those of the
# specs (test), the checks (check) or the benchmarks (bench). Run by the Makefile.
set -u

needed="gcc make libc6-dev lua5.4 liblua5.4-dev libopenblas-dev libsleef-dev
        librandom123-dev zlib1g-dev"
case "${1-}" in
test) needed="$needed lua-busted python3-numpy tmux" ;;
check) needed="$needed lua-busted lua-check cppcheck" ;;
bench) needed="$needed lua-dkjson" ;;
esac

# package:what is off without it
optional="libpng-dev:writing_pictures libedit-dev:line_editing_at_the_prompt
          libjansson-dev:snnlua_inspect gnuplot-nox:plots
          libmd-dev:SHA-256_of_scripts_in_checkpoints
          libdeflate-dev:fast_checksums_of_large_files"

has() {
    dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q ' installed$'
}

missing() {
    for package; do has "$package" || printf '%s ' "$package"; done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Everything in one call: lua-busted depends on "lua5.2 or some lua", and
# lua5.4 beside it is that lua.
get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
        -o DPkg::Lock::Timeout=300 "$@" >/dev/null
}

fail() {
    echo "snnlua: $1" >&2
    echo "snnlua: needed are, as root: apt-get install $want" >&2
    exit 1
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "snnlua: no Debian here; what is needed, by Debian's names:" $needed
    exit 0
fi

want=$(missing $needed)
extra=$(missing $(printf '%s\n' $optional | cut -d: -f1))
[ -n "$want$extra" ] || exit 0

may_install=yes
if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then may_install=no; fi
if [ $may_install = no ] && [ -n "$want" ]; then
    fail "cannot install packages: not root, and there is no sudo"
fi

if [ $may_install = yes ]; then
    echo "snnlua: installing $want$extra"
    get update || echo "snnlua: apt-get update failed; trying what is known" >&2
    if [ -n "$want" ]; then
        get install --no-install-recommends $want ||
            fail "apt-get could not install them"
    fi
fi
for item in $optional; do
    package=${item%%:*}
    has "$package" && continue
    if [ $may_install = yes ]; then
        get install --no-install-recommends "$package" 2>/dev/null && continue
    fi
    echo "snnlua: without $package: no $(echo "${item#*:}" | tr _ ' ')"
done
exit 0
