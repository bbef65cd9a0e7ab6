#!/usr/bin/env bash
# Installs the Debian packages that building needs and that are missing.
# usage: install_packages.sh [--without-torch] [FURTHER_PACKAGE ...]
#   --without-torch   those of a build with -DECG_BUILD_TORCH=OFF
set -euo pipefail

torch=(libtorch-dev libgloo-dev)
if [ "${1:-}" = --without-torch ]; then
  torch=()
  shift
fi
packages=(
  g++ cmake ninja-build ccache pkg-config git ca-certificates xz-utils
  "${torch[@]}" libdnnl-dev libeigen3-dev libcli11-dev libspdlog-dev nlohmann-json3-dev
  libcairo2-dev libssl-dev libflac-dev libpugixml-dev zlib1g-dev libjemalloc-dev libgtest-dev
  libbenchmark-dev
  "$@"
)

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

sudo=()
[ "$(id -u)" -eq 0 ] || sudo=(sudo)
echo "installing: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
"${sudo[@]}" apt-get update -q >&2
"${sudo[@]}" apt-get install -q -y --no-install-recommends "${missing[@]}" >&2
