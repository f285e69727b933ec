#!/bin/bash
# Installs the Debian packages that a job needs and this machine lacks.
#
#   tools/install_packages.sh GROUP...        groups: build, test, lint, bench, peers
#
# Says which packages are missing and what each is for, then installs them with apt-get, through
# sudo where the caller is not root. Says and does nothing when all of them are there.
# SKIP_PACKAGES=1 in the environment switches it off, for those who bring the packages themselves.
set -euo pipefail

# group, package, why
table() {
  cat <<'END'
build g++                   the C++20 compiler
build cmake                 configures the build
build ninja-build           runs the build
build git                   names the commit in reports
build ca-certificates       lets downloads check whom they talk to
build libhwy-dev            SIMD that chooses its instruction set at run time
build nlohmann-json3-dev    reads and writes JSON
build libtomlplusplus-dev   reads study files
build libcli11-dev          reads the command line
build libcurl4-openssl-dev  downloads data sets
build zlib1g-dev            unpacks gzip
build libpng-dev            reads and writes PNG
build libssl-dev            SHA-256
build libboost-math-dev     quantiles of Student's t
build libcsv-dev            reads CSV
build nodejs                runs the bundler of the page's script
build npm                   fetches the charting library, in pinned versions
test  libgtest-dev          the tests' framework
test  libgmock-dev          the tests' matchers
test  clang-format          checks the layout of the code
test  python3               runs the checks of layers, commands and documents
test  chromium              opens the report in the tests of the page
lint  clang                 the headers that clang-tidy reads
lint  clang-tidy            the linter
bench libbenchmark-dev      times single kernels
peers python3-venv          a place of their own for the Python packages that are timed
peers libopenblas-dev       one of those that are timed
END
}

say() { printf 'install_packages: %s\n' "$*"; }
fail() {
  say "$@" >&2
  exit 1
}

is_installed() {
  dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

# Node.js often comes from elsewhere, with an npm that no Debian package owns.
has_node() {
  command -v npm >/dev/null && command -v node >/dev/null &&
    [[ "$(node --version 2>/dev/null)" =~ ^v([0-9]+) ]] && ((BASH_REMATCH[1] >= 18))
}

is_needed() {
  case $1 in
    nodejs | npm) ! has_node && ! is_installed "$1" ;;
    *) ! is_installed "$1" ;;
  esac
}

[[ ${SKIP_PACKAGES:-} ]] && exit 0
(($# > 0)) || fail "name one or more groups: build, test, lint, bench, peers"
for group in "$@"; do
  [[ $group =~ ^(build|test|lint|bench|peers)$ ]] ||
    fail "no group is called '$group'; there are build, test, lint, bench, peers"
done
command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
  fail "this is not Debian (no dpkg-query, no apt-get). Install what stands in the table in" \
    "tools/install_packages.sh in your system's own way, then say SKIP_PACKAGES=1 make ..."

missing=()
reasons=()
while read -r group package why; do
  [[ " $* " == *" $group "* ]] || continue
  is_needed "$package" || continue
  missing+=("$package")
  reasons+=("$(printf '  %-22s %s' "$package" "$why")")
done < <(table)
((${#missing[@]} > 0)) || exit 0

say "this machine lacks ${#missing[@]} package(s) for: $*"
printf '%s\n' "${reasons[@]}"

as_root=()
if (($(id -u) != 0)); then
  command -v sudo >/dev/null ||
    fail "installing needs root, and there is no sudo. As root, run: apt-get install ${missing[*]}"
  as_root=(sudo)
fi
apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 \
    -o Acquire::Retries=3 "$@"
}
# One dead source among several fails the update, though the rest may hold all that is needed.
apt update || say "apt-get update reported a problem; trying to install nonetheless"
apt install -y --no-install-recommends "${missing[@]}" ||
  fail "apt-get could not install: ${missing[*]}. Its own message stands above"
say "installed"
