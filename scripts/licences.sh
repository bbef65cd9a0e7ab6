#!/usr/bin/env bash
# Prints what the shared library of a build links, and what it has compiled in, with licences, as a
# Markdown table for src/apps/capi/README.md. Where files lie and which licences they have is what
# Debian's packages say of themselves. usage: licences.sh [LIBRARY]
set -euo pipefail
cd "$(dirname "$0")/.."
library=${1:-build/release/libecg.so}
[ -f "$library" ] || { echo "licences.sh: no $library; build the target ecg_c first" >&2; exit 2; }

# The licences that a package's copyright file names: that of most files first, then those of some.
licences() {
  local file=/usr/share/doc/$1/copyright
  [ -f "$file" ] || { echo "licences.sh: $1 has no $file" >&2; return 1; }
  if grep -q '^Format:.*copyright-format' "$file"; then
    awk '
      function keep(licence) { if (licence != "" && !seen[licence]++) list = list (list == "" ? "" : ", ") licence }
      /^Files:/ { in_files = 1; all = /^Files: *\*/ ; next }
      /^$/ { in_files = 0 }
      /^License:/ && in_files {
        sub(/^License: */, "")
        if (all) main = main == "" ? $0 : main ", " $0; else other[++count] = $0
      }
      END { keep(main); for (i = 1; i <= count; i++) keep(other[i]); print list }' "$file"
  else  # prose, which refers to the texts that Debian keeps in one place
    grep -oE 'common-licenses/[A-Za-z]+[A-Za-z0-9.-]*[A-Za-z0-9]' "$file" | sed 's|.*/||' | sort -u |
      paste -sd, | sed 's/,/, /g' | tr -d '\n'
    ! tr -s ' \n' ' ' <"$file" | grep -qi 'runtime library exception' ||
      printf ', with the GCC Runtime Library Exception'
    echo
  fi
}

package_of() {  # a library's path, also where Debian knows it without the /usr that it has now
  local path
  path=$(realpath "$1")
  { dpkg-query -S "$path" 2>/dev/null || dpkg-query -S "${path#/usr}"; } | sed 's/[:,].*//' | head -1
}

row() { printf '| %s | `%s` | %s |\n' "$1" "$2" "$(licences "$2")"; }

direct=$(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
echo "| library | Debian's package | licences that its copyright file names |"
echo "| --- | --- | --- |"
ldd "$library" | awk '$3 ~ /^\// {print $1, $3}' | sort | while read -r name path; do
  by=" (indirectly)"
  ! grep -qxF "$name" <<<"$direct" || by=
  row "\`$name\`$by" "$(package_of "$path")"
done
for package in libeigen3-dev nlohmann-json3-dev; do
  row "headers alone, compiled in" "$package"
done
