#!/usr/bin/env bash
# From nothing to a scored prediction: installs, builds, simulates labelled recordings from several
# sources, trains a small model, predicts and scores. usage: quickstart.sh [FOLDER]
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$here/quickstart}
mark=$folder/.made-by-quickstart
if [ -d "$folder" ] && [ -n "$(ls -A "$folder")" ] && [ ! -e "$mark" ]; then
  echo "quickstart.sh: $folder is not empty; name another folder" >&2
  exit 2
fi
say() { printf '\n== %s\n' "$*" >&2; }

say "building (the first time takes a few minutes)"
"$here/scripts/build.sh" release -DECG_BUILD_TESTS=OFF >&2
bin=$here/build/release/bin
mkdir -p "$folder"
touch "$mark"
cd "$folder"

say "simulating recordings of several hospitals: train/ and test/"
rm -rf train test predictions peaks runs shipped reported pages report.html
"$bin/ecgsim" train --count 1500 --seed 1
"$bin/ecgsim" test --count 300 --seed 2

say "training a small model"
"$bin/ecgtrain" --config "$here/configs/quickstart.json" --data train --set output=runs \
  --set data.cache=runs/cache

for leads in 12 6 4 3 2; do
  say "predicting and scoring with $leads leads"
  "$bin/ecgpredict" --model runs/quickstart/model test "predictions/$leads" --lead-set $leads
  "$bin/ecgscore" test "predictions/$leads" >"predictions/$leads.txt"
  sed -n "1,9p" "predictions/$leads.txt"
done

# It was trained on real recordings of other hospitals, not on these simulated ones.
say "the same with the model that ships"
rm -rf shipped
"$bin/ecgpredict" test shipped
"$bin/ecgscore" test shipped >shipped.txt
sed -n "1,9p" shipped.txt

say "finding the peaks of the test recordings, and drawing one"
"$bin/ecgpredict" --model runs/quickstart/model test peaks --peaks
one=$(basename "$(ls test/*.hea | head -1)" .hea)
"$bin/ecgplot" "test/$one.hea" "$one.svg" --annotations "peaks/$one.peaks"

say "reports for a browser: a page a recording, and one of all with what the predictions are worth"
rm -rf pages
"$bin/ecgpredict" test reported --report pages
"$bin/ecgreport" folder shipped test report.html --pages pages

say "done; everything lies in $folder"
cat >&2 <<END
  train/ test/          simulated recordings with their labels (WFDB, as in the challenge)
  runs/quickstart/      the run: train.log, metrics.jsonl, TensorBoard events
  runs/quickstart/model the model bundle
  predictions/          one CSV a recording for each set of leads, and the scores class by class
  shipped/              what the model that ships says, which never saw a simulated recording
  peaks/                the waves that the model finds, as WFDB annotations
  $one.svg            a recording on ECG paper with these marks, for any browser

  pages/index.html      every test recording with its ECG, diagnoses and measurements

With your own recordings, with the model that ships or one of your own:
  $bin/ecgpredict YOUR_RECORDS predictions
  $bin/ecgtrain --config $here/configs/small.json --data YOUR_RECORDS
  $bin/ecgpredict --model runs/small/model YOUR_RECORDS predictions
  $bin/ecgscore YOUR_RECORDS predictions
END
echo "open in a browser: $folder/report.html" >&2
