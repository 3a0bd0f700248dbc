#!/usr/bin/env bash
# Installs what is missing, builds everything and runs every test: scripts/test.sh [preset]
# Without a preset it is "release"; "cmake --list-presets=workflow" shows the others.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ ${1-} == -h || ${1-} == --help ]]; then
  sed -n '2,/^[^#]/s/^# \?//p' "${BASH_SOURCE[0]}"
  exit 0
fi

scripts/bootstrap.sh test
exec cmake --workflow --preset "${1:-release}"
