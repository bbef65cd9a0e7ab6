#!/usr/bin/env bash
# Installs what is missing, configures a preset and builds. usage: build.sh PRESET [CMAKE_OPTION ...]
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1
shift
scripts/install_packages.sh
cmake --preset "$preset" "$@" >/dev/null
# A source with LibTorch takes over a gigabyte to compile.
jobs=$(nproc)
memory=$(awk '/MemAvailable/ {print int($2 / 1500000)}' /proc/meminfo)
[ "$jobs" -le "$memory" ] || jobs=$((memory > 0 ? memory : 1))
cmake --build --preset "$preset" -j "$jobs"
