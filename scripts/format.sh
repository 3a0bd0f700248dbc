#!/usr/bin/env bash
# Formats the C++ code with clang-format-19: scripts/format.sh [--check]
# --check changes nothing, lists the code that is not formatted, and fails if there is any.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case ${1-} in
  "") mode=(-i) ;;
  --check) mode=(--dry-run --Werror) ;;
  *)
    sed -n '2,/^[^#]/s/^# \?//p' "${BASH_SOURCE[0]}"
    [[ $1 == -h || $1 == --help ]]
    exit
    ;;
esac

# Includes new files; excludes deleted and ignored ones.
git ls-files -z --cached --others --exclude-standard -- '*.cpp' '*.hpp' | sort -zu |
  while IFS= read -r -d '' file; do [[ ! -f $file ]] || printf '%s\0' "$file"; done |
  xargs -0 -r clang-format-19 "${mode[@]}"
