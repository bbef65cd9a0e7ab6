#!/usr/bin/env bash
# What people of the field ran into, as small inputs with their right results: every case of
# $ECG_SHARED/field (or shared/field beside the checkout), a line each. Fails where one is wrong; says
# so and passes where the inputs are absent. usage: field.sh [FOLDER_OF_PROGRAMS]
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
bin=$(cd "${1:-$here/build/release/bin}" && pwd)
field=${ECG_SHARED:-$here/../shared}/field
[ -d "$field" ] || { echo "field.sh: skipped, needs $field"; exit 0; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r "$field/." "$scratch"
chmod -R u+w "$scratch"
export NO_COLOR=1
failures=0

# Runs a program; its exit code is in $code, all that it prints in $said.
run() {
  code=0
  said=$("$bin/$1" "${@:2}" 2>&1) || code=$?
}

# expect WHAT CONDITION...: whether the condition holds of the last run.
expect() {
  "${@:2}" && return
  echo "  wrong: $1"
  failures=$((failures + 1))
}
says() { grep -qE -- "$1" <<<"$said"; }
silent() { ! says "$1"; }
ends() { [ "$code" -eq "$1" ]; }
cell() {  # FILE RECORD COLUMN: of a table
  awk -F, -v record="$2" -v column="$3" '
    NR == 1 { for (i = 1; i <= NF; ++i) at[$i] = i }
    $1 == record { print $at[column] }' "$1"
}
near() { awk -v a="$1" -v b="$2" -v by="$3" 'BEGIN { exit !(a != "" && a - b < by && b - a < by) }'; }
score() { run ecgscore "$@" --bootstrap 0; }
metric_is_one() { says '^Challenge metric +1\.000 '; }

F01_label_rows_twice() {
  score long.csv pred.csv -q
  expect "rows of one record are one recording" says '^4 recordings'
  expect "their diagnoses are taken together" metric_is_one
  expect "that is said" says '3 records with several rows'
}
F02_class_columns_dropped() {
  local pair
  for pair in "lab_lower.csv pred.csv" "lab_names.csv pred.csv" "wide.csv pred_lower.csv" \
    "wide.csv pred_eq.csv"; do
    read -ra words <<<"$pair"
    score "${words[@]}"
    expect "$pair" metric_is_one
  done
}
F03_decimal_comma() {
  score wide.csv pred_comma.csv -q
  expect "0,9 is 0.9" metric_is_one
}
F04_flat_lead_axis() {
  run ecgdelineate . out --intervals out.csv
  expect "done" ends 0
  local record
  for record in ok I_flat II_flat; do
    expect "the axis of $record" near "$(cell out.csv $record qrs_axis_degrees)" 42 6
  done
}
F06_wfdb2mat_source() {
  run ecginfo A0001m.hea
  expect "a record's name is no source" says '^source -,'
  run ecgtrain --config "$here/configs/small.json" --data . --dry-run
  expect "not three of them" silent 'source record'
}
F07_wfdb2mat_v5() {
  run ecginfo rec16m.hea
  expect "checks" says 'checks passed'
  expect "II begins as the header says" says '^II +16 +500 +2500 +0 mV'
}
F08_wfdb2mat_int32_uint8() {
  run ecginfo rec24m.hea
  expect "32 bits" says 'checks passed'
  run ecginfo rec8m.hea
  expect "8 bits" says 'checks passed'
}
F09_multi_repeated_segment() {
  run ecginfo multi.hea
  expect "frames" says '4500 frames'
  expect "invalid ones" says '^MLII +16 +360 +4500 +180 '
}
F10_symlinked_folder() {
  [ -d in/g1 ] || ln -sfT "$(cat in/g1)" in/g1
  run ecgdelineate in out
  expect "the linked folder too" says '^3 records delineated'
  run ecgpredict in out2 -q
  expect "for all tools" says '^3 records predicted'
}
F11_lead_names() {
  run ecgpredict . out --table out.csv -v
  expect "all are read" says '^3 records predicted'
  expect "names behind ECG are leads" [ -z "$(cell out.csv ecg_V1 flags)" ]
  expect "a lead that is not used is flagged" [ "$(cell out.csv mlii flags)" = "MLII not used" ]
  expect "and said" says 'mlii: leads not used: MLII'
}
F12_nothing_recorded() {
  run ecgpredict . out --table out.csv
  expect "exit code" ends 4
  local record
  for record in allnan zeros half_s; do
    expect "$record has a reason" grep -q "^$record,.*not classifiable: " out/failed.csv
    expect "$record has no prediction" [ ! -e "out/$record.csv" ]
    expect "$record has a status" [ "$(cell out.csv $record status)" = "not classifiable" ]
    expect "$record has no rhythm" [ -z "$(cell out.csv $record NSR_decision)" ]
  done
}
F15_age_300() {
  run ecginfo a300.hea
  expect "300 is no age" says 'age -,'
}
F16_units() {
  run ecgpredict . out --table out.csv -q
  expect "words are units" says '^2 records predicted'
  expect "of all leads" [ -z "$(cell out.csv mixed flags)" ]
}
F17_encodings() {
  run ecginfo utf16.hea
  expect "UTF-16" says '2 signals, 500 Hz, 800 frames'
  run ecginfo cr_only.hea
  expect "CR alone" says '2 signals, 500 Hz, 800 frames'
  score wide16.csv ../F01_label_rows_twice/pred.csv
  expect "a table in UTF-16" metric_is_one
}
F18_file_name_near_miss() {
  run ecginfo nomat/A0001.hea
  expect "refused" ends 3
  expect "the file beside it is named" says 'A0001\.mat.* lie'
  run ecginfo upper/A0002.HEA
  expect "in another case too" says 'A0002\.DAT lies beside it'
}
F19_folder_in_record_name() {
  run ecginfo 00001_medians.hea
  expect "refused" ends 3
  expect "for what it is" says 'record name: holds a folder'
}
F21_labels_all_passed_over() {
  score float_codes.csv pred.csv -q
  expect "codes as numbers" says '^4 recordings'
  expect "are understood" silent 'neither a SNOMED'
  score list_codes.csv pred.csv -q
  expect "codes in brackets" metric_is_one
  score semicolon/l semicolon/p -q
  expect "nothing understood is an error" ends 3
}

for folder in "$scratch"/F*/; do
  name=$(basename "$folder")
  if ! declare -F "$name" >/dev/null; then
    echo "$name: nobody checks it"
    failures=$((failures + 1))
    continue
  fi
  before=$failures
  cd "$folder"
  "$name"
  [ "$failures" -gt "$before" ] || echo "$name: right"
done
[ "$failures" -eq 0 ] || { echo "field.sh: $failures wrong" >&2; exit 1; }
