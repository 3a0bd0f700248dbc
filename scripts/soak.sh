#!/usr/bin/env bash
# Runs clients of all kinds for a long time, and fails if the server's memory, files or rooms grow:
# scripts/soak.sh [MINUTES] [PRESET]
# The defaults are 30 minutes and the server of the preset "release"; "asan" is the other useful preset. The clients
# are always those of "release".
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
