#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test, then every fuzz target for a few seconds
# under the address and undefined-behaviour sanitizers. Tests that need real records look for them
# in $ECG_SHARED or in shared/ beside the checkout, and say so where they skip.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/build.sh release -DECG_BUILD_TESTS=ON
ctest --preset release -j "$(nproc)" "$@"
scripts/install_packages.sh clang libclang-rt-14-dev
scripts/build.sh fuzz
ctest --preset fuzz
