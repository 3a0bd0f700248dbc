#!/usr/bin/env bash
# Installs missing dependencies, builds the server and runs it: scripts/run.sh [flags of the server]…
# scripts/run.sh --help builds the server and prints its flags. Ctrl-C stops it. The histories of rooms are stored below
# the user's home folder, unless a flag, the environment or a config file sets --data or --broker.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/bootstrap.sh build
# Ninja configures again when a CMake file has changed.
[[ -f build/release/build.ninja ]] || cmake --preset release >/dev/null
cmake --build --preset release --target coroom-server >&2
if [[ -z ${COROOM_BROKER-}${COROOM_DATA-}${COROOM_CONFIG-} && ! " $*" =~ " --"(broker|data|config) ]]; then
  export COROOM_DATA=${XDG_DATA_HOME:-$HOME/.local/share}/coroom
fi
exec build/release/coroom "$@"
