#!/bin/bash
# The Debian package as somebody installs it: built, installed in a bare Debian 12, looked at, started, removed, purged; then
# scripts/install of the same.
# `scripts/test-deb.sh`, as root on Debian with npm; the first time it makes that Debian with debootstrap, and keeps it
# in ${XDG_CACHE_HOME:-~/.cache}/vigie-debian.
# Its last line is `N passed, N failed`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cache=${XDG_CACHE_HOME:-$HOME/.cache}/vigie-debian
base=$cache/debian-bookworm-amd64.tar
chroot=$(mktemp -d)
passed=0
failed=0

clean() {
  mountpoint -q "$chroot/proc" && umount "$chroot/proc"
  rm -rf --one-file-system "$chroot"
}
trap clean EXIT

check() {
  local what=$1
  shift
  if "$@" >"$chroot/tmp/said" 2>&1; then
    passed=$((passed + 1))
    echo "ok    $what"
  else
    failed=$((failed + 1))
    echo "FAIL  $what"
    sed 's/^/      /' "$chroot/tmp/said"
  fi
}

inside() {
  chroot "$chroot" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"
}

# ---- a bare Debian

mkdir -p "$cache"
if [[ ! -f $base ]]; then
  if ! command -v debootstrap >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends debootstrap
  fi
  made=$(mktemp -d)
  chmod 755 "$made"
  debootstrap --variant=minbase --arch=amd64 bookworm "$made" >"$cache/debootstrap.log"
  rm -rf "$made"/var/cache/apt/archives/*.deb "$made"/var/lib/apt/lists/*
  tar -C "$made" -cf "$base.new" --one-file-system .
  mv "$base.new" "$base"
  rm -rf --one-file-system "$made"
fi
tar -C "$chroot" -xf "$base"
chmod 755 "$chroot"
mount -t proc proc "$chroot/proc"

# ---- built

[[ -x node_modules/.bin/tsc ]] || npm ci
scripts/deb.sh amd64 "$chroot/tmp"
package=$(basename "$chroot"/tmp/vigie_*_amd64.deb)
version=$(node -p 'require("./package.json").version')

files() {
  (cd "$chroot" && find . -xdev \( -path ./proc -o -path ./tmp -o -path ./var/lib/dpkg -o -path ./var/log -o -path ./var/cache \) -prune \
    -o -print | LC_ALL=C sort)
}

no_other_platform() {
  ! (cd "$chroot/usr/lib/vigie/app/node_modules" && find . -name '*.node' | grep -vE 'linux_x64|linux-x64' | grep .)
}

has_modes() {
  local line
  while read -r line; do
    # shellcheck disable=SC2086
    set -- $line
    [[ $(inside stat -c '%U:%G %a' "$2") == "$1 $3" ]] || { echo "$2 is $(inside stat -c '%U:%G %a' "$2")"; return 1; }
  done <<END
root:vigie /etc/vigie 750
root:vigie /etc/vigie/site.yaml 640
vigie:vigie /etc/vigie/pepper 600
vigie:vigie /var/lib/vigie 700
END
}

is_own_site() {
  ! grep -E 'demo|v1-' "$chroot/etc/vigie/site.yaml" &&
    grep -qE 'salt: [0-9a-f]{32}, pepperFile: /etc/vigie/pepper' "$chroot/etc/vigie/site.yaml" &&
    [[ $(stat -c %s "$chroot/etc/vigie/pepper") == 32 ]]
}

# As the unit starts it, until it says that it is ready; then it is told to end.
reaches_ready() {
  local out=$chroot/tmp/ready pid
  chroot --userspec=vigie:vigie "$chroot" /usr/bin/vigie run --config /etc/vigie/site.yaml --data /var/lib/vigie \
    >"$out" 2>"$chroot/tmp/log" &
  pid=$!
  for _ in {1..300}; do
    grep -q '"ready":true' "$out" && break
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -TERM "$pid" || true
  wait "$pid" && grep '"ready":true' "$out" || { cat "$chroot/tmp/log"; return 1; }
}

rests() {
  inside /usr/lib/vigie/bin/node /usr/lib/vigie/app/dist/src/restOutputs.js --config /etc/vigie/site.yaml --data /var/lib/vigie |
    grep '"rested":\["siren"\]'
}

# Nothing is wired and no centre is named yet: it warns of both.
doctor_answers() {
  local code=0
  inside vigie doctor --json --lang en >"$chroot/tmp/doctor" || code=$?
  [[ $code == 0 ]] && grep -q '"koffi-loads","status":"ok"' "$chroot/tmp/doctor" &&
    grep -q '"simulated","status":"warn"' "$chroot/tmp/doctor" && grep -q '"not-monitored","status":"warn"' "$chroot/tmp/doctor" ||
    { echo "exit code $code"; cat "$chroot/tmp/doctor"; return 1; }
}

runs_what_the_unit_says() {
  local word
  for word in $(sed -n 's/^Exec[A-Za-z]*=//p' "$chroot/usr/lib/systemd/system/vigie.service"); do
    [[ $word != /usr/* || -f $chroot$word ]] || { echo "$word is not there"; return 1; }
  done
}

is_kept() {
  cmp "$chroot/etc/vigie/site.yaml" "$chroot/tmp/site.before" && [[ -s $chroot/var/lib/vigie/store.db && -s $chroot/etc/vigie/pepper ]]
}

leaves_only() {
  local left
  left=$(comm -13 "$chroot/tmp/files.before" <(files) | grep -vE "$1" || true)
  [[ -z $left ]] || { echo "$left"; return 1; }
}

files >"$chroot/tmp/files.before"
accounts=$(cat "$chroot/etc/passwd")

check 'it installs on a bare Debian' inside dpkg --force-unsafe-io --install "/tmp/$package"
check "vigie --version says $version" bash -c "[[ \$(chroot '$chroot' vigie --version) == $version ]]"
check 'it brings its own Node' inside /usr/lib/vigie/bin/node --version
check 'natives of this processor alone' no_other_platform
check 'no compiler of TypeScript' test ! -e "$chroot/usr/lib/vigie/app/node_modules/typescript"
check 'owners and modes' has_modes
check 'a site of its own: salt, pepper, no demo codes' is_own_site
check 'the site’s file is without fault' inside vigie check /etc/vigie/site.yaml
for example in minimal cabinet officine; do
  check "an example is without fault: $example" inside vigie check "/usr/lib/vigie/app/config/$example.yaml"
done
check 'it can draw codes' inside vigie code draw /etc/vigie/site.yaml --count 1
check 'it has what talks to systemd and to pins' inside /usr/lib/vigie/bin/node -e 'require("/usr/lib/vigie/app/node_modules/koffi").load(null)'
check 'it has what talks to serial ports' inside /usr/lib/vigie/bin/node -e 'require("/usr/lib/vigie/app/node_modules/serialport").SerialPort.binding.open'
check 'every program of the unit is there' runs_what_the_unit_says
check 'it reaches ready as its own account, and ends when told' reaches_ready
check 'rest-outputs answers' rests
check 'doctor answers' doctor_answers

cp "$chroot/etc/vigie/site.yaml" "$chroot/tmp/site.before"
check 'installed again, nothing of the site changes' inside dpkg --force-unsafe-io --install "/tmp/$package"
check 'site, pepper and journal are as they were' is_kept
check 'it is removed' inside dpkg --remove vigie
check 'config and data stay' is_kept
check 'and nothing else' leaves_only '^\./(etc/vigie|var/lib/vigie)(/|$)|^\./etc/(passwd|group|shadow|gshadow|subuid|subgid)-?$'
check 'it is purged' inside dpkg --purge vigie
check 'now nothing is left' leaves_only '^\./etc/(passwd|group|shadow|gshadow|subuid|subgid)-?$'
check 'not even its account' test "$accounts" = "$(cat "$chroot/etc/passwd")"

# ---- without the package

mkdir -p "$chroot/tmp/checkout/scripts" "$chroot/tmp/staged"
cp scripts/install "$chroot/tmp/checkout/scripts/"
dpkg-deb --extract "$chroot/tmp/$package" "$chroot/tmp/staged"
installs() {
  inside /tmp/checkout/scripts/install --staged /tmp/staged
}
installs_nothing_new() {
  files >"$chroot/tmp/files.once"
  installs
  cmp <(files) "$chroot/tmp/files.once" && cmp "$chroot/etc/vigie/site.yaml" "$chroot/tmp/site.before"
}

check 'scripts/install installs the same' installs
check 'owners and modes, again' has_modes
cp "$chroot/etc/vigie/site.yaml" "$chroot/tmp/site.before"
check 'and it reaches ready' reaches_ready
check 'a second time changes nothing' installs_nothing_new
check 'it is uninstalled' inside /tmp/checkout/scripts/install --uninstall
check 'config and data stay, again' is_kept
check 'and nothing else, again' leaves_only '^\./(etc/vigie|var/lib/vigie)(/|$)|^\./etc/(passwd|group|shadow|gshadow|subuid|subgid)-?$'

echo
echo "$passed passed, $failed failed"
[[ $failed == 0 ]]
