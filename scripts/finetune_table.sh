#!/usr/bin/env bash
# What fine-tuning is worth, by number of recordings of one's own: a small network that never saw CPSC
# goes on with 50 and 100 of its recordings and is judged on the rest; one that learnt from simulated
# recordings and other sources goes on with 50, 200 and 1,000 of PTB-XL and is judged on 600 of its
# validation records. Prints the tables of configs/README.md, medians and ranges over the draws;
# OUT/figures.csv has every figure. Interrupted, the same command goes on.
# usage: finetune_table.sh OUT SPLIT.csv RECORDINGS
#   SPLIT.csv begins with the columns record and split (train or val). RECORDINGS are named as the
#   challenge names them: A and Q are CPSC's, H are PTB-XL's. DRAWS="1 11 12" are the seeds of the draws,
#   FINETUNE=FILE another configuration than finetune.json.
set -euo pipefail
[ $# -eq 3 ] || { sed -n '2,10s/^# //p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")/.." && pwd)
bin=${ECG_BIN:-$here/build/release/bin}
mkdir -p "$1"
out=$(cd "$1" && pwd) split=$2 recordings=$(cd "$3" && pwd)
finetune=${FINETUNE:-$here/configs/finetune.json}
figures=$out/figures.csv # hospital, recordings, variant, draw, challenge metric, AUROC, judged
common=(--set compute.threads=1 --set "data.cache=$out/cache" --resume -q)
cpsc='^[AQ]' ptb_xl='^H'
variants=("as it is" "fitting only" "head only" "head only, then fitting" "all" "all, then fitting"
  "all, fitting by its validation" "from nothing")

# --- Recordings ---

# The records of these parts of the split whose names match.
names() {
  awk -F, -v parts="$1" -v name="$2" 'NR > 1 && $1 ~ name && index(parts, $2) { print $1 }' "$split"
}

# So many of stdin's lines, in an order that the seed gives: a smaller draw is a part of a larger one.
draw() { sort -R --random-source=<(yes "$1") | awk -v n="$2" 'NR <= n'; }

declare -A stems # path without ending, by name
while read -r header; do
  name=${header##*/}
  stems[${name%.hea}]=${header%.hea}
done < <(find -L "$recordings" -name '*.hea')

# Makes a folder of the records that stdin names, by links.
gather() {
  rm -rf "$1"
  mkdir -p "$1"
  while read -r name; do printf '%s\0' "${stems[$name]}".*; done | xargs -0 ln -s -t "$1"
}

# --- Models ---

train_body() { # name, epochs, further options of ecgtrain
  "$bin/ecgtrain" --config "$here/configs/plain.json" --set "output=$out/bodies" --set "name=$1" \
    --set model.width=16 --set "model.blocks=[2,2,2,2]" --set loss.kind=bce \
    --set thresholds.calibrate=true --set thresholds.criteria=true \
    --set "optimizer.epochs=$2" --set "optimizer.patience=$2" "${@:3}" "${common[@]}" >&2
}

train_bodies() {
  awk -F, -v hidden="$cpsc" '$1 !~ hidden' "$split" >"$out/without-cpsc.csv"
  awk -F, -v hidden="$ptb_xl" '$1 !~ hidden' "$split" >"$out/without-ptb-xl.csv"
  train_body without-cpsc 6 --data "$recordings" --split-table "$out/without-cpsc.csv"
  [ -e "$out/simulated/manifest.csv" ] || "$bin/ecgsim" "$out/simulated" --count 4000 --seed 5 -q
  train_body simulated 8 --data "$out/simulated" --set split.validation_share=0.05
  train_body without-ptb-xl 20 --data "$recordings" --split-table "$out/without-ptb-xl.csv" \
    --set "initial.bundle=$out/bodies/simulated/model"
}

# What `ecgmodel fit` makes of a model with these recordings, which is the same one where there is
# nothing to gain: prints its folder.
fit() { # model, recordings, folder for the copy, further options
  rm -rf "$3"
  "$bin/ecgmodel" fit "$1" "$2" "$3" --threads 1 -q "${@:4}" >&2
  if [ -e "$3" ]; then echo "$3"; else echo "$1"; fi
}

tune() { # body, recordings, folder of runs, name, further options of ecgtrain: prints the model's folder
  "$bin/ecgtrain" --config "$finetune" --from "$1" --data "$2" --set "output=$3" --set "name=$4" \
    "${@:5}" "${common[@]}"
}

# Random weights have further to go. Their epoch is chosen by what they decide at .5, where
# cross-entropy decides nothing for long.
from_nothing=(--set initial.bundle= --set initial.decision=false --set thresholds.fit=true
  --set loss.kind=asymmetric --set optimizer.learning_rate=1e-3 --set optimizer.epochs=40
  --set optimizer.patience=40)

model_of() { # variant, body, recordings, folder of runs: prints the model's folder
  case $1 in
    "as it is") echo "$2" ;;
    "fitting only") fit "$2" "$3" "$4/fitted" ;;
    "head only") tune "$2" "$3" "$4" head --set initial.freeze=true ;;
    "head only, then fitting") fit "$4/head/model" "$3" "$4/head-fitted" ;;
    "all") tune "$2" "$3" "$4" all ;;
    "all, then fitting") fit "$4/all/model" "$3" "$4/all-fitted" ;;
    "all, fitting by its validation")
      awk -F, '$2 == "val" { print $1 }' "$4/all/split.csv" >"$4/validated.txt"
      fit "$4/all/model" "$3" "$4/all-validated" --list "$4/validated.txt"
      ;;
    "from nothing") tune "$2" "$3" "$4" nothing "${from_nothing[@]}" ;;
  esac
}

# --- Figures ---

judge() { # model, recordings: prints challenge metric, macro AUROC and how many recordings these are
  rm -rf "$out/predictions"
  # 4: some recordings show no heart. They count as nothing found.
  "$bin/ecgpredict" "$2" "$out/predictions" --model "$1" --threads 1 -q >&2 || [ $? -eq 4 ]
  { "$bin/ecgscore" "$2" "$out/predictions" --missing negative --bootstrap 0 --csv - -q ||
    [ $? -eq 4 ]; } | awk -F, '$1 == "all" && $2 == "" { of[$3] = $4 }
      END { printf "%.4f;%.4f;%d\n", of["challenge"], of["auroc"], of["recordings"] }'
}

measure() { # hospital, body, list of its recordings, size and seed of the draw, list that judges
  local runs=$out/runs/$1-$4-$5 variant row model
  draw "$5" "$4" <"$3" >"$out/drawn"
  gather "$runs/recordings" <"$out/drawn"
  grep -vxFf "$out/drawn" "$6" | gather "$runs/judged"
  for variant in "${variants[@]}"; do
    row="$1;$4;$variant;$5;"
    if grep -qsF "$row" "$figures"; then continue; fi
    model=$(model_of "$variant" "$out/bodies/$2/model" "$runs/recordings" "$runs")
    echo "$row$(judge "$model" "$runs/judged")" >>"$figures"
  done
}

# For each hospital, "median (least to most)" of the draws by variant and size.
print_tables() {
  sort -t';' -k1,1 -k2,2n "$figures" | awk -F';' -v all="$(printf ';%s' "${variants[@]}")" '
    function spread(text,   list, n, i, j, own) {
      n = split(text, list, " ")
      if (n == 0) return "-"
      for (i = 2; i <= n; ++i) {
        own = list[i] + 0
        for (j = i - 1; j >= 1 && list[j] + 0 > own; --j) list[j + 1] = list[j]
        list[j + 1] = own
      }
      own = (list[int((n + 1) / 2)] + list[int((n + 2) / 2)]) / 2
      return sprintf("%.3f (%.3f-%.3f)", own, list[1], list[n])
    }
    {
      if (!($1 in sizes)) hospitals[++count] = $1
      if (!(($1, $2) in judged)) sizes[$1] = sizes[$1] " " $2
      if ($3 == "as it is") ++draws[$1, $2]
      judged[$1, $2] = $7
      metric[$1, $2, $3] = metric[$1, $2, $3] " " $5
      auroc[$1, $2, $3] = auroc[$1, $2, $3] " " $6
    }
    END {
      rows = split(substr(all, 2), variant, ";")
      for (h = 1; h <= count; ++h) {
        own = hospitals[h]
        columns = split(sizes[own], size, " ")
        head = "| " own; rule = "| ---"; note = ""
        for (c = 1; c <= columns; ++c) {
          head = head sprintf(" | %d: metric | AUROC", size[c])
          rule = rule " | --- | ---"
          note = note sprintf("%s%d: %d draw(s), judged on %d", c > 1 ? "; " : "", size[c],
                              draws[own, size[c]], judged[own, size[c]])
        }
        print head " |\n" rule " |"
        for (v = 1; v <= rows; ++v) {
          line = "| " variant[v]
          for (c = 1; c <= columns; ++c) {
            line = line " | " spread(metric[own, size[c], variant[v]]) " | " \
              spread(auroc[own, size[c], variant[v]])
          }
          print line " |"
        }
        print "\n" note "\n"
      }
    }'
}

train_bodies
names train,val "$cpsc" >"$out/cpsc.txt"
names train "$ptb_xl" >"$out/ptb-xl.txt"
names val "$ptb_xl" | draw 1 600 >"$out/ptb-xl-judged.txt"
for seed in ${DRAWS:-1 11 12}; do
  for size in 50 100; do
    measure CPSC without-cpsc "$out/cpsc.txt" "$size" "$seed" "$out/cpsc.txt"
  done
  for size in 50 200; do
    measure PTB-XL without-ptb-xl "$out/ptb-xl.txt" "$size" "$seed" "$out/ptb-xl-judged.txt"
  done
done
for seed in ${DRAWS:-1 11 12}; do # they take the longest
  measure PTB-XL without-ptb-xl "$out/ptb-xl.txt" 1000 "$seed" "$out/ptb-xl-judged.txt"
done
print_tables
