#!/usr/bin/env bash
# Installs missing dependencies, builds coroom and the servers it is compared with, measures them side by side, and
# writes docs/performance.md: scripts/bench.sh [flags of bench/suite.py]… (--help lists them). Takes twenty minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/bootstrap.sh bench
[[ -f build/release/build.ninja ]] || cmake --preset release >/dev/null
cmake --build --preset release --target coroom-server coroom-echo coroom-benches >&2
exec /usr/bin/python3 bench/suite.py "$@"
