#!/usr/bin/env bash
# Trains the model that ships anew: its teachers, then itself, which lands in general/model of the
# folder $RUNS (default: runs); scripts/make_points.sh then gives it its operating points. May be
# interrupted and repeated.
# usage: train_general.sh RECORDINGS SPLIT.csv [ECGTRAIN_OPTION ...]
set -euo pipefail
if [ $# -lt 2 ]; then
  echo "usage: train_general.sh RECORDINGS SPLIT.csv [ECGTRAIN_OPTION ...]" >&2
  exit 2
fi
configs=$(cd "$(dirname "$0")/../configs" && pwd)
train=${ECGTRAIN:-$configs/../build/release/bin/ecgtrain}
runs=${RUNS:-runs}
options=(--data "$1" --split-table "$2" --set "output=$runs" --resume "${@:3}")
"$train" --config "$configs/general_teachers.json" "${options[@]}"
"$train" --config "$configs/general.json" "${options[@]}" \
  --set "distillation.teacher=$runs/general_teachers/model"
