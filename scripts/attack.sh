#!/usr/bin/env bash
# Attacks the tools with what somebody else's files, folders and moments can be: damaged recordings,
# names, outputs among inputs, hostile bundles, races, full disks and kills. Every run is bounded in
# time and memory. Prints a line a part and what did not hold; fails where anything did not.
#
# usage: attack.sh [-s SEED] [-n FACTOR] FOLDER_OF_RECORDINGS [FOLDER_OF_PROGRAMS]
#        attack.sh recordings/
#
#   FOLDER_OF_RECORDINGS  WFDB records to damage copies of; themselves they are only read
#   -s  of the random damage (default 1)
#   -n  how often everything is tried, times the usual (default 1: some ten minutes on two cores)
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
seed=1
factor=1
while getopts s:n: option; do
  case $option in
    s) seed=$OPTARG ;;
    n) factor=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[ $# -ge 1 ] || { sed -n '2,13s/^# \{0,1\}//p' "$0" >&2; exit 2; }
recordings=$(cd "$1" && pwd)
bin=$(cd "${2:-$here/build/release/bin}" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
export NO_COLOR=1
RANDOM=$seed
wrong=0
tries=0
seconds=60         # that a run may take; LibTorch alone starts in half of one
kilobytes=3000000  # that it may take besides what it maps

complain() {
  echo "  did not hold: $*"
  wrong=$((wrong + 1))
}
part() { echo "$* ($SECONDS s)"; }
lot() { echo $((RANDOM * 32768 + RANDOM)); }

# run TOOL WORD...: its exit code is in $code, what it says in said. What ends by a signal, takes too
# long or says that it is at fault itself did not hold.
run() {
  code=0
  tries=$((tries + 1))
  /usr/bin/env timeout -k 5 "$seconds" "$bin/$1" "${@:2}" >said 2>&1 || code=$?
  case $code in
    0 | 2 | 3 | 4 | 5 | 7 | 130 | 143) ;;
    *) complain "exit $code: $* $(tail -c 300 said)" ;;
  esac
  if LC_ALL=C grep -q $'[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]' said; then complain "raw control characters: $*"; fi
}

# ends CODE WHAT: how the last run must have ended.
ends() { [ "$code" -eq "$1" ] || complain "$2: exit $code instead of $1: $(tail -c 300 said)"; }

# The state of a folder, names and contents.
state() { (cd "$1" && find . -type f -print0 | sort -z | xargs -0 -r sha256sum) | sha256sum; }

# good FOLDER N: N good recordings.
good() {
  local header base
  mkdir -p "$1"
  while read -r header; do
    base=${header%.hea}
    cp "$base".* "$1"
  done < <(find "$recordings" -name '*.hea' | sort | head -n "$2")
  chmod -R u+w "$1"
}

# Overwrites 1 to 4 bytes of a file, or cuts it, or repeats a part of it.
damage() {
  local size at
  size=$(stat -c %s "$1")
  [ "$size" -gt 0 ] || return 0
  case $((RANDOM % 6)) in
    0) truncate -s $(($(lot) % size)) "$1" ;;
    1) tail -c $((1 + $(lot) % size)) "$1" >piece && cat piece >>"$1" ;;
    *)
      for _ in 1 2 3 4; do
        at=$(($(lot) % size))
        printf "\\x$(printf %02x $((RANDOM % 256)))" |
          dd of="$1" bs=1 seek="$at" conv=notrunc status=none
      done
      ;;
  esac
}

damaged_recordings() {
  local round file
  for ((round = 0; round < 12 * factor; ++round)); do
    rm -rf in out
    good in 12
    for file in in/*; do
      case $file in
        *.hea) damage "$file" ;;
        *) if ((RANDOM % 2)); then damage "$file"; fi ;;
      esac
    done
    run ecgdelineate in out -q --intervals table.csv
    run ecginfo -- in/*.hea
    run ecgconvert in converted"$round" --to edf -q
    run ecgplot in/*.hea -o pages
    run ecgscore in out -q
    if ((round % 4 == 0)); then run ecgpredict in predicted"$round" -q; fi
  done
}

little_files() {
  local tool
  "$here/scripts/attack/little_files.sh" little
  for tool in "ecgdelineate little/records out -q" "ecgpredict little/records predicted -q" \
    "ecgplot $(echo little/records/*.hea) -o pages" "ecginfo $(echo little/*/*.hea)" \
    "ecgpredict little/texts predicted2 -q" \
    "ecgconvert little/records converted --to wfdb -q"; do
    # shellcheck disable=SC2086 # words
    measured $tool
  done
}

# As run, and no more than a gigabyte.
measured() {
  local peak
  tries=$((tries + 1))
  code=0
  "$bin/$1" "${@:2}" >said 2>&1 &
  local child=$! most=0
  while kill -0 "$child" 2>/dev/null; do
    peak=$(awk '/VmHWM/ {print $2}' "/proc/$child/status" 2>/dev/null || echo 0)
    if [ "${peak:-0}" -gt "$most" ]; then most=$peak; fi
    sleep 0.02
  done
  wait "$child" || code=$?
  [ "$most" -lt 1000000 ] || complain "$most kB: $1 ${*:2:2}"
  [ "$code" -le 7 ] || complain "exit $code: $1 ${*:2:2} $(tail -c 300 said)"
}

names() {
  rm -rf in out
  good in 20
  local first other name
  first=$(basename "$(find in -name '*.hea' | sort | head -n 1)" .hea)
  # copy NAME: a recording by another name; its header names the other's signals.
  copy() { cp "in/$first.hea" "in/$1.hea"; }
  copy "$(printf 'n%.0s' {1..240})"
  copy "$(printf 'n%.0s' {1..251})"
  copy ' leading blank'
  copy '=1+1'
  copy $'\e[31mred\a'
  copy $'two\nlines'
  copy $'\xff\xfe'
  cp "in/$first.hea" "in/$first.HEA"
  mkdir -p "in/$first.csv" in/failed.csv in/ecgpredict.json in/deep out/"$first".peaks
  for name in "$first.csv" failed.csv ecgpredict.json deep; do
    cp "in/$first".hea "in/$first".[md]at "in/$name"
  done
  ln -s nowhere.hea in/dangling.hea
  ln -s ../in in/loop
  mkfifo in/pipe.hea
  : >in/empty.hea
  run ecgdelineate in out -q
  ends 4 "ecgdelineate over names"
  [ "$(find out -name '*.peaks' -type f | wc -l)" -ge 22 ] || complain "good recordings left out"
  for other in dangling pipe empty "$first.HEA"; do
    find out -maxdepth 1 -name 'failed*.csv' -type f -exec cat {} + | grep -aqF "$other" ||
      complain "$other is not named"
  done
  run ecgconvert in converted -q --to wfdb
  ends 4 "ecgconvert over names"
  run ecgpredict in predicted -q --table all.csv
  ends 4 "ecgpredict over names"
  grep -q '^=' all.csv && complain "a formula in a table"
  run ecgscore in all.csv -q
}

outputs() {
  rm -rf in out
  good in/in 4
  good in 3
  local first before words
  first=$(basename "$(find in -maxdepth 1 -name '*.hea' | sort | head -n 1)" .hea)
  local signals=("in/$first".[md]at)
  before=$(state in)
  ln -s in linked
  mkdir -p links && ln -s ../in links/in
  for words in "ecgdelineate in in" "ecgdelineate in linked" "ecgdelineate in links" \
    "ecgdelineate in ." "ecgconvert in in --to wfdb" "ecgconvert in linked --to edf" \
    "ecgconvert in links --to csv" "ecgconvert in/$first.hea in/$first.mat" \
    "ecgpredict in in" "ecgpredict in linked" "ecgpredict in links" \
    "ecgpredict in ." "ecgpredict in out --table ${signals[0]}" \
    "ecgdelineate in out --intervals in/$first.hea" "ecgplot in/$first.hea in/$first.hea" \
    "ecgplot in/$first.hea -o in" "ecgscore in in --csv ${signals[0]}" "ecgsim in -n 1"; do
    # shellcheck disable=SC2086 # words
    run $words
    [ "$(state in)" = "$before" ] || complain "changed its inputs: $words"
    before=$(state in)
  done
  ln -s /dev/null null.csv
  run ecgdelineate in out -q --intervals null.csv
  [ -L null.csv ] && [ -c /dev/null ] || complain "replaced a device"
}

bundles() {
  local round model=$here/data/models/general
  good in 2
  for ((round = 0; round < 10 * factor; ++round)); do
    rm -rf bundle out
    cp -r "$model" bundle
    damage "$(find bundle -type f | sort | shuf -n 1 --random-source=<(yes "$seed$round"))"
    run ecginfo bundle
    run ecgpredict in out --model bundle -q
    if diff -rq bundle "$model" >/dev/null; then continue; fi
    [ "$code" -ne 0 ] || complain "predicted with a damaged bundle"
  done
}

# Two at once, killed at random, a full disk: afterwards all is as if nothing had happened.
moments() {
  local round whole
  rm -rf in whole
  good in 40
  run ecgpredict in whole -q
  ends 0 "ecgpredict"
  whole=$(state whole)
  for ((round = 0; round < 4 * factor; ++round)); do
    rm -rf out
    "$bin/ecgpredict" in out -q --resume >said1 2>&1 &
    run ecgpredict in out -q --resume
    wait $! || complain "one of two at once: $(tail -n 1 said1)"
    ends 0 "the other of two at once"
    [ "$(state out)" = "$whole" ] || complain "two at once left something else"
    rm -rf out
    for _ in 1 2 3; do
      (timeout -s KILL "0.$((3 + RANDOM % 7))" "$bin/ecgpredict" in out -q --resume || true) \
        >said 2>&1
    done
    (ulimit -f 1 && exec "$bin/ecgpredict" in out -q --resume --batch-size 4) >said 2>&1 || true
    run ecgpredict in out -q --resume
    ends 0 "resumed"
    [ "$(state out)" = "$whole" ] || complain "kills and full disks left something else"
  done
  # A folder that vanishes.
  rm -rf out
  : >code1
  ("$bin/ecgpredict" in out -q --batch-size 1 >said1 2>&1 || echo $? >code1) &
  for ((round = 0; round < 500; ++round)); do
    [ "$(find out -name '*.csv' 2>/dev/null | wc -l)" -lt 5 ] || break
    sleep 0.02
  done
  rm -rf out 2>said || true
  wait
  [ "$(find out -name '*.csv' 2>/dev/null | wc -l)" -eq 40 ] || [ -s code1 ] ||
    complain "said to be done although its folder vanished"
  # Another recording by the same name.
  rm -rf out other
  run ecgpredict in out -q
  good other 41
  local first last
  first=$(find other -name '*.hea' | sort | head -n 1)
  last=$(find other -name '*.hea' | sort | tail -n 1)
  sed "s|$(basename "${last%.hea}")|$(basename "${first%.hea}")|g" "$last" >"$first"
  for round in mat dat; do
    [ ! -e "${last%.hea}.$round" ] || mv "${last%.hea}.$round" "${first%.hea}.$round"
  done
  rm "$last"
  run ecgpredict other fresh -q
  run ecgpredict other out -q --resume
  diff -rq -x '*.journal' fresh out >/dev/null || complain "kept another recording's answer"
}

ulimit -c 0
for what in ${ECG_ATTACK:-damaged_recordings little_files names outputs bundles moments}; do
  rm -rf ./*
  part "${what//_/ }"
  $what
done
part "$tries runs, $wrong did not hold"
[ "$wrong" -eq 0 ]
