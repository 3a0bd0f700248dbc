#!/usr/bin/env bash
# Installs missing dependencies on a Debian 12 or 13 machine: scripts/bootstrap.sh [build|test|bench]…
#   build  for building and running the server (the default)
#   test   build, and for the tests and checks
#   bench  build, and for measuring the server beside others
# It leaves existing packages alone, asks no questions and removes no package. Without root it installs with sudo.
set -euo pipefail
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

build_packages=(ca-certificates clang-19 g++ cmake ninja-build ccache mold
  libcpp-jwt-dev libexpected-dev libicu-dev libprotozero-dev libre2-dev libjemalloc-dev libkainjow-mustache-dev libsodium-dev libspdlog-dev libsqlitecpp-dev libssl-dev liburing-dev
  media-types pkgconf prometheus-cpp-dev zlib1g-dev
  libgtest-dev libgmock-dev) # the tests' libraries too, because the build is configured with the tests
test_packages=(python3 python3-protobuf python3-tornado binutils openssl libseccomp2 systemd doxygen chromium fonts-noto-color-emoji fonts-wqy-microhei clang-tidy-19
  clang-format-19 libclang-rt-19-dev llvm-19 libclang-19-dev llvm-19-dev)
bench_packages=(openssl chromium python3 python3-tornado python3-matplotlib golang-go golang-github-gorilla-websocket-dev)
oldest_node=18

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { echo "bootstrap: $*" >&2; }
die() {
  say "$*"
  exit 1
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# The output of a command is shown only when it fails.
quietly() {
  local output
  output=$(mktemp)
  if ! "$@" >"$output" 2>&1; then
    cat "$output" >&2
    rm -f "$output"
    die "failed: $*"
  fi
  rm -f "$output"
}

apt_get() {
  quietly as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l \
    apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}

# Prints the packages of the list that are not installed.
missing() {
  local package
  local -A installed=()
  while read -r package; do
    installed[$package]=1
  done < <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p')
  for package; do
    [[ -n ${installed[$package]-} ]] || echo "$package"
  done
}

node_is_new_enough() {
  local version
  version=$(node --version 2>/dev/null) && version=${version#v} && ((${version%%.*} >= oldest_node))
}

# Some Debian 12 mirrors have no libexpected-dev. It is one header without dependencies, so the package of Debian 13
# works as well. That release is added to apt's sources temporarily, and pinned so that it provides only this package.
install_libexpected_from_trixie() {
  local uri keys=/usr/share/keyrings/debian-archive-keyring.gpg
  local added=(/etc/apt/sources.list.d/coroom-trixie.sources /etc/apt/preferences.d/coroom-trixie)
  uri=$(apt-get indextargets --format "\$(REPO_URI)" \
    'Created-By: Packages' 'Label: Debian' "Codename: $1" 'Component: main' | sed -n 1p)
  [[ -n $uri ]] || die "no Debian mirror in the sources of apt has libexpected-dev"
  say "installing libexpected-dev from Debian 13"
  # shellcheck disable=SC2064  # the names at this time
  trap "as_root rm -f ${added[*]}" EXIT
  {
    printf 'Types: deb\nURIs: %s\nSuites: trixie\nComponents: main\n' "$uri"
    [[ ! -e $keys ]] || echo "Signed-By: $keys"
  } | as_root install -m 644 /dev/stdin "${added[0]}"
  printf 'Package: %s\nPin: release n=trixie\nPin-Priority: %s\n\n' '*' -1 libexpected-dev 500 |
    as_root install -m 644 /dev/stdin "${added[1]}"
  apt_get update
  apt_get install -y --no-install-recommends --no-remove libexpected-dev
  as_root rm -f "${added[@]}"
  trap - EXIT
  apt_get update
}

install_packages() {
  local codename boost wanted=("${build_packages[@]}")
  codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  case $codename in
    bookworm) boost=1.81 ;;
    trixie) boost=1.83 ;;
    *) die "this is not Debian 12 or 13: install the libraries that CMakeLists.txt lists" ;;
  esac
  wanted+=("libboost$boost-dev" "libboost-json$boost-dev" "libboost-program-options$boost-dev" "libboost-url$boost-dev")
  if [[ -n ${purposes[test]-} ]]; then wanted+=("${test_packages[@]}"); fi
  if [[ -n ${purposes[bench]-} ]]; then wanted+=("${bench_packages[@]}"); fi
  mapfile -t wanted < <(missing "${wanted[@]}")
  # Node.js and npm may come from any source; a second copy from Debian would conflict with it.
  node_is_new_enough || wanted+=(nodejs)
  command -v npm >/dev/null || wanted+=(npm)
  ((${#wanted[@]} > 0)) || return 0

  ((EUID == 0)) || command -v sudo >/dev/null ||
    die "missing: ${wanted[*]}. Only root can install packages: run this script as root or install sudo"
  say "fetching the package lists"
  apt_get update
  if [[ " ${wanted[*]} " == *" libexpected-dev "* && $(apt-cache policy libexpected-dev) != *"Candidate: "[0-9]* ]]; then
    install_libexpected_from_trixie "$codename"
  fi
  say "installing ${wanted[*]}"
  apt_get install -y --no-install-recommends --no-remove "${wanted[@]}"
  hash -r
  node_is_new_enough || die "the first node in PATH, $(command -v node), is older than version $oldest_node: remove it or upgrade it"
}

# The copy of the lock file identifies the packages in node_modules.
install_node_modules() {
  local folder=$root/$1
  local stamp=$folder/node_modules/.installed-lock.json
  [[ -f $folder/package-lock.json ]] || return 0
  ! cmp -s "$folder/package-lock.json" "$stamp" || return 0
  say "installing the npm packages of $1"
  quietly npm --prefix "$folder" ci --no-audit --no-fund --loglevel=error
  mkdir -p "$folder/node_modules"
  cp "$folder/package-lock.json" "$stamp"
}

declare -A purposes=()
for argument; do
  case $argument in
    build | test | bench) purposes[$argument]=yes ;;
    -h | --help)
      sed -n '2,/^[^#]/s/^# \?//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) die "unknown argument '$argument' (see --help)" ;;
  esac
done

install_packages
install_node_modules assets
if [[ -n ${purposes[test]-} ]]; then install_node_modules tests/e2e; fi
if [[ -n ${purposes[bench]-} ]]; then install_node_modules bench; fi
