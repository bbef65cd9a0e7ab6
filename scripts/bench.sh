#!/usr/bin/env bash
# Runs the benchmarks whose figures are kept, and appends these to tests/bench/figures.csv.
#
# usage: bench.sh [--from FOLDER] [--to FILE] [NAME ...]
#        bench.sh                           all of them
#        bench.sh score_bench BareForward   a program's, or a single benchmark
#
#   --from FOLDER   takes PROGRAM.json in it, as --benchmark_format=json writes it, and runs nothing
#   --to FILE       appends to another file
#
# The build is one of its own, build/bench; recordings are made ones. Each figure is the median of
# three runs. Beside it stand, measured in the same run, a reference that does the same plainly and the
# limit that it can reach at most, where there are any: figures drift from machine to machine, their
# ratios less. The machine should have nothing else to do.
set -euo pipefail
cd "$(dirname "$0")/.."
die() { echo "bench.sh: $*" >&2; exit 2; }

# program benchmark figure unit [reference [limit]]; a figure is a key of the benchmark in the JSON, a
# reference or limit BENCHMARK:KEY, - where there is none. Names are without what the library adds to
# them (/min_time:..., /iterations:..., /real_time).
kept() {
  cat <<'TABLE'
score_bench BM_ReadAndScore/1 recordings/s recordings/s
score_bench BM_ReadAndScore/2 recordings/s recordings/s
score_bench BM_Metrics/1000 recordings/s recordings/s BM_PlainMetrics/1000:recordings/s
score_bench BM_BootstrapSample samples/s samples/s
wfdb_bench ReadChallengeRecords items_per_second records/s
wfdb_bench ReadHeaders items_per_second headers/s
wfdb_bench ResampleTwelveLeads/500/250 items_per_second records/s
formats_bench ReadFormat/edf items_per_second records/s
formats_bench ReadFormat/muse items_per_second records/s
formats_bench ReadFormat/sierra items_per_second records/s
formats_bench ReadFormat/aecg items_per_second records/s
formats_bench ReadMixedFolder items_per_second records/s - ReadBytes:items_per_second
delineation_bench BM_OneLead/1 items_per_second leads/s
delineation_bench BM_OneLead/2 items_per_second leads/s
delineation_bench BM_RobustRecord items_per_second records/s
stream_engine_bench StreamDecision/second:36000 items_per_second decisions/s StreamDecision/second:20:items_per_second
latency_engine_bench Latency/model:0/seconds:10/cores:1/busy:0 p50_ms ms
latency_engine_bench Latency/model:0/seconds:10/cores:2/busy:0 p50_ms ms
latency_engine_bench Latency/model:1/seconds:10/cores:1/busy:0 p50_ms ms
latency_engine_bench Latency/model:1/seconds:10/cores:2/busy:0 p50_ms ms
latency_engine_bench Latency/model:2/seconds:10/cores:1/busy:0 p50_ms ms
latency_engine_bench Latency/model:2/seconds:10/cores:2/busy:0 p50_ms ms
batches_bench MakeBatches/SignalsAndPeaks items_per_second records/s
batches_bench MakeBatches/SignalsAndPeaksFromCache items_per_second records/s MakeBatches/SignalsAndPeaks:items_per_second
network_torch_bench BareForward/size:0/bf16:0 records records/s - ConvolutionsAlone/size:0/bf16:0:forward
network_torch_bench BareForward/size:0/bf16:1 records records/s - ConvolutionsAlone/size:0/bf16:1:forward
network_torch_bench BareForward/size:1/bf16:0 records records/s - ConvolutionsAlone/size:1/bf16:0:forward
network_torch_bench BareForward/size:1/bf16:1 records records/s - ConvolutionsAlone/size:1/bf16:1:forward
network_torch_bench TrainingStep/size:0/bf16:0/threads:2 records records/s - ConvolutionsAlone/size:0/bf16:0:step
network_torch_bench TrainingStep/size:0/bf16:1/threads:2 records records/s - ConvolutionsAlone/size:0/bf16:1:step
network_torch_bench TrainingStep/size:2/bf16:0/threads:2 records records/s - ConvolutionsAlone/size:1/bf16:0:step
network_torch_bench TrainingStep/size:2/bf16:1/threads:2 records records/s - ConvolutionsAlone/size:1/bf16:1:step
native_torch_bench Forward/size:0/precision:0/batch:1 engine windows/s Forward/size:0/precision:0/batch:1:libtorch Forward/size:0/precision:0/batch:1:limit
native_torch_bench Forward/size:0/precision:0/batch:16 engine windows/s Forward/size:0/precision:0/batch:16:libtorch Forward/size:0/precision:0/batch:16:limit
native_torch_bench Forward/size:0/precision:1/batch:1 engine windows/s Forward/size:0/precision:1/batch:1:libtorch Forward/size:0/precision:1/batch:1:limit
native_torch_bench Forward/size:0/precision:2/batch:1 engine windows/s - Forward/size:0/precision:2/batch:1:limit
native_torch_bench Forward/size:0/precision:1/batch:16 engine windows/s Forward/size:0/precision:1/batch:16:libtorch Forward/size:0/precision:1/batch:16:limit
native_torch_bench Forward/size:0/precision:2/batch:16 engine windows/s - Forward/size:0/precision:2/batch:16:limit
native_torch_bench Forward/size:1/precision:0/batch:1 engine windows/s Forward/size:1/precision:0/batch:1:libtorch Forward/size:1/precision:0/batch:1:limit
native_torch_bench Forward/size:1/precision:0/batch:16 engine windows/s Forward/size:1/precision:0/batch:16:libtorch Forward/size:1/precision:0/batch:16:limit
native_torch_bench Forward/size:1/precision:1/batch:1 engine windows/s Forward/size:1/precision:1/batch:1:libtorch Forward/size:1/precision:1/batch:1:limit
native_torch_bench Forward/size:1/precision:2/batch:1 engine windows/s - Forward/size:1/precision:2/batch:1:limit
native_torch_bench Forward/size:1/precision:1/batch:16 engine windows/s Forward/size:1/precision:1/batch:16:libtorch Forward/size:1/precision:1/batch:16:limit
native_torch_bench Forward/size:1/precision:2/batch:16 engine windows/s - Forward/size:1/precision:2/batch:16:limit
network_torch_bench PredictEndToEnd/size:1/bf16:0 records records/s - BareForward/size:1/bf16:0:records
network_torch_bench PredictEndToEnd/size:1/bf16:1 records records/s - BareForward/size:1/bf16:1:records
TABLE
}

# The rows of `kept` that a name means: a program, or a benchmark with or without its arguments.
rows_of() {
  kept | awk -v name="$1" '$1 == name || $2 == name || index($2, name "/") == 1'
}

# $1: rows of one program. What --benchmark_filter takes: their benchmarks and those beside them.
filter_of() {
  awk '{ print $2; for (i = 5; i <= 6; ++i) if ($i ~ /:/) { sub(/:[^:]*$/, "", $i); print $i } }' <<<"$1" |
    sort -u | sed 's/.*/^&(\/|$)/' | paste -sd '|'
}

# $1: rows of one program, $2: its JSON, one key a line as Google Benchmark writes it. Writes a row
# of CSV for each, and fails where a figure is missing. A median stands above single runs.
csv_rows() {
  awk -v begin="$(date -u +%F),$(revision),\"$(processor)\"" '
    function value_of(line) {
      sub(/^[^:]*": */, "", line)
      sub(/,$/, "", line)
      gsub(/^"|"$/, "", line)
      return line
    }
    function number(text) { return sprintf(text + 0 < 1000 ? "%.4g" : "%.0f", text) }
    function known(run, key) {
      if (run == "" || run == "-") return ""
      if ((run, key) in median) return number(median[run, key])
      if ((run, key) in single) return number(single[run, key])
      printf "bench.sh: no %s of %s\n", key, run >"/dev/stderr"
      wrong = 1
      return ""
    }
    function beside(word,    at) {  # BENCHMARK:KEY, whose names may hold colons of their own
      if (word !~ /:/) return ""
      at = match(word, /:[^:]*$/)
      return known(substr(word, 1, at - 1), substr(word, at + 1))
    }
    FILENAME != "-" {
      if ($0 ~ /^ *"run_name":/) {
        run = value_of($0)
        gsub(/\/(min_time|min_warmup_time|iterations|repeats):[^\/]*|\/real_time|\/process_time/, "", run)
        kind = "single"
      } else if ($0 ~ /^ *"aggregate_name":/) {
        kind = value_of($0)
      } else if ($0 ~ /^ *"error_message":/) {
        printf "bench.sh: %s: %s\n", run, value_of($0) >"/dev/stderr"
        wrong = 1
      } else if (run != "" && match($0, /"[^"]*":/)) {
        key = substr($0, RSTART + 1, RLENGTH - 3)
        if (kind == "median") median[run, key] = value_of($0)
        else if (kind == "single") single[run, key] = value_of($0)
      }
      next
    }
    { printf "%s,%s,%s,%s,%s,%s\n", begin, $2, known($2, $3), $4, beside($5), beside($6) }
    END { exit wrong }
  ' "$2" - <<<"$1"
}

# As in "2 x Intel(R) Xeon(R) Processor": those that this process may use.
processor() {
  echo "$(nproc) x $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -1 | tr -d '"')"
}

revision() { git describe --always --dirty 2>/dev/null || echo unknown; }

from=
to=tests/bench/figures.csv
while [[ ${1:-} == --* ]]; do
  case $1 in
    --from | --to) [ $# -ge 2 ] || die "$1 needs a value"; declare "${1#--}=$2"; shift ;;
    *) die "unknown option $1" ;;
  esac
  shift
done
[ $# -gt 0 ] || mapfile -t all < <(kept | cut -d ' ' -f 1 | uniq)
[ $# -gt 0 ] || set -- "${all[@]}"
for name in "$@"; do
  [ -n "$(rows_of "$name")" ] || die "no figure is kept of $name"
done
wanted=$(for name in "$@"; do rows_of "$name"; done | awk '!seen[$0]++')
mapfile -t programs < <(cut -d ' ' -f 1 <<<"$wanted" | sort -u)

if [ -z "$from" ]; then
  scripts/build.sh bench >&2
  from=build/bench
  for program in "${programs[@]}"; do
    rows=$(awk -v program="$program" '$1 == program' <<<"$wanted")
    env -u ECG_BENCH_RECORDS build/bench/bin/"$program" --benchmark_filter="$(filter_of "$rows")" --benchmark_repetitions=3 \
      --benchmark_report_aggregates_only=true --benchmark_out_format=json \
      --benchmark_out="$from/$program.json" >&2
  done
fi
# All figures or none.
added=$(for program in "${programs[@]}"; do
  [ -r "$from/$program.json" ] || die "$from/$program.json is missing"
  csv_rows "$(awk -v program="$program" '$1 == program' <<<"$wanted")" "$from/$program.json" || exit
done)
printf '%s\n' "$added" | tee -a "$to"
