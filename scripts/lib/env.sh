# shellcheck shell=bash
# Sourced by the scripts: where things are, and the environment that builds and tests run in.

HOURGLASS_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
export HOURGLASS_ROOT

# Everything that is worth keeping between builds and checkouts; cmake/HourglassCache.cmake agrees.
export HOURGLASS_CACHE=${HOURGLASS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/hourglass}

# The Python of the tests: it has `grpcio`, and `temporalio` for the interop tests.
export HOURGLASS_PYTHON=$HOURGLASS_CACHE/venv/bin/python

# Paths relative to the checkout, and no working directory in the hash: a fresh clone hits the cache.
export CCACHE_DIR=$HOURGLASS_CACHE/ccache
export CCACHE_BASEDIR=$HOURGLASS_ROOT
export CCACHE_NOHASHDIR=1
export CCACHE_MAXSIZE=5G

# rustup changes the shell's start-up files, which a script does not read.
if ! command -v cargo >/dev/null && [[ -x $HOME/.cargo/bin/cargo ]]; then
    PATH=$HOME/.cargo/bin:$PATH
fi
export PATH=$HOURGLASS_CACHE/bin:$PATH

say() { printf '== %s\n' "$*"; }

# die WHAT HAPPENED, AND WHAT TO DO
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# build_preset NAME [TARGET...]: configures and builds in build/NAME.
build_preset() {
    local preset=$1
    shift
    say "configuring build/$preset"
    (cd "$HOURGLASS_ROOT" && cmake --preset "$preset") ||
        die "configuring build/$preset failed; its message is above. After a change of compiler: rm -r build/$preset"
    say "building build/$preset"
    local targets=()
    (($# == 0)) || targets=(--target "$@")
    (cd "$HOURGLASS_ROOT" && cmake --build "build/$preset" "${targets[@]}") ||
        die "building build/$preset failed; the compiler's message is above"
}
