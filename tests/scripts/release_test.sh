#!/usr/bin/env bash
# scripts/release.sh makes a release of a scratch repository, and refuses what it must.
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
fail() { echo "release_test.sh: $*" >&2; exit 1; }

cd "$scratch"
mkdir scripts
cp "$repository/scripts/release.sh" scripts/
printf 'cmake_minimum_required(VERSION 3.24)\nproject(ecg VERSION 0.1.0 LANGUAGES CXX)\n' >CMakeLists.txt
printf '# Changelog\n\n## Unreleased\n\n## 0.1.0\n\n* Old.\n' >CHANGELOG.md
git init -q .
commit() { git add -A && git commit -q -m "$1"; }
commit begin

# refuses REASON VERSION
refuses() {
  local before output
  before=$(git rev-parse HEAD)
  ! output=$(scripts/release.sh "$2" 2>&1) || fail "$2 passes, though $1"
  [[ $output == *"$1"* ]] || fail "$2: $output instead of $1"
  [ "$(git rev-parse HEAD)" = "$before" ] && [ -z "$(git tag)" ] || fail "$2 is refused and made"
}
refuses 'nothing under "## Unreleased"' 0.1.1
refuses 'three numbers' 0.2
refuses 'not above 0.1.0' 0.1.0
refuses 'not above 0.1.0' 0.0.9
sed -i 's/^## Unreleased$/&\n\n* Breaking: all of it.\n* New./' CHANGELOG.md
refuses 'not committed' 0.2.0
commit change
refuses 'too little after 0.1.0' 0.1.1

scripts/release.sh 0.2.0 >/dev/null
[ -z "$(git status --porcelain)" ] || fail "something is not committed"
[ "$(git tag --points-at HEAD)" = v0.2.0 ] || fail "no tag"
grep -q '^project(ecg VERSION 0\.2\.0 LANGUAGES CXX)$' CMakeLists.txt || fail "no version"
printf '# Changelog\n\n## Unreleased\n\n## 0.2.0 (%s)\n\n* Breaking: all of it.\n* New.\n\n## 0.1.0\n\n* Old.\n' \
  "$(date -u +%F)" | diff - CHANGELOG.md >&2 || fail "the changelog differs (<: wanted)"

sed -i 's/^## Unreleased$/&\n\n* Mended./' CHANGELOG.md
commit mend
git tag v0.2.1
! scripts/release.sh 0.2.1 2>/dev/null || fail "a tag is made again"
git tag -d v0.2.1 >/dev/null
scripts/release.sh 0.2.1 >/dev/null
