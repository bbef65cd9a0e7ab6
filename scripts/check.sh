#!/usr/bin/env bash
# Checks the sources beyond their tests. Each step installs what it needs and says how long it took.
# usage: check.sh [STEP ...]   (default: all of them)
#
# test.sh runs format, layers, fuzz and site. A change of what has threads wants tsan as well, one of a
# reader analyze; a push to the repository runs all.
#
#   format   every source as clang-format 14 (Debian 12) writes it
#   layers   the modules include each other as the table in CONTRIBUTING.md allows
#   tidy     clang-tidy 14 with .clang-tidy over the modules that read foreign bytes first
#   analyze  clang's static analyzer over the same
#   fuzz     the tests of what reads foreign bytes, then every fuzz target for some seconds, under the
#            address and undefined-behaviour sanitizers: one build with clang for both
#   asan     all tests without LibTorch under these sanitizers
#   tsan     the tests of what has threads and no LibTorch under the thread sanitizer
#   browser  reports in a headless Chromium, with axe-core from npm (which serves this test alone); one
#            of the tests too, where it skips if these are not installed
#   site     the public headers as a site by Doxygen, in build/release/site/html
set -euo pipefail
cd "$(dirname "$0")/.."

# Whether a tool is LLVM's version 14: versions format and warn differently. Says so where it is not.
is_llvm_14() {
  "$1" --version | grep -q 'version 14\.' && return
  echo "skipped: needs $1 14, as in Debian 12; here is $("$1" --version | grep -o 'version [0-9.]*')"
  return 1
}

sources() { find include src tests -name '*.h' -o -name '*.cpp'; }

format() {
  scripts/install_packages.sh clang-format
  is_llvm_14 clang-format || return 0
  sources | xargs clang-format --dry-run -Werror
}

layers() { scripts/check_layers.sh; }

clang_tidy() {  # $1: the checks, beside those of .clang-tidy
  scripts/install_packages.sh clang-tidy
  is_llvm_14 clang-tidy || return 0
  cmake --preset release >/dev/null
  ls src/core/*.cpp src/record/*.cpp src/formats/*.cpp src/formats/*/*.cpp |
    xargs -n 1 -P "$(nproc)" clang-tidy --quiet --checks="$1" --warnings-as-errors='*' \
      -p build/release
}

tidy() { clang_tidy '-clang-analyzer-*'; }

analyze() { clang_tidy '-*,clang-analyzer-*'; }

sanitized() {  # $1: a preset
  scripts/install_packages.sh clang libclang-rt-dev
  scripts/build.sh "$1"
  ctest --preset "$1" -j "$(nproc)"
}

fuzz() { sanitized fuzz; }

asan() { sanitized asan; }

tsan() { sanitized tsan; }

browser() {
  scripts/install_packages.sh chromium nodejs npm poppler-utils
  scripts/build.sh release
  tests/report/browser_test.sh "$PWD/build/release/bin" "$PWD/build/release/browser" "$@"
}

site() {
  scripts/install_packages.sh doxygen
  cmake --preset release >/dev/null
  cmake --build --preset release --target site
}

[ $# -gt 0 ] || set -- format layers tidy analyze fuzz asan tsan browser site
for step in "$@"; do
  case $step in format | layers | tidy | analyze | fuzz | asan | tsan | browser | site) ;; *)
    echo "check.sh: unknown step $step" >&2
    exit 2
    ;;
  esac
done
for step in "$@"; do
  echo "== check: $step"
  SECONDS=0
  "$step"
  echo "== check: $step took $SECONDS s"
done
