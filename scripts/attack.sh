#!/usr/bin/env bash
# Attacks the server while a hundred honest clients chat, and prints what they noticed: scripts/attack.sh [--long]
# Without --long it is what the tests do, in two minutes; with it the crowds are as large as they are meant to be,
# 15,000 connections among them, and it takes a quarter of an hour. Needs 20,000 file descriptors and a machine
# that has nothing else to do.
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
