#!/usr/bin/env bash
# Follows a training run that goes on, whose figures come while the page is written again and again.
# usage: follow_run_test.sh BIN_FOLDER
set -euo pipefail
bin=$1
scratch=$(mktemp -d)
cleanup() {
  [ -z "${follower:-}" ] || kill "$follower" 2>/dev/null || true
  rm -rf "$scratch"
}
trap cleanup EXIT
cd "$scratch"
fail() { echo "failed: $*" >&2; exit 1; }
# Waits up to half a minute until the page holds a text, or holds it no more.
until_page() {
  local wanted=$1 text=$2
  for _ in $(seq 150); do
    if [ -f page.html ]; then
      if grep -qF -- "$text" page.html; then found=holds; else found=lacks; fi
      [ "$found" != "$wanted" ] || return 0
    fi
    sleep 0.2
  done
  fail "the page never $wanted: $text"
}
epoch() {
  printf '{"phase":"training","step":%s,"loss":0.5,"learning_rate":0.001}\n' "$1"
  printf '{"phase":"training","epoch":%s,"epoch_loss":0.4,"validation_loss":0.4,' "$1"
  printf '"validation_auroc":0.8%s%s}\n' "$1" "$1"
}

mkdir run
echo '{"name": "run", "optimizer": {"epochs": 9}}' >run/config.json
"$bin/ecgreport" run run page.html --follow --every 1 --quiet &
follower=$!
until_page holds 'http-equiv="refresh"'
until_page holds 'goes on'
epoch 1 >>run/metrics.jsonl
until_page holds '0.811'
# What is being written just then is no figure yet, and no reason to end.
epoch 2 | head -c -30 >>run/metrics.jsonl
sleep 2
kill -0 "$follower" || fail "it ended at half a line"
until_page lacks '0.822'
epoch 2 | tail -c 30 >>run/metrics.jsonl
until_page holds '0.822'
# A page that is looked at is always a whole one.
for _ in $(seq 20); do
  tail -c 20 page.html | grep -q '</html>' || fail "half a page"
  sleep 0.05
done
echo '{"final":{"val":{"12":{"auroc":0.9}}},"step":2}' >>run/metrics.jsonl
until_page lacks 'http-equiv="refresh"'
for _ in $(seq 50); do
  kill -0 "$follower" 2>/dev/null || break
  sleep 0.1
done
wait "$follower" || fail "it ended with status $?"
follower=
echo passed
