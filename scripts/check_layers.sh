#!/usr/bin/env bash
# Fails where a source includes a room that the table in CONTRIBUTING.md does not put below its own,
# or a public header includes one that is not public. usage: check_layers.sh [REPOSITORY]
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"
find src include/ecg -name '*.h' -o -name '*.cpp' | sort | xargs awk '
  # The table: | floor | `room` | ...
  FILENAME == "CONTRIBUTING.md" {
    if ($0 ~ /^\| *[0-9]+ *\| *`[a-z_]+` *\|/) {
      split($0, cell, "|")
      gsub(/[ `]/, "", cell[3])
      floor[cell[3]] = cell[2] + 0
    }
    next
  }
  # The room of src/<room>/..., ecg/<room>/... or include/ecg/<room>/...
  function room(path) {
    sub(/^include\//, "", path)
    return split(path, part, "/") > 2 ? part[2] : ""
  }
  function complain(what) {
    printf "%s:%d: %s\n", FILENAME, FNR, what
    wrong++
  }
  FNR == 1 {
    own = room(FILENAME)
    if (!(own in floor)) complain("lies in no room of the table in CONTRIBUTING.md")
  }
  /^[ \t]*#[ \t]*include[ \t]*"(src|ecg)\// {
    split($0, quoted, "\"")
    other = room(quoted[2])
    if (FILENAME ~ /^include\// && quoted[2] ~ /^src\//)
      complain("a public header includes " quoted[2])
    if (!(other in floor))
      complain("includes " quoted[2] ", which lies in no room of the table in CONTRIBUTING.md")
    else if (own in floor && other != own && floor[other] >= floor[own])
      complain(own " (" floor[own] ") includes " quoted[2] " of " other " (" floor[other] ")")
  }
  END { exit wrong > 0 }
' CONTRIBUTING.md
