#!/usr/bin/env bash
# Gives the model that ships its operating points: from MODEL, as training has left it, to OUT.
# `ecgmodel quantise` then gives it what int8 needs, from recordings of the training.
# VALIDATION: recordings that trained nothing; OTHERS: labelled ones of other sources than most of the
# training's. Each is a folder, or FOLDER:LIST with a list of recordings below it.
# usage: make_points.sh MODEL VALIDATION OTHERS OUT
set -euo pipefail
if [ $# -ne 4 ]; then
  echo "usage: make_points.sh MODEL VALIDATION[:LIST] OTHERS[:LIST] OUT" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")/.." && pwd)
tool=${ECGMODEL:-$here/build/release/bin/ecgmodel}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

selected() {  # $1: FOLDER[:LIST]; sets `recordings` and `list`
  recordings=${1%%:*}
  list=()
  [ "$recordings" = "$1" ] || list=(--list "${1#*:}")
}

"$tool" define "$1" "$here/data/definitions.csv" "$work/1" --classes SB,STach --name balanced \
  --about "thresholds from PTB-XL, rates of sinus rhythm by definition: for hospitals it has not seen" \
  --usual ptb-xl --usual-about "as PTB-XL names things, bradycardia from about 50/min down"
selected "$3"
"$tool" fit "$work/1" "$recordings" "$work/2" "${list[@]}" --name challenge --beside \
  --about "as the other sources of the challenge name things; sinus rhythm alone where nothing else is"
selected "$2"
"$tool" fit "$work/2" "$recordings" "$work/3" "${list[@]}" --find 0.95 --name sensitive --beside \
  --about "each class is found in .95 of the recordings of PTB-XL that have it; many false alarms"
"$tool" define "$work/3" "$here/data/definitions.csv" "$4" --name definition --beside \
  --about "what guidelines define by measurement is decided by that: rates, PR, QTc, axis, voltage"
