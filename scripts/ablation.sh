#!/usr/bin/env bash
# The paper's Table 2 and the comparisons that it claims, as a table: each variant is trained with
# three seeds. Interrupted, the same command goes on. usage: ablation.sh CONFIG DATA [ECGTRAIN_OPTION ...]
#   scripts/ablation.sh configs/small.json RECORDINGS
#   scripts/ablation.sh configs/small.json RECORDINGS --split-table split.csv --set 'seeds=[1,2,3,4,5]'
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,5s/^# //p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")/.." && pwd)
config=$1 data=$2
shift 2
exec "${ECG_BIN:-$here/build/release/bin}/ecgtrain" --config "$here/configs/studies/table2.json" \
  --set "base=$config" --data "$data" --resume "$@"
