#!/usr/bin/env bash
# Runs a command of the checkout on a bare Debian: in a root folder that debootstrap makes, with the
# sources of HEAD and nothing else. Needs root (asks sudo for it) and debootstrap.
#
# usage: bare_machine.sh [--cache FOLDER] [--mirror URL] [--cold] [--keep] RELEASE COMMAND [ARG ...]
#        bare_machine.sh trixie scripts/test.sh
#
#   RELEASE          bookworm or trixie
#   --cache FOLDER   holds bare roots, packages and compiled files for the next run
#                    (default: ${XDG_CACHE_HOME:-~/.cache}/ecg)
#   --mirror URL     the Debian archive (default: the one that this machine's apt uses)
#   --cold           as on a first day: no packages or compiled files of earlier runs
#   --keep           leaves the root folder, for a look at it
#
# Real records are at hand for the tests, read-only, where $ECG_SHARED or shared/ beside the checkout
# has them. The exit code is that of COMMAND. The mounts live in a namespace of their own, so that
# they end with it whatever happens.
set -euo pipefail

say() { printf 'bare_machine.sh: %s\n' "$*" >&2; }
die() { say "$*"; exit 2; }

[ "$(id -u)" -eq 0 ] || exec sudo --preserve-env=ECG_SHARED,XDG_CACHE_HOME,HOME "$0" "$@"

cache=${XDG_CACHE_HOME:-$HOME/.cache}/ecg
mirror=
cold=
keep=
while [[ ${1:-} == --* ]]; do
  case $1 in
    --cache | --mirror) [ $# -ge 2 ] || die "$1 needs a value"; declare "${1#--}=$2"; shift ;;
    --cold | --keep) declare "${1#--}=yes" ;;
    *) die "unknown option $1" ;;
  esac
  shift
done
[ $# -ge 2 ] || die "usage: bare_machine.sh [OPTION ...] RELEASE COMMAND [ARG ...]"
release=$1
shift
case $release in bookworm | trixie) ;; *) die "unknown release $release" ;; esac
command -v debootstrap >/dev/null || die "debootstrap is missing: apt-get install debootstrap"

source=$(cd "$(dirname "$0")/.." && pwd)
shared=${ECG_SHARED:-$source/../shared}

# The archives that this machine's apt uses. $1: what their Release files call themselves.
host_archive() {
  apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' |
    awk -v label="$1" '$1 == label {print $2; exit}'
}

# How this machine's apt reaches them (proxies, time-outs).
host_apt_settings() { apt-config dump | grep -E '^Acquire::(https?|Retries|Check-)' || true; }

# The same, where the environment says it.
host_proxies() { env | grep -iE '^(https?|no)_proxy=' || true; }

make_base() {  # $1: the folder
  say "making a bare $release from $mirror"
  rm -rf "$1" "$1.partial"
  local proxy=
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  http_proxy=${proxy:-${http_proxy:-}} \
    debootstrap --variant=minbase "$release" "$1.partial" "$mirror" >&2
  mv "$1.partial" "$1"
}

fill_root() {  # The folder $root, from the bare one: how to reach the archives, and the sources.
  cp -a "$base/." "$root"
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  host_apt_settings >"$root/etc/apt/apt.conf.d/90host"
  {
    echo "deb $mirror $release main"
    echo "deb $mirror $release-updates main"
    [ -z "$security" ] || echo "deb $security $release-security main"
  } >"$root/etc/apt/sources.list"
  mkdir -p "$root/root/ecg" "$root/root/.cache/ccache"
  git -C "$source" archive HEAD | tar -x -C "$root/root/ecg"
  [ ! -d "$shared" ] || mkdir "$root/root/shared"
}

mount_root() {  # What a running machine has, and what this run may use.
  mount -t proc proc "$root/proc"
  mount -t tmpfs tmpfs "$root/dev"
  local node
  for node in null zero full random urandom; do
    touch "$root/dev/$node"
    mount --bind "/dev/$node" "$root/dev/$node"
  done
  ln -s /proc/self/fd "$root/dev/fd"
  ln -s fd/0 "$root/dev/stdin"
  ln -s fd/1 "$root/dev/stdout"
  ln -s fd/2 "$root/dev/stderr"
  mkdir "$root/dev/shm" "$root/dev/pts"
  mount -t tmpfs tmpfs "$root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
  if [ -d "$root/root/shared" ]; then
    mount --bind "$shared" "$root/root/shared"
    mount -o remount,bind,ro "$root/root/shared"
  fi
  if [ -z "$cold" ]; then
    mount --bind "$cache/$release.archives" "$root/var/cache/apt/archives"
    mount --bind "$cache/$release.ccache" "$root/root/.cache/ccache"
  fi
}

run_inside() {  # In namespaces of its own.
  mount_root
  mapfile -t proxies < <(host_proxies)
  exec chroot "$root" env -i HOME=/root TERM=dumb "${proxies[@]}" \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    sh -c 'cd ~/ecg && exec "$@"' sh "$@"
}

[ -n "$mirror" ] || mirror=$(host_archive Debian)
[ -n "$mirror" ] || die "this machine's apt knows no Debian archive: name one with --mirror"
security=$(host_archive Debian-Security)
mkdir -p "$cache/$release.archives/partial" "$cache/$release.ccache"
exec 9>"$cache/$release.lock"
flock -n 9 || die "another run with $release uses $cache"
base=$cache/$release.base
[ -d "$base" ] || make_base "$base"

root=$(mktemp -d "$cache/$release.root.XXXXXX")
child=
clean_up() {
  [ -z "$child" ] || kill -KILL "$child" 2>/dev/null || true
  if [ -n "$keep" ]; then say "the root folder is $root"; else rm -rf --one-file-system "$root"; fi
}
trap clean_up EXIT
fill_root
git -C "$source" diff --quiet HEAD || say "the changes that are not committed stay out"

revision=$(git -C "$source" rev-parse --short HEAD)
say "$release, revision $revision${cold:+, cold}: $*"
export root cache release cold shared
export -f say mount_root run_inside host_proxies
SECONDS=0
status=0
unshare --mount --pid --fork --kill-child -- bash -euc 'run_inside "$@"' bash "$@" 9>&- &
child=$!
wait "$child" || status=$?
child=
say "$release, revision $revision${cold:+, cold}: $* ended with $status after $SECONDS s"
exit "$status"
