#!/usr/bin/env bash
# Installs what is missing, configures and builds. usage: build.sh [CMAKE_OPTION ...]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install_packages.sh
cmake --preset release "$@" >/dev/null
# A source with LibTorch takes over a gigabyte to compile.
jobs=$(nproc)
memory=$(awk '/MemAvailable/ {print int($2 / 1500000)}' /proc/meminfo)
[ "$jobs" -le "$memory" ] || jobs=$((memory > 0 ? memory : 1))
cmake --build build/release -j "$jobs"
