# shellcheck shell=bash
# Sourced by scripts/cluster: the four services of the server, each a process of its own that outlives the script.

readonly START_WITHIN=60 STOP_WITHIN=15 # seconds; the machine may be busy

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
log_end() { printf 'the end of its log, %s:\n%s' "$FOLDER/$1.log" "$(tail -n 20 "$FOLDER/$1.log" 2>/dev/null | cut -c 1-300)"; }

# refuse_taken_port PORT WHOSE
refuse_taken_port() {
    ! listens "$1" || die "port $1, which $2 is to have, is taken by another program. If that is another clone's cluster: give this one other ports
with HOURGLASS_CLUSTER_PORT, or take that one down"
}

# service_pid SERVICE: its process. The number in the file may belong to somebody else by now.
service_pid() {
    local pid
    pid=$(cat "$FOLDER/$1.pid" 2>/dev/null) || return 1
    tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep --quiet --fixed-strings -- "--config-file $FOLDER/server.yaml --allow-no-auth start --service $1 " ||
        return 1
    echo "$pid"
}

service_start() {
    local name=$1 pid port ports=("${PORT_OF[$1]}" $((PORT_OF[$1] + RING)))
    if service_pid "$name" >/dev/null; then return; fi
    for port in "${ports[@]}"; do refuse_taken_port "$port" "the service $name"; done
    # A session of its own: a Ctrl-C is not for it. It inherits no lock, and no variable that speaks of another server.
    setsid env -i PATH="$PATH" HOME="$HOME" TMPDIR="${TMPDIR:-/tmp}" \
        temporal-server --config-file "$FOLDER/server.yaml" --allow-no-auth start --service "$name" \
        >>"$FOLDER/$name.log" 2>&1 </dev/null 9>&- &
    pid=$!
    echo "$pid" >"$FOLDER/$name.pid"
    if ! in_time "$START_WITHIN" has_begun "$pid" "${ports[@]}"; then
        kill -KILL "$pid" 2>/dev/null || true # or the next `up` would take it for one that has started
        rm -f "$FOLDER/$name.pid"
        die "the service $name did not start within $START_WITHIN s, and was ended; $(log_end "$name")"
    fi
    service_pid "$name" >/dev/null || die "the service $name ended at once; $(log_end "$name")"
}

# has_begun PID PORT RING_PORT: or has ended.
has_begun() { is_gone "$1" || { listens "$2" && listens "$3"; }; }

service_kill() {
    local pid
    pid=$(service_pid "$1") || die "the service $1 does not run; scripts/cluster status says what does"
    kill -KILL "$pid"
    in_time "$STOP_WITHIN" is_gone "$pid" || die "process $pid of the service $1 does not end although it was killed"
    rm -f "$FOLDER/$1.pid"
}

services_down() {
    local name pid
    # All at once, the front end first: whoever calls it is told to go.
    for name in "${SERVICES[@]}"; do
        if pid=$(service_pid "$name"); then kill -TERM "$pid" 2>/dev/null || true; fi
    done
    for name in "${SERVICES[@]}"; do
        if pid=$(service_pid "$name") && ! in_time "$STOP_WITHIN" is_gone "$pid"; then
            kill -KILL "$pid" 2>/dev/null || true
            in_time "$STOP_WITHIN" is_gone "$pid" || die "process $pid of the service $name does not end although it was killed"
        fi
        rm -f "$FOLDER/$name.pid"
    done
}

client() { env -i PATH="$PATH" HOME="$FOLDER" temporal --address "$ADDRESS" --command-timeout 10s "$@" >/dev/null 2>&1; }
is_healthy() { client operator cluster health; }
has_namespace() { client operator namespace describe --namespace default; }
makes_namespace() { has_namespace || client operator namespace create --namespace default --retention 24h; }
# What is new in a namespace the services learn a moment later: only a workflow that has started says that they have.
# One that an earlier `up` has left is as good; one that is over by now is started again.
starts_and_ends_a_workflow() {
    client workflow start --namespace default --type Probe --task-queue probe --workflow-id probe --id-conflict-policy UseExisting --execution-timeout 1m &&
        client workflow terminate --namespace default --workflow-id probe
}

wait_until_it_works() {
    in_time "$START_WITHIN" is_healthy || die "the front end at $ADDRESS is not healthy after $START_WITHIN s; $(log_end frontend)"
    in_time "$START_WITHIN" makes_namespace || die "the namespace default could not be made within $START_WITHIN s; $(log_end frontend)"
    in_time "$START_WITHIN" starts_and_ends_a_workflow ||
        die "no workflow starts and ends at $ADDRESS, $START_WITHIN s after its services did; $(log_end history)"
}
