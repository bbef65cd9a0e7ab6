#!/usr/bin/env bash
# Makes the two pictures of README.md anew, from a simulated recording, with the built programs.
# usage: make_pictures.sh [BIN_FOLDER]
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
bin=${1:-$here/build/release/bin}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
"$bin/ecgsim" records --count 1 --classes PVC --seed 12 --duration 10 --rate 250 --quiet >/dev/null
record=$(basename "$(ls records/*.hea)" .hea)
"$bin/ecgdelineate" records marks --quiet >/dev/null
"$bin/ecgpredict" records predictions --explain=PVC --quiet >/dev/null
mkdir -p "$here/data/pictures"
"$bin/ecgplot" "records/$record" "$here/data/pictures/paper.svg" --annotations "marks/$record.peaks" \
  --caption "A simulated recording, with its waves as ecgdelineate finds them"
"$bin/ecgplot" "records/$record" "$here/data/pictures/why.svg" --why "predictions/$record.why.json" --class PVC \
  --caption "The same"
