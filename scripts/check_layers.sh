#!/usr/bin/env bash
# Fails where a source includes a module that the table in CONTRIBUTING.md does not put below its own,
# or a public header includes one that is not public. usage: check_layers.sh [REPOSITORY]
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"
find src include/ecg -name '*.h' -o -name '*.cpp' | sort | xargs awk '
  # The table: | layer | `module` | ...
  FILENAME == "CONTRIBUTING.md" {
    if ($0 ~ /^\| *[0-9]+ *\| *`[a-z_\/]+` *\|/) {
      split($0, cell, "|")
      gsub(/[ `]/, "", cell[3])
      layer[cell[3]] = cell[2] + 0
    }
    next
  }
  # The module of src/<module>/..., ecg/<module>/... or include/ecg/<module>/...: the innermost folder
  # that the table names, or else the outermost one.
  function module(path) {
    sub(/^include\//, "", path)
    if (path == "ecg/ecg.h") return "apps/capi"
    sub(/^[^\/]*\//, "", path)
    while (sub(/\/[^\/]*$/, "", path)) {
      if (path in layer || path !~ /\//) return path
    }
    return ""
  }
  function complain(what) {
    printf "%s:%d: %s\n", FILENAME, FNR, what
    wrong++
  }
  FNR == 1 {
    own = module(FILENAME)
    if (!(own in layer)) complain("lies in no module of the table in CONTRIBUTING.md")
  }
  /^[ \t]*#[ \t]*include[ \t]*"(src|ecg)\// {
    split($0, quoted, "\"")
    other = module(quoted[2])
    if (FILENAME ~ /^include\// && quoted[2] ~ /^src\//)
      complain("a public header includes " quoted[2])
    if (!(other in layer))
      complain("includes " quoted[2] ", which lies in no module of the table in CONTRIBUTING.md")
    else if (own in layer && other != own && layer[other] >= layer[own])
      complain(own " (" layer[own] ") includes " quoted[2] " of " other " (" layer[other] ")")
  }
  END { exit wrong > 0 }
' CONTRIBUTING.md
