#!/usr/bin/env bash
# What pre-training on simulated recordings is worth, by number of real ones: a narrow network is
# trained from nothing and from what 8,000 simulated recordings taught it, with three seeds, on the
# first so many training records of a split in a random order. Interrupted, the same command goes on.
# usage: simulated_pretraining.sh OUT SPLIT.csv DATA [DATA ...]
#   SIZES="250 1000" simulated_pretraining.sh out split.csv recordings/
# ECGTRAIN_OPTIONS holds more options of ecgtrain, as in "-q --set compute.threads=1".
set -euo pipefail
[ $# -ge 3 ] || { sed -n '2,7s/^# //p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")/.." && pwd)
bin=${ECG_BIN:-$here/build/release/bin}
mkdir -p "$1"
out=$(cd "$1" && pwd) split=$2
shift 2
data=()
for folder in "$@"; do data+=(--data "$folder"); done
# shellcheck disable=SC2206  # words are options
common=(--set model.width=16 --set "model.blocks=[2,2,2,2]" --set loss.kind=bce
  --set thresholds.calibrate=true --set "data.cache=$out/cache" --resume ${ECGTRAIN_OPTIONS:-})

[ -e "$out/simulated/manifest.csv" ] || "$bin/ecgsim" "$out/simulated" --count 8000 --seed 5
"$bin/ecgtrain" --config "$here/configs/plain.json" --data "$out/simulated" \
  --set "output=$out/runs" --set name=simulated --set optimizer.epochs=6 \
  --set split.validation_share=0.05 "${common[@]}"

cat >"$out/study.json" <<END
{
  "name": "worth", "base": "$here/configs/plain.json", "seeds": [1, 2, 3],
  "variants": {"from-nothing": {}, "from-simulated": {"initial": {"bundle": "$out/runs/simulated/model"}}}
}
END
for size in ${SIZES:-250 1000 2285 17626}; do
  table=$out/split-$size.csv
  # The same passes would take the small sets nowhere and the large one all day.
  epochs=$((size < 500 ? 40 : size < 2000 ? 30 : size < 10000 ? 20 : 8))
  {
    head -n 1 "$split"
    awk -F, 'NR > 1 && $2 != "train"' "$split"
    awk -F, '$2 == "train"' "$split" | sort -R --random-source=<(yes) | awk -v n="$size" 'NR <= n'
  } >"$table"
  "$bin/ecgtrain" --config "$out/study.json" "${data[@]}" \
    --split-table "$table" --set "output=$out/runs" --set "name=real-$size" \
    --set "optimizer.epochs=$epochs" --set "optimizer.patience=$epochs" "${common[@]}" |
    tee "$out/real-$size.txt"
done
