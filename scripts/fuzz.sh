#!/usr/bin/env bash
# Builds the fuzzers and runs them, two at a time: scripts/fuzz.sh [SECONDS] [TARGET...]
# Each fuzzer runs for SECONDS (60). Without a TARGET all fuzzers of tests/fuzz run. They start with the inputs in
# tests/fuzz/corpus and those of earlier runs, which build/fuzz/corpus keeps. An input that crashes, leaks, or takes
# half a second of processor time or 16 MiB is a finding: the script prints its file and log, and exits with status 1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ ${1-} == -h || ${1-} == --help ]]; then
  sed -n '2,/^[^#]/s/^# \?//p' "${BASH_SOURCE[0]}"
  exit 0
fi
seconds=60
if [[ ${1-} =~ ^[0-9]+$ ]]; then
  seconds=$1
  shift
fi
mapfile -t known < <(basename -as .cpp tests/fuzz/*.cpp)
targets=("$@")
((${#targets[@]} != 0)) || targets=("${known[@]}")
for name in "${targets[@]}"; do
  [[ " ${known[*]} " == *" $name "* ]] || { echo "fuzz: unknown target $name; the targets are: ${known[*]}" >&2; exit 2; }
done

cmake --preset asan >/dev/null
cmake --build --preset fuzz

programs=build/asan/tests/fuzz
build=build/fuzz
mkdir -p "$build"/{logs,findings}
export UBSAN_OPTIONS=print_stacktrace=1 TZ=UTC
[[ ! -w /dev/shm ]] || export TMPDIR=/dev/shm # some targets write thousands of files a second

declare -A name_of=() status_of=()
stop() {
  ((${#name_of[@]} == 0)) || kill "${!name_of[@]}" 2>/dev/null || true
  wait
}
trap 'stop; exit 130' INT TERM
trap stop EXIT

start() {
  local corpus=$build/corpus/$1
  mkdir -p "$corpus"
  "$programs/fuzz-$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -detect_leaks=1 -max_len=4096 \
    -print_final_stats=1 -artifact_prefix="$build/findings/$1-" "$corpus" "tests/fuzz/corpus/$1" \
    >"$build/logs/$1.log" 2>&1 &
  name_of[$!]=$1
}

finish_one() {
  local pid status=0
  wait -n -p pid "${!name_of[@]}" || status=$?
  status_of[${name_of[$pid]}]=$status
  unset "name_of[$pid]"
}

for name in "${targets[@]}"; do
  ((${#name_of[@]} < 2)) || finish_one
  echo "fuzz: $name, for $seconds s"
  start "$name"
done
while ((${#name_of[@]} != 0)); do finish_one; done

stat_of() { sed -n "s/^stat::$1: *//p" "$2"; }
outcome=0
printf '\n%-12s %11s %8s %9s  %s\n' target executions exec/s coverage verdict
for name in "${targets[@]}"; do
  log=$build/logs/$name.log
  verdict=ok
  if ((status_of[$name] != 0)); then
    outcome=1
    input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
    verdict="FOUND ${input:-no input, but the fuzzer failed}, see $log"
  fi
  coverage=$(grep -o 'cov: [0-9]*' "$log" | tail -n 1 | cut -d' ' -f2 || true) # empty if the first input failed
  printf '%-12s %11s %8s %9s  %s\n' "$name" "$(stat_of number_of_executed_units "$log")" \
    "$(stat_of average_exec_per_sec "$log")" "${coverage:-?}" "$verdict"
done
exit $outcome
