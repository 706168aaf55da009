# shellcheck shell=bash disable=SC2153 # FOLDER is of scripts/cluster
# Sourced by scripts/cluster: a PostgreSQL of the cluster's own in $FOLDER/postgres, at 127.0.0.1:$POSTGRES_PORT. Debian's own is not touched.

readonly POSTGRES=$FOLDER/postgres PASSWORD_FILE=$FOLDER/password

# PostgreSQL does not run as root. Then it runs as Debian's user for it. It does not inherit the lock of scripts/cluster, which it outlives.
as_postgres() {
    if ((EUID == 0)); then
        (cd "$POSTGRES" && exec setpriv --reuid=postgres --regid=postgres --init-groups env -u HOME -- "$@" 9>&-)
    else
        "$@" 9>&-
    fi
}

# The newest. They say of each version's server whether it runs, and stop it; they start what they have made.
postgres_programs() {
    local initdb
    # Where a client alone is installed, which may be newer, there is no initdb.
    initdb=$(find /usr/lib/postgresql -mindepth 3 -maxdepth 3 -path '*/bin/initdb' 2>/dev/null | sort --version-sort | tail -n 1)
    [[ -x $initdb && -x ${initdb%/*}/pg_ctl ]] || die "there is no PostgreSQL in /usr/lib/postgresql; run scripts/setup --cluster"
    echo "${initdb%/*}"
}

# Those of the version that has made the data: no other one starts with them.
postgres_programs_of_data() {
    local version
    version=$(as_postgres cat "$POSTGRES/data/PG_VERSION") || die "what is in $POSTGRES/data is no data of PostgreSQL; scripts/cluster reset throws it away"
    [[ -x /usr/lib/postgresql/$version/bin/pg_ctl ]] ||
        die "what is stored in $FOLDER is of PostgreSQL $version, which is not in /usr/lib/postgresql any more: install postgresql-$version again, or throw
away what is stored with scripts/cluster reset"
    echo "/usr/lib/postgresql/$version/bin"
}

postgres_runs() {
    local programs
    [[ -d $POSTGRES/data ]] || return 1
    programs=$(postgres_programs) || exit 1
    as_postgres "$programs/pg_ctl" status --pgdata "$POSTGRES/data" >/dev/null 2>&1
}

postgres_up() {
    local programs
    # One whose schema is not ready was cut off while that was made, and has nothing else: it is made afresh, since the tool for the schema does
    # not go on with a half made one.
    if [[ ! -e $POSTGRES/data.ready || ! -e $FOLDER/schema.ready ]]; then
        programs=$(postgres_programs) || exit 1
        postgres_down
        postgres_make "$programs"
    fi
    if postgres_runs; then return; fi
    programs=$(postgres_programs_of_data) || exit 1
    refuse_taken_port "$POSTGRES_PORT" PostgreSQL
    as_postgres "$programs/pg_ctl" start --pgdata "$POSTGRES/data" --log "$POSTGRES/log" --wait --timeout 60 \
        --options "-p $POSTGRES_PORT" >/dev/null ||
        die "PostgreSQL did not start; the end of its log, $POSTGRES/log:
$(tail -n 20 "$POSTGRES/log" 2>/dev/null)"
}

# postgres_make PROGRAMS: an empty one, which `up` starts.
postgres_make() {
    rm -f "$FOLDER/schema.ready" # a reset that was cut off may have left it
    rm -rf "$POSTGRES"           # a half made one
    install --directory --mode 700 "$POSTGRES"
    # Whoever may connect may do what its user may, and the loopback is open to all users of the machine: so there is a password.
    (umask 077 && head --bytes 24 /dev/urandom | base64 --wrap 0 | tr '+/' '-_' >"$PASSWORD_FILE")
    install --mode 600 "$PASSWORD_FILE" "$POSTGRES/password"
    if ((EUID == 0)); then
        chown -R postgres: "$POSTGRES"
        as_postgres test -w "$POSTGRES" ||
            die "PostgreSQL does not run as root, and its user postgres may not enter a folder above $POSTGRES. Give HOURGLASS_CLUSTER_FOLDER
a folder that it can reach, or run this as an ordinary user"
    fi
    as_postgres "$1/initdb" --pgdata "$POSTGRES/data" --username temporal --pwfile "$POSTGRES/password" --auth scram-sha-256 \
        --encoding UTF8 --no-locale --no-sync >"$FOLDER/initdb.log" 2>&1 ||
        die "PostgreSQL's initdb failed; its messages are in $FOLDER/initdb.log:
$(tail -n 20 "$FOLDER/initdb.log")"
    rm "$POSTGRES/password"
    # No socket file: the path may be too long for one. Without fsync: what a crash of the machine would lose is of tests, and made again; the
    # crash of a process loses nothing by it.
    as_postgres tee --append "$POSTGRES/data/postgresql.conf" >/dev/null <<'CONF'
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
fsync = off
synchronous_commit = off
full_page_writes = off
CONF
    as_postgres touch "$POSTGRES/data.ready"
}

postgres_down() {
    local programs
    if ! postgres_runs; then return; fi
    programs=$(postgres_programs) || exit 1
    as_postgres "$programs/pg_ctl" stop --pgdata "$POSTGRES/data" --mode fast --wait --timeout 60 >/dev/null ||
        die "PostgreSQL did not stop; its log is $POSTGRES/log, its process is the first line of $POSTGRES/data/postmaster.pid"
}

sql_tool() {
    SQL_PASSWORD=$(<"$PASSWORD_FILE") temporal-sql-tool --plugin postgres12 --ep 127.0.0.1 --port "$POSTGRES_PORT" --user temporal "$@"
}

# Made once, and brought up to date for another version of the server than the one that schema.ready names: it refuses an older schema.
schema_up() {
    local tool pair database schema
    tool=$(realpath -- "$(command -v temporal-sql-tool)") || die "there is no temporal-sql-tool; run scripts/setup --cluster"
    if [[ $(cat "$FOLDER/schema.ready" 2>/dev/null) == "$tool" ]]; then return; fi
    for pair in 'temporal temporal' 'temporal_visibility visibility'; do
        read -r database schema <<<"$pair"
        {
            if [[ ! -e $FOLDER/schema.ready ]]; then
                sql_tool --db "$database" create-database && sql_tool --db "$database" setup-schema --version 0.0
            fi && sql_tool --db "$database" update-schema --schema-name "postgresql/v12/$schema"
        } >>"$FOLDER/schema.log" 2>&1 || die "the schema of $database could not be made; what happened is at the end of $FOLDER/schema.log:
$(tail -n 5 "$FOLDER/schema.log")"
    done
    printf '%s\n' "$tool" >"$FOLDER/schema.ready"
}
