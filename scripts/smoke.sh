#!/usr/bin/env bash
# Runs the server and uses it as a user would: scripts/smoke.sh [path of the server]
# It starts the server (build/release/coroom) on a free port, fetches the page, lets two clients chat, stops
# the server, and checks its exit status and its log. It prints "smoke: ok" or the failure.
set -euo pipefail
if [[ ${1-} == -h || ${1-} == --help ]]; then
  sed -n '2,/^[^#]/s/^# \?//p' "${BASH_SOURCE[0]}"
  exit 0
fi
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
server=${1:-$here/../build/release/coroom}
log=$(mktemp)
trap 'kill "${pid-}" 2>/dev/null || true; rm -f "$log"' EXIT

fail() {
  echo "smoke: FAILED: $*" >&2
  sed 's/^/smoke: log: /' "$log" >&2
  exit 1
}

[[ -x $server ]] || fail "there is no server at $server: build it by scripts/run.sh"

# The server is killed after 60 s at the latest. Only with --foreground does timeout forward a signal once.
coproc output { exec timeout --foreground --signal=KILL 60 "$server" --address 127.0.0.1 --port 0 2>"$log"; }
# shellcheck disable=SC2154  # coproc sets it
pid=$output_PID
IFS= read -r start_line <&"${output[0]}" || fail "the server ended before it printed its start line"
[[ $start_line =~ http://[^/]+:([0-9]+)/ ]] || fail "no address in the start line: $start_line"
address=127.0.0.1:${BASH_REMATCH[1]}
echo "smoke: the server runs at $address"

python3 "$here/smoke_client.py" "$address" || fail "the clients did not receive the expected messages"

kill -TERM "$pid"
status=0
wait "$pid" || status=$?
pid=
((status == 0)) || fail "the server's exit status after SIGTERM is $status"
echo "smoke: the server stopped, with exit status 0"

for event in started stopped; do
  grep -qE "^[^ ]+ info +$event( |$)" "$log" || fail "the log has no line '$event'"
done
usual='^[^ ]+ (debug|info) '
if ((EUID == 0)); then usual+='|^[^ ]+ warning runs as root'; fi
if strange=$(grep -vE "$usual" "$log"); then
  fail "the log has lines without a level or above info: ${strange%%$'\n'*}"
fi
echo "smoke: ok"
