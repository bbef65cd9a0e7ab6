#!/usr/bin/env bash
# Installs the Debian packages that building needs and that are missing.
# usage: install_packages.sh [--without-torch] [--for ARCHITECTURE] [FURTHER_PACKAGE ...]
#   --without-torch   those of a build with -DECG_BUILD_TORCH=OFF
#   --for arm64       libraries of that architecture, which dpkg must know, with a cross compiler for it
set -euo pipefail

torch=(libtorch-dev libgloo-dev)
compiler=g++
suffix=
while [[ ${1:-} == --* ]]; do
  case $1 in
    --without-torch) torch=() ;;
    --for) compiler=crossbuild-essential-$2 suffix=:$2; shift ;;
    *) echo "install_packages.sh: unknown option $1" >&2; exit 2 ;;
  esac
  shift
done
libraries=(
  "${torch[@]}" libdnnl-dev libspdlog-dev libcairo2-dev libssl-dev libflac-dev libpugixml-dev
  zlib1g-dev libjemalloc-dev libgtest-dev libbenchmark-dev
)
packages=(
  "$compiler" cmake ninja-build ccache pkg-config git ca-certificates xz-utils
  libeigen3-dev libcli11-dev nlohmann-json3-dev  # headers alone, for any architecture
  "${libraries[@]/%/$suffix}"
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
