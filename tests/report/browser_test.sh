#!/usr/bin/env bash
# Opens reports in a headless Chromium (browser_test.mjs), made from simulated recordings by the built
# programs. Skips, with exit status 77, where Chromium, Node or npm's packages are not at hand.
# usage: browser_test.sh BIN_FOLDER MODULES_FOLDER [SHOTS_FOLDER]
set -euo pipefail
bin=$1 modules=$2 shots=${3:-}
here=$(cd "$(dirname "$0")" && pwd)
skip() { echo "skipped: $*"; exit 77; }
chromium=$(command -v chromium || command -v chromium-browser || true)
[ -n "$chromium" ] || skip "needs chromium"
command -v node >/dev/null || skip "needs node"
if [ ! -d "$modules/node_modules/axe-core" ]; then
  command -v npm >/dev/null || skip "needs npm, or playwright-core and axe-core in $modules/node_modules"
  mkdir -p "$modules"
  npm install --prefix "$modules" --no-save --no-audit --no-fund playwright-core@1 axe-core@4 \
    >/dev/null 2>&1 || skip "npm cannot install playwright-core and axe-core"
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
"$bin/ecgsim" records --count 40 --seed 5 --quiet
"$bin/ecgpredict" records predictions --report pages --table all.csv --quiet
first=$(cd pages && find . -name '*.html' ! -name index.html | sort | head -1)
# A record of 60 s, one of 2 leads, a folder with labels, an empty one, one of failures.
"$bin/ecgsim" long --count 1 --seed 6 --duration 60 --quiet
long=$(find long -name '*.hea' | sort | head -1)
"$bin/ecgreport" record "$long" long.html --no-model --quiet
"$bin/ecgreport" record "$(find records -name '*.hea' | sort | head -1)" two.html --lead-set 2 --quiet
"$bin/ecgreport" folder all.csv records score.html --quiet
"$bin/ecgpredict" records two --lead-set 2 --quiet
"$bin/ecgreport" folder predictions compare.html --compare two --recordings records --quiet
mkdir empty failures
echo 'record,reason' >failures/failed.csv
echo '<img src=x onerror=alert(1)>,"</script><script>alert(2)</script>"' >>failures/failed.csv
"$bin/ecgreport" folder empty empty.html --quiet
"$bin/ecgreport" folder failures failures.html --quiet
# A training run that goes on, and half an hour of a recorder.
mkdir run
echo '{"name": "run", "optimizer": {"epochs": 9}}' >run/config.json
for epoch in 1 2 3 4 5 6; do
  for step in 1 2 3; do
    echo "{\"phase\":\"training\",\"step\":$epoch$step,\"loss\":0.$((9 - epoch))$step,\"learning_rate\":0.00$epoch}"
  done
  echo "{\"phase\":\"training\",\"epoch\":$epoch,\"epoch_loss\":0.$((9 - epoch)),\"validation_loss\":0.4," \
    "\"validation_challenge_metric\":0.4$epoch,\"validation_auroc\":0.8$epoch,\"seconds_steps\":9," \
    "\"seconds_waiting\":1,\"seconds_validation\":2,\"seconds_saving\":0," \
    "\"classes\":{\"AF\":{\"auroc\":0.9$epoch,\"auprc\":0.5,\"f_measure\":0.4}}}"
done >run/metrics.jsonl
"$bin/ecgreport" run run run.html --quiet
"$bin/ecgsim" day --hours 0.5 --episodes 1 --quiet
"$bin/ecgreport" holter day/day00001.hea holter.html --annotations atr --quiet
node "$here/browser_test.mjs" "$modules/node_modules" "$chromium" ${shots:+--shots "$shots"} \
  "record=pages/$first" record=long.html record=two.html folder=score.html folder=compare.html page=pages/index.html \
  page=empty.html page=failures.html page=run.html page=holter.html
