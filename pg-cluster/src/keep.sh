# Makes a PostgreSQL cluster in a folder of its own, says where, and keeps it until standard input
# is closed: that happens however the process that called this ends. Then nothing of it is left.
# Wants: BIN, the folder of initdb and pg_ctl; PORT; PASSWORD; SETTINGS, lines for the server.
set -eu
folder=$(mktemp -d "${TMPDIR:-/tmp}/gridwalker-pg-XXXXXX")
trap 'rm -rf "$folder"' EXIT
log=$folder/log
echo "$PASSWORD" >"$folder/password"
make() {
    "$BIN/initdb" -D "$folder/data" -U gridwalker --pwfile="$folder/password" \
        --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C --no-sync
    cat >>"$folder/data/postgresql.conf" <<END
port = $PORT
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
$SETTINGS
END
    "$BIN/pg_ctl" -D "$folder/data" -l "$log" -w -t 60 start
}
if ! (set -e; make) >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
echo "$folder"
cat >/dev/null
"$BIN/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
