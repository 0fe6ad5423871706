# shellcheck shell=bash disable=SC2034,SC2154
# Starting and ending a server of the checkpoint. Source project.sh first; $place is a folder for what the server says.

# start KIB OPTION...: a server whose files may have so many KiB; its address in $url, its process in $server.
start() {
  local size=$1
  shift
  (
    [ "$size" = unlimited ] || ulimit -f $((size * 2))
    exec "$HBAR_ROOT/scripts/hbar" serve "$CHECKPOINT" --port 0 "$@" >"$place/out" 2>"$place/err"
  ) &
  server=$!
  for _ in $(seq 600); do
    url=$(sed -n 's/.* at \(http[^ ]*\)$/\1/p' "$place/out" 2>/dev/null || true)
    if [ -n "$url" ] && curl -sf "$url/ready" >/dev/null; then return; fi
    kill -0 "$server" 2>/dev/null || { cat "$place/err" >&2 && exit 1; }
    sleep 0.1
  done
  die "the server was not ready in a minute"
}

# stop: ends the server and leaves its exit code in $ended.
stop() {
  ended=0
  kill "$server"
  wait "$server" || ended=$?
  server=
}
