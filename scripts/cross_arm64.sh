#!/usr/bin/env bash
# Builds all that needs no LibTorch for arm64 with Debian's cross compiler, runs its tests in QEMU as on a
# Raspberry Pi 4, and compares what the programs say of recordings with what those of the same revision
# say on this x86-64 machine. All of it in a bare Debian 13, since there packages of one architecture
# take the place of the other's. QEMU shows what is computed, not how fast.
#
# usage: cross_arm64.sh [BARE_MACHINE_OPTION ...]
#
# Real recordings are compared where bare_machine.sh has them at hand, simulated ones elsewhere.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "${1:-}" = --inside ] || exec scripts/bare_machine.sh "$@" trixie scripts/cross_arm64.sh --inside

qemu=(/usr/bin/qemu-aarch64 -cpu cortex-a72)  # NEON and nothing wider

left_out=(
  'scripts\..*'                                    # of scripts, not of what is built
  InstalledPackage.ServesAConsumer                 # compiles with the machine's own compiler
  ToolsTest.ManualsAndCompletionsNameEveryOption   # bash starts the tools without QEMU
  CutFile.EndsWithItsMessageAndNothingElseDoes     # QEMU says of a bus error that it was one
  # QEMU's own memory counts, and limits of memory do not reach what it runs.
  AvailableMemory.IsNoMoreThanTheProcessMayHave
  BytesToAsk.AreWhatAskingTakes
  Describe.KeepsNoSamples
  WantedLeads.ThatDoNotFitIntoMemoryAreAnError
)

say() { printf '== %s\n' "$*"; }

build() {  # $1: the folder; $2: tests, ON or OFF; the rest: of CMake. Targets: $targets, or all.
  local folder=$1 tests=$2
  shift 2
  cmake --preset release -B "$folder" -DECG_BUILD_TORCH=OFF -DECG_BUILD_TESTS="$tests" \
    -DECG_WARNINGS_AS_ERRORS=ON "$@" >/dev/null
  cmake --build "$folder" ${targets:+--target $targets}
}

say "x86-64"
scripts/install_packages.sh --without-torch
targets="ecgsim ecginfo ecgdelineate ecgpredict" build build/x86_64 OFF

say "arm64"
dpkg --add-architecture arm64
scripts/install_packages.sh --without-torch --for arm64 qemu-user
targets='' build build/arm64 ON --toolchain scripts/arm64.cmake \
  -DCMAKE_CROSSCOMPILING_EMULATOR="$(IFS=';'; echo "${qemu[*]}")"
ctest --test-dir build/arm64 --output-on-failure -j "$(nproc)" \
  --exclude-regex "^($(IFS='|'; echo "${left_out[*]}"))\$"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
recordings=$scratch/recordings
mkdir "$recordings"
archive=${ECG_SHARED:-$PWD/../shared}/data/ecg_small.tar.xz
if [ -f "$archive" ]; then
  tar -xf "$archive" -C "$recordings" --strip-components 1
else
  build/x86_64/bin/ecgsim "$recordings" --count 20 --seed 1
fi
mapfile -t headers < <(find "$recordings" -name '*.hea' | sort)

ask() {  # $1: the architecture; the rest: what runs its programs. Their answers lie in $scratch/$1.*
  local bin=build/$1/bin out=$scratch/$1
  shift
  "$@" "$bin/ecginfo" --json --check "${headers[@]}" >"$out.json"
  "$@" "$bin/ecgdelineate" --quiet "$recordings" "$out.marks" --intervals "$out.intervals.csv"
  DNNL_VERBOSE=1 "$@" "$bin/ecgpredict" --quiet --precision fp32 "$recordings" \
    "$out.predictions" --table "$out.csv" --digits 0 >"$out.log"
}

convolutions() {  # How oneDNN computed them for architecture $1, with counts.
  awk -F , '/,exec,.*,convolution,/ { print $7 }' "$scratch/$1.log" | sort | uniq -c
}

decisions() {  # Those of the table $1, a recording a line.
  awk -F , 'NR == 1 { for (i = 1; i <= NF; ++i) taken[i] = $i ~ /_decision$/ }
    { for (i = 1; i <= NF; ++i) if (taken[i]) printf "%s ", $i; print "" }' "$1"
}

# The greatest difference between the numbers of two texts; infinity where anything else differs.
difference() {
  local marks='s/[][{},:"[:blank:]]+/\n/g'
  paste -d '\t' <(sed -E "$marks" "$1") <(sed -E "$marks" "$2") | awk -F '\t' '
    function is_number(text) { return text ~ /^-?[0-9.]+(e[-+]?[0-9]+)?$/ }
    $1 == $2 { next }
    !is_number($1) || !is_number($2) { greatest = "infinity"; exit }
    { d = $1 < $2 ? $2 - $1 : $1 - $2; if (d > greatest) greatest = d }
    END { print greatest == "" ? 0 : greatest }'
}

failed=
expect() {  # $1: of what, $2: the greatest difference, $3: how great it may be
  printf '%-30s %s (at most %s)\n' "$1:" "$2" "$3"
  awk -v d="$2" -v most="$3" 'BEGIN { exit !(d == d + 0 && d <= most) }' || failed=yes
}

ask x86_64
ask arm64 "${qemu[@]}"
say "convolutions on x86-64"
convolutions x86_64
say "convolutions on arm64"
convolutions arm64
say "greatest differences between them, ${#headers[@]} recordings"
expect "probabilities" "$(difference "$scratch"/{x86_64,arm64}.csv)" 1e-5  # and the table's other columns
expect "decisions" "$(difference <(decisions "$scratch/x86_64.csv") <(decisions "$scratch/arm64.csv"))" 0
expect "marks of heartbeats" "$(diff -rq "$scratch"/{x86_64,arm64}.marks | wc -l)" 0  # files that differ
expect "intervals and amplitudes" "$(difference "$scratch"/{x86_64,arm64}.intervals.csv)" 1e-9
expect "what ecginfo says" "$(difference "$scratch"/{x86_64,arm64}.json)" 1e-9
[ -z "$failed" ] || { say "they differ by more than they may"; exit 1; }
