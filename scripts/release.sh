#!/usr/bin/env bash
# Makes a release of the checkout: the version in CMakeLists.txt, the date in CHANGELOG.md, a commit
# and a tag. All of it stays here until it is pushed. usage: release.sh VERSION   (as in 0.2.0)
#
# Refuses where something is not committed, the version is not above the last one, the changelog has
# nothing under "Unreleased", or breaks something there that the version does not tell.
set -euo pipefail
cd "$(dirname "$0")/.."
die() { echo "release.sh: $*" >&2; exit 2; }

[ $# -eq 1 ] || { sed -n '2,3s/^# //p' "$0" >&2; exit 2; }
version=$1
[[ $version =~ ^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$ ]] ||
  die "a version has three numbers, as in 0.2.0"
last=$(sed -n 's/^project(ecg VERSION \([0-9.]*\) .*/\1/p' CMakeLists.txt)
[ -n "$last" ] || die "CMakeLists.txt states no version"
[ "$version" != "$last" ] && [ "$(printf '%s\n' "$last" "$version" | sort -V | tail -1)" = "$version" ] ||
  die "$version is not above $last"
[ -z "$(git status --porcelain)" ] || die "there are changes that are not committed"
! git rev-parse -q --verify "refs/tags/v$version" >/dev/null || die "the tag v$version exists"

unreleased=$(awk '/^## / { inside = $0 == "## Unreleased"; next } inside' CHANGELOG.md)
[[ $unreleased == *'* '* ]] || die "CHANGELOG.md has nothing under \"## Unreleased\""
if grep -q '^\* Breaking:' <<<"$unreleased"; then
  # What a breaking change raises: the minor number while the major one is 0, then the major one.
  [[ $last == 0.* ]] && told=1,2 || told=1
  [ "$(cut -d. -f$told <<<"$version")" != "$(cut -d. -f$told <<<"$last")" ] ||
    die "CHANGELOG.md names breaking changes, so $version is too little after $last"
fi

sed -i "s/^project(ecg VERSION $last /project(ecg VERSION $version /" CMakeLists.txt
sed -i "s/^## Unreleased\$/&\n\n## $version ($(date -u +%F))/" CHANGELOG.md
git commit -q -m "Release $version" -- CMakeLists.txt CHANGELOG.md
git tag -a -m "Version $version" "v$version"
git show --stat --format='%h %s' HEAD
echo "tagged v$version; to publish: git push --follow-tags"
