#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test, the quick ones first, and the checks that find
# faults of what reads foreign bytes. From nothing that takes most of an hour on two cores; the checks
# that compile everything once more (tidy, analyze, asan, tsan) are left to scripts/check.sh. Tests that
# need real records look for them in $ECG_SHARED or in shared/ beside the checkout, and say so where
# they skip. usage: test.sh [CTEST_OPTION ...]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/check.sh format layers
scripts/build.sh release -DECG_BUILD_TESTS=ON -DECG_WARNINGS_AS_ERRORS=ON
ctest --preset release -j "$(nproc)" "$@"
scripts/check.sh fuzz site
