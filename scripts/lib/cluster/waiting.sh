# shellcheck shell=bash
# Sourced by scripts/cluster and scripts/lib/with-cluster: to wait, but not for ever.

# in_time SECONDS COMMAND...: tries it until it succeeds.
in_time() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

is_gone() { ! grep --quiet . "/proc/$1/cmdline" 2>/dev/null; } # what nobody has waited for yet has none
