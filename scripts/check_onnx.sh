#!/usr/bin/env bash
# Compares exported networks with the native engine by ONNX Runtime, of which Debian 13 has a package:
# networks of every setting, and the model that ships on real recordings, where they are at hand.
# usage: check_onnx.sh   (on Debian 13, or scripts/bare_machine.sh trixie scripts/check_onnx.sh)
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install_packages.sh --without-torch python3-onnxruntime python3-onnx python3-scipy
build=build/onnx
cmake --preset release -B "$build" -DECG_BUILD_TORCH=OFF -DECG_BUILD_TESTS=ON >/dev/null
cmake --build "$build" --target ecgmodel onnx_cases
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
model=data/models/general
archive=${ECG_SHARED:-$PWD/../shared}/data/ecg_small.tar.xz
recordings=()
if [ -f "$archive" ]; then
  recordings=("$scratch/recordings")
  mkdir "$scratch/recordings"
  tar -xf "$archive" -C "$scratch/recordings"
  "$build/bin/onnx_cases" "$scratch/cases" "$model" "$scratch/recordings"
  "$build/bin/ecgmodel" export "$model" "$scratch/general.onnx"
  cmp "$scratch/general.onnx" "$scratch/cases/recordings.onnx"
else
  echo "check_onnx.sh: without real recordings, which need $archive"
  "$build/bin/onnx_cases" "$scratch/cases"
fi
# Debian's builds of both say of each of ONNX's older operators that they know it already.
exec 2> >(grep -vE '^(Schema error: .*)?$' >&2)
python3 -c 'import sys, onnx
for path in sys.argv[1:]:
    onnx.checker.check_model(path, full_check=True)
print(f"ONNX {onnx.__version__}: {len(sys.argv) - 1} models are sound")' "$scratch"/cases/*.onnx
python3 scripts/check_onnx.py "$scratch/cases" "${recordings[@]}"
