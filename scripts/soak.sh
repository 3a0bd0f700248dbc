#!/usr/bin/env bash
# Has clients do all that clients do, for a long time, and fails if the server's memory, its files or its rooms
# grow: scripts/soak.sh [MINUTES] [PRESET]
# 30 minutes of the preset "release" unless told otherwise; the other one that makes sense is "asan".
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
[[ -f build/$preset/build.ninja ]] || cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset" --target coroom_attack_tests >&2
export COROOM_SOAK=$((minutes * 60))
exec "build/$preset/tests/coroom_attack_tests" --gtest_brief=1 --gtest_filter='Soak.*'
