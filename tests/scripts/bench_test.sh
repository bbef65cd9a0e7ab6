#!/usr/bin/env bash
# scripts/bench.sh makes rows of what Google Benchmark writes, and none where a figure is missing.
set -euo pipefail
bench=$(cd "$(dirname "$0")/../.." && pwd)/scripts/bench.sh
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail() { echo "bench_test.sh: $*" >&2; exit 1; }

# run RUN_NAME AGGREGATE KEY VALUE [KEY VALUE]: an object of the list; AGGREGATE -: a single run.
run() {
  printf '    {\n      "name": "%s_%s",\n      "run_name": "%s",\n' "$1" "$2" "$1"
  [ "$2" = - ] || printf '      "aggregate_name": "%s",\n' "$2"
  printf '      "%s": %s,\n      "time_unit": "ns"' "$3" "$4"
  [ $# -lt 6 ] || printf ',\n      "%s": %s' "$5" "$6"
  printf '\n    },\n'
}

# write PROGRAM: the JSON of a program whose list is standard input.
write() {
  { printf '{\n  "context": {\n    "num_cpus": 2\n  },\n  "benchmarks": [\n'; cat; printf '  ]\n}\n'; } \
    >"$scratch/$1.json"
}

{
  run BM_Metrics/1000 mean recordings/s 9e+09
  run BM_Metrics/1000 median recordings/s 1.2345678e+05
  run BM_Metrics/1000 stddev recordings/s 7e+00
  run BM_PlainMetrics/1000 - recordings/s 3.21e+01
} | write score_bench
{
  run BareForward/size:0/bf16:0/min_time:5.000/real_time median records 2.36e+01
  run ConvolutionsAlone/size:0/bf16:0/iterations:1 median forward 2.8125e+01 step 9.4
} | write network_torch_bench

# rows NAME ...: the appended rows without what differs from machine to machine.
rows() {
  "$bench" --from "$scratch" --to "$scratch/figures.csv" "$@" >/dev/null || return
  sed 's/^[-0-9]*,[^,]*,"[0-9]* x [^"]*",/D,R,P,/' "$scratch/figures.csv"
}

[ "$(rows BM_Metrics)" = 'D,R,P,BM_Metrics/1000,123457,recordings/s,32.1,' ] ||
  fail "a reference: $(cat "$scratch/figures.csv")"
rows BareForward/size:0/bf16:0 >/dev/null
[ "$(wc -l <"$scratch/figures.csv")" -eq 2 ] || fail "rows are not appended"
grep -q ',BareForward/size:0/bf16:0,23.6,records/s,,28.12$' "$scratch/figures.csv" ||
  fail "a limit: $(cat "$scratch/figures.csv")"

before=$(cat "$scratch/figures.csv")
! rows score_bench 2>"$scratch/error" || fail "figures are missing, and it passes"
grep -q 'no recordings/s of BM_ReadAndScore/1$' "$scratch/error" || fail "$(cat "$scratch/error")"
! rows BM_Metrics wfdb_bench 2>"$scratch/error" || fail "a program is missing, and it passes"
! rows nothing 2>"$scratch/error" || fail "a name is unknown, and it passes"
[ "$(cat "$scratch/figures.csv")" = "$before" ] || fail "a failure leaves rows"
