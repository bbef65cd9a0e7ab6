#!/usr/bin/env bash
# Writes little files that ask for much: records/, each record some bytes to some kilobytes of which
# a reader that believes them makes gigabytes; texts/, headers and tables of some megabytes; bundle/,
# a model whose windows have a million samples. usage: little_files.sh OUT_DIR
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:?usage: little_files.sh OUT_DIR}
records=$out/records
texts=$out/texts
mkdir -p "$records" "$texts" "$out/bundle"

header() { printf '%s\n' "${@:2}" >"$records/$1.hea"; }            # NAME LINE...
# COUNT times a text.
times() {
  local text=$1 count=$2
  while ((${#text} < ${#1} * count)); do text+=$text; done
  printf '%s' "${text:0:${#1} * count}"
}

# A signal of 16-bit samples with a peak in every 300, so that it is no flat line: FILE SAMPLES.
wave() {
  local period
  period=$(times '\x00\x00' 100)'\xe8\x03\xd0\x07\xe8\x03'$(times '\x00\x00' 197)
  # What is left over is read too: a pipe that breaks would end the script, now and then.
  printf "$(times "$period" $(($2 / 300 + 1)))" |
    { dd of="$1" bs=2 count="$2" iflag=fullblock status=none; cat >/dev/null; }
}

# Signals that have no file at all (format 0).
header null 'null 1 500 1073741824' '~ 0 200 16 0 0 0 0 II'
header null_long 'null_long 1 500 4398046511104' '~ 0 200 16 0 0 0 0 II'
leads=(I II III aVR aVL aVF V1 V2 V3 V4 V5 V6)
header null_twelve 'null_twelve 12 500 80000000' "${leads[@]/#/~ 0 200 16 0 0 0 0 }"
header null_beside_wave 'null_beside_wave 2 500 300000000' \
  'null_beside_wave.dat 16 200 16 0 0 0 0 II' '~ 0 200 16 0 0 0 0 V1'
wave "$records/null_beside_wave.dat" 4000
{
  printf 'null_many 1000 500 1000000\n'
  for ((k = 0; k < 1000; ++k)); do printf '~ 0 200 16 0 0 0 0 V%d\n' "$k"; done
} >"$records/null_many.hea"

# Rates that no ECG has: what is made of seconds or of the network's rate has any length.
rate() {  # NAME HZ
  header "$1" "$1 1 $2 3850" "$1.dat 16 200 16 0 0 0 0 II"
  wave "$records/$1.dat" 3850
}
rate rate_1e8 100000000
rate rate_1e6 1000000
rate rate_slow 0.000001
rate rate_of_20 20

# Samples a frame: the leads' own rates lie far apart and from that of the record.
header frames 'frames 1 500 1024' '~ 0x1048576 200 16 0 0 0 0 II'
header frames_fast 'frames_fast 2 360 3850' 'frames_fast.dat 16 200 16 0 0 0 0 II' \
  '~ 0x278000 200 16 0 0 0 0 V1'
wave "$records/frames_fast.dat" 3850
header frames_apart 'frames_apart 2 20 200000' '~ 0 200 16 0 0 0 0 II' '~ 0x5000 200 16 0 0 0 0 V1'
header frames_beside 'frames_beside 2 0.5 4' 'frames_beside.dat 16x1000 200 16 0 0 0 0 II' \
  'frames_beside.dat 16 200 16 0 0 0 0 trend'
wave "$records/frames_beside.dat" 4004

# Skew, gaps and segments that come again.
header skew 'skew 1 500 1000' 'skew.dat 16:2147483647 200 16 0 0 0 0 II'
wave "$records/skew.dat" 1000
header part 'part 1 500 1000' 'part.dat 16 200 16 0 0 0 0 II'
wave "$records/part.dat" 1000
header gap 'gap/2 1 500 1000001000' 'part 1000' '~ 1000000000'
header gaps 'gaps/3 1 500' '~ 300000000' 'part 1000' '~ 300000000'
{
  printf 'again/2000 1 500\n'
  for ((k = 0; k < 2000; ++k)); do printf 'again_part 50000\n'; done
} >"$records/again.hea"
header again_part 'again_part 1 500 50000' '~ 0 200 16 0 0 0 0 II'

# A FLAC stream that promises 2^36 - 1 samples and holds none, and one of which the header does.
flac() {
  printf 'fLaC\x80\x00\x00\x22\x10\x00\x10\x00' >"$1"
  printf '\x00\x00\x00\x00\x00\x00\x00\x1f\x40\xff\xff\xff\xff\xff' >>"$1"  # 500 Hz, one channel
  dd if=/dev/zero bs=16 count=1 status=none >>"$1"
}
header flac 'flac 1 500' 'flac.flac 516 200 16 0 0 0 0 II'
flac "$records/flac.flac"
header flac_long 'flac_long 1 500 1000000000' 'flac_long.flac 516 200 16 0 0 0 0 II'
flac "$records/flac_long.flac"

# Text.
{
  printf 'words 1 500 3850\nwords.dat 16 200 16 0 0 0 0 II\n# Dx: '
  times 'af ' 1300000
  printf '\n'
} >"$texts/words.hea"
wave "$texts/words.dat" 3850
{
  printf 'commas 1 500 3850\nwords.dat 16 200 16 0 0 0 0 II\n# Dx: '
  times 'a,' 1900000
  printf '\n'
} >"$texts/commas.hea"
{
  printf 'comments 1 500 3850\nwords.dat 16 200 16 0 0 0 0 II\n'
  times $'#\n' 1900000
} >"$texts/comments.hea"
{
  printf 'record,dx\nA'
  times ',' 4000000
  printf '\n'
} >"$texts/wide.csv"
{
  times ',' 4000000
  printf '\n'
} >"$texts/wide_first.csv"
{
  printf 'record\n'
  times $'a\n' 2000000
} >"$texts/narrow.csv"
{
  printf 'record,dx\n'
  printf '%d,\n' {100000..600000}
} >"$texts/names.csv"
{
  printf 'record,dx\nA,'
  times 'af ' 1300000
  printf '\n'
} >"$texts/words.csv"
{
  printf '{"a": ['
  times '{},' 360000
  printf '{}]}\n'
} >"$texts/objects.json"

# A model of some kilobytes whose windows are as long as a model may have them.
cp "$here/tests/golden/bundle_format_1/weights.safetensors" "$out/bundle/"
sed '/"window"/,/}/ s/"samples": [0-9]*/"samples": 1000000/' \
  "$here/tests/golden/bundle_format_1/model.json" >"$out/bundle/model.json"
