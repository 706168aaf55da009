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

# By its state, Z where nobody has waited for it yet: its command line is empty for a moment also while it begins.
is_gone() {
    local stat
    read -r stat 2>/dev/null <"/proc/$1/stat" || return 0
    [[ ${stat##*) } == [ZX]* ]]
}
