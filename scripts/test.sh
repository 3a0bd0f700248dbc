#!/usr/bin/env bash
# Installs missing dependencies, builds everything and runs all tests: scripts/test.sh [preset]
# The default preset is "release"; "cmake --list-presets=workflow" lists the others.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ ${1-} == -h || ${1-} == --help ]]; then
  sed -n '2,/^[^#]/s/^# \?//p' "${BASH_SOURCE[0]}"
  exit 0
fi

scripts/bootstrap.sh test
exec cmake --workflow --preset "${1:-release}"
