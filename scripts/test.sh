#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test. Tests that need real records look for
# them in $ECG_SHARED or in shared/ beside the checkout, and say so where they skip.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/build.sh -DECG_BUILD_TESTS=ON
ctest --preset release -j "$(nproc)" "$@"
