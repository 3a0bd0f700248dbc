#!/usr/bin/env bash
# Attacks the server while a hundred honest clients chat, and prints the effect on them: scripts/attack.sh [--long]
# Without --long it runs the attacks of the tests, in two minutes. With --long the attacks have their full size, up to
# 15,000 connections, and take a quarter of an hour. The script needs 20,000 file descriptors and an idle machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case ${1-} in
  '') ;;
  --long) export COROOM_ATTACK=long ;;
  *)
    sed -n '2,/^[^#]/s/^# \?//p' "${BASH_SOURCE[0]}"
    [[ $1 == -h || $1 == --help ]]
    exit
    ;;
esac

scripts/bootstrap.sh test
[[ -f build/release/build.ninja ]] || cmake --preset release >/dev/null
cmake --build --preset release --target coroom_attack_tests >&2
exec build/release/tests/coroom_attack_tests --gtest_brief=1 --gtest_filter=-Soak.*
