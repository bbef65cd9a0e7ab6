#!/usr/bin/env bash
# Interrupts a training run again and again, each time at a random moment, and compares what it
# leaves with an uninterrupted run, byte for byte: checkpoints, bundle, metrics.jsonl (times aside).
#
# usage: interrupt_run.sh [-n TIMES] [-m SECONDS] [-s SEED] FOLDER ECGTRAIN_OPTION ...
#        interrupt_run.sh /tmp/trial --config configs/small.json --data recordings/
#
#   FOLDER  gets both runs (whole/, interrupted/) and a log of the interruptions
#   -n      interruptions before the run may come to its end (default 50)
#   -m      the longest time between two of them (default 40)
#   -s      of the random moments and ways (default 1)
#
# The ways, in turn by chance: SIGKILL, SIGTERM, and a limit on the size of files, which is what a
# full disk looks like. Needs ecgtrain in $PATH or in build/release/bin.
set -euo pipefail

times=50
longest=40
seed=1
while getopts n:m:s: option; do
  case $option in
    n) times=$OPTARG ;;
    m) longest=$OPTARG ;;
    s) seed=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[ $# -ge 2 ] || { grep '^#' "$0" | sed -n '2,14s/^# \{0,1\}//p' >&2; exit 2; }
folder=$1
shift
train=$(command -v ecgtrain || echo "$(cd "$(dirname "$0")/.." && pwd)/build/release/bin/ecgtrain")
RANDOM=$seed

mkdir -p "$folder"
log=$folder/interruptions.log
: > "$log"
options=("$@" --set name=run --resume -q)
interrupted=(--set "output=$folder/interrupted")

# A full disk: no file may become longer than a random share of a checkpoint.
limit_files() {
  local largest
  largest=$(find "$folder/interrupted" -name '*.checkpoint' -printf '%k\n' 2>/dev/null | sort -n | tail -1 || true)
  trap '' XFSZ
  ulimit -f $((RANDOM % (${largest:-400} + 20)))
}

echo "the whole run" >&2
"$train" "${options[@]}" --set "output=$folder/whole" > /dev/null
for ((i = 1; i <= times; ++i)); do
  after=$((RANDOM % (longest * 10)))
  after=$((after / 10)).$((after % 10))
  code=0
  way=$((RANDOM % 4))
  (
    case $way in
      0 | 1) signal=KILL ;;
      2) signal=TERM ;;
      3) signal=KILL; limit_files ;;
    esac
    exec timeout --preserve-status "--signal=$signal" "$after" "$train" "${options[@]}" "${interrupted[@]}"
  ) > /dev/null 2>> "$log" &
  wait $! 2> /dev/null || code=$?
  last=$(tail -n 1 "$folder/interrupted/run/metrics.jsonl" 2>/dev/null | cut -c 1-60 || true)
  names=(kill kill SIGTERM "full disk")
  echo "$i: ${names[way]} after $after s, exit code $code, at $last" | tee -a "$log" >&2
  [ $code -ne 0 ] || { times=$((i - 1)); break; }
  case $code in 7 | 124 | 137 | 143) ;; *) echo "exit code $code" >&2; exit 1 ;; esac
done
"$train" "${options[@]}" "${interrupted[@]}" > /dev/null

without_times() { sed -E 's/"(time|seconds[a-z_]*)":[-+0-9.eE]+,?//g; s/,\}/}/' "$1"; }
whole=$folder/whole/run
after=$folder/interrupted/run
diff -r -q -x train.log -x config.json -x metrics.jsonl -x 'events.out.*' "$whole" "$after"
diff <(without_times "$whole/metrics.jsonl") <(without_times "$after/metrics.jsonl") > /dev/null
echo "the same bytes after $times interruptions" >&2
