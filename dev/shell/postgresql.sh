# A PostgreSQL cluster of our own for the time of a run: a socket in a temporary folder, no TCP, no waiting for the disk.
# Sourced after machine.sh. Sets `cluster`; call stop_cluster when done. With durable=1 it is as careful as a real one.

cluster=""

find_postgresql() {
  local folder
  for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV) "$(dirname "$(command -v initdb || echo /nowhere/initdb)")"; do
    [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] && echo "$folder" && return
  done
}

as_cluster_owner() {  # PostgreSQL refuses to run as root
  if [ "$(id -u)" = 0 ]; then
    (cd / && runuser -u "$(id -un postgres 2>/dev/null || echo nobody)" -- "$@")
  else
    "$@"
  fi
}

start_cluster() {
  cluster="$(mktemp -d /tmp/letterlock-postgresql-XXXXXX)"
  [ "$(id -u)" = 0 ] && chown "$(id -un postgres 2>/dev/null || echo nobody)" "$cluster"
  chmod 755 "$cluster"
  step "Making a PostgreSQL cluster" as_cluster_owner "$(find_postgresql)/initdb" --pgdata "$cluster/data" \
    --username letterlock --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync
  run_cluster
}

run_cluster() {  # also after halt_cluster. `commits=on` keeps what was committed when it is halted
  local options
  options="-c listen_addresses='' -c unix_socket_directories=$cluster -c max_connections=120 -c shared_buffers=64MB"
  if [ "${durable:-}" = 1 ]; then
    options="$options -c shared_buffers=1GB -c max_wal_size=4GB -c checkpoint_timeout=15min"
  else
    options="$options -c fsync=off -c synchronous_commit=${commits:-off} -c full_page_writes=off -c autovacuum=off"
  fi
  step "Starting it" as_cluster_owner "$(find_postgresql)/pg_ctl" start --pgdata "$cluster/data" --log "$cluster/log" --wait \
    --options "$options"
}

halt_cluster() {  # at once, as when the machine under it dies
  as_cluster_owner "$(find_postgresql)/pg_ctl" stop --pgdata "$cluster/data" --mode immediate --silent
}

address_of() { echo "postgresql://letterlock@/$1?host=$cluster"; }  # address_of database

stop_cluster() {
  [ -n "$cluster" ] || return 0
  halt_cluster || true
  rm -rf "$cluster"
  cluster=""
}
