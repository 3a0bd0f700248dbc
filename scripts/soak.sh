#!/usr/bin/env bash
# Has clients do all that clients do, for a long time, and fails if the server's memory, its files or its rooms
# grow: scripts/soak.sh [MINUTES] [PRESET]
# 30 minutes of the server of the preset "release" unless told otherwise; the other one that makes sense is "asan". The
# clients are those of "release" in any case.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

minutes=${1:-30}
preset=${2:-release}
if ! [[ $minutes =~ ^[1-9][0-9]*$ ]]; then
  sed -n '2,/^[^#]/s/^# \?//p' "${BASH_SOURCE[0]}"
  [[ $minutes == -h || $minutes == --help ]]
  exit
fi

scripts/bootstrap.sh test
build() {
  [[ -f build/$1/build.ninja ]] || cmake --preset "$1" >/dev/null
  cmake --build --preset "$1" --target "$2" >&2
}
build release coroom_attack_tests
build "$preset" coroom-server
export COROOM_SOAK=$((minutes * 60)) COROOM_BINARY=build/$preset/coroom
exec build/release/tests/coroom_attack_tests --gtest_brief=1 --gtest_filter='Soak.*'
