#!/usr/bin/env bash
# scripts/check_layers.sh lets this repository pass, and sees each kind of violation.
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
check=$repository/scripts/check_layers.sh
"$check"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch"/{src,include/ecg}/{low,left,right,high}
cat >"$scratch/CONTRIBUTING.md" <<'END'
| layer | module | holds |
| --- | --- | --- |
| 1 | `low` | the ground |
| 2 | `left` | beside right |
| 2 | `right` | beside left |
| 10 | `high` | the roof |
END

# expect OUTPUT FILE INCLUDED: what the check says of FILE where it includes INCLUDED; nothing: passes.
expect() {
  printf '#pragma once\n#include "%s"\n' "$3" >"$scratch/$2"
  local output verdict=passes wanted=passes
  [ -z "$1" ] || wanted=fails
  output=$("$check" "$scratch" 2>&1) || verdict=fails
  rm "$scratch/$2"
  [ "$verdict: $output" = "$wanted: $1" ] && return
  printf '%s includes %s\n%s: %s\nexpected\n%s: %s\n' "$2" "$3" \
    "$verdict" "$output" "$wanted" "$1" >&2
  exit 1
}

expect '' src/high/a.cpp ecg/low/b.h
expect '' src/high/a.cpp src/left/b.h
expect '' src/left/a.cpp src/left/b.h
expect '' src/left/a.cpp other/right/b.h
expect 'src/low/a.cpp:2: low (1) includes ecg/high/b.h of high (10)' src/low/a.cpp ecg/high/b.h
expect 'include/ecg/left/a.h:2: left (2) includes ecg/right/b.h of right (2)' \
  include/ecg/left/a.h ecg/right/b.h
expect 'include/ecg/high/a.h:2: a public header includes src/low/b.h' include/ecg/high/a.h src/low/b.h
expect 'src/high/a.cpp:2: includes ecg/attic/b.h, which lies in no module of the table in CONTRIBUTING.md' \
  src/high/a.cpp ecg/attic/b.h
mkdir "$scratch/src/attic"
expect 'src/attic/a.cpp:1: lies in no module of the table in CONTRIBUTING.md' \
  src/attic/a.cpp ecg/low/b.h
