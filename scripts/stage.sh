#!/bin/sh
# What an installed Vigie consists of, in a folder: `scripts/stage.sh amd64|arm64 FOLDER`. Used by scripts/deb.sh and scripts/install.
#
#   usr/bin/vigie             the command
#   usr/lib/vigie/bin/node    Node of its own, from npm: what the system has may be too old, or change under it
#   usr/lib/vigie/app/        the compiled program, boards, examples, and the packages it runs on, for this processor only
#   usr/lib/vigie/setup       account, groups, folders; docs/install.md
#   usr/lib/…                 unit, watchdog of the machine, rules for pins
#
# Needs npm, its registry, and `npm ci` in the checkout. It compiles anew, so that nothing of an earlier build is in it.
set -eu
umask 022

NODE_VERSION=24.21.0

arch=${1:?amd64 or arm64}
target=${2:?a folder}
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$target"
target=$(cd "$target" && pwd)

case $arch in
amd64)
  cpu=x64
  node_sum=3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==
  ;;
arm64)
  cpu=arm64
  node_sum=FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==
  ;;
*)
  echo "stage: $arch is not an architecture Vigie is packaged for: amd64, arm64" >&2
  exit 2
  ;;
esac
if [ ! -x "$root/node_modules/.bin/tsc" ]; then
  echo 'stage: the compiler is not there yet: npm ci' >&2
  exit 2
fi

home=$target/usr/lib/vigie
app=$home/app
mkdir -p "$home/bin" "$app" "$target/usr/bin"

# ---- Node

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "node-linux-$cpu@$NODE_VERSION" >/dev/null)
found=$(openssl dgst -sha512 -binary "$work/node-linux-$cpu-$NODE_VERSION.tgz" | openssl base64 -A)
if [ "$found" != "$node_sum" ]; then
  echo "stage: node-linux-$cpu@$NODE_VERSION is not what it was when this script was written" >&2
  exit 1
fi
tar -xzf "$work/node-linux-$cpu-$NODE_VERSION.tgz" -C "$work"
install -m 755 "$work/package/bin/node" "$home/bin/node"

# ---- the program and its packages

cp "$root/package.json" "$root/package-lock.json" "$root/.npmrc" "$app/"
(cd "$app" && npm ci --silent --omit=dev --cpu="$cpu" --os=linux --libc=glibc --ignore-scripts)
rm "$app/.npmrc"
"$root/node_modules/.bin/tsc" -p "$root/tsconfig.json" --outDir "$work/dist" --incremental false --sourceMap false
mkdir -p "$app/dist"
cp -R "$work/dist/src" "$app/dist/src"
cp -R "$root/boards" "$root/config" "$app/"

# The compiler, other processors, and what only people read.
modules=$app/node_modules
rm -rf "$modules/typescript" "$modules/@typescript" "$modules/@types" "$modules/.bin" "$modules/.package-lock.json"
find "$modules" -type d \( -name 'musl_*' -o -name '*-musl' \) -prune -exec rm -rf {} +
find "$modules" -path '*/prebuilds/*' -type d ! -name "linux-$cpu" -prune -exec rm -rf {} +
find "$modules" -name '*.musl.node' -delete
rm -rf "$modules/koffi/vendor" "$modules/koffi/doc"
find "$modules" -type f \( -name '*.cc' -o -name '*.hh' -o -name '*.h' -o -name '*.cpp' \) -delete
find "$app" -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
find "$modules" -type f \( -name '*.md' -o -name '*.markdown' \) ! -iname 'license*' -delete
find "$modules" -type d -empty -delete

# ---- the system's side

install -m 755 "$root/packaging/vigie" "$target/usr/bin/vigie"
install -m 755 "$root/packaging/setup" "$home/setup"
put() {
  mkdir -p "$target/$(dirname "$2")"
  install -m 644 "$root/packaging/$1" "$target/$2"
}
put vigie.service usr/lib/systemd/system/vigie.service
put 50-vigie-watchdog.conf usr/lib/systemd/system.conf.d/50-vigie-watchdog.conf
put 60-vigie-gpio.rules usr/lib/udev/rules.d/60-vigie-gpio.rules
put vigie.modules usr/lib/modules-load.d/vigie.conf

documents=$target/usr/share/doc/vigie
mkdir -p "$documents"
cp -R "$root/docs/." "$documents/"
cp "$root/README.md" "$root/CHANGELOG.md" "$documents/"
cp "$root/LICENSE" "$documents/copyright"

find "$target" -type d -exec chmod 755 {} +
find "$target" -type f -exec chmod u=rwX,go=rX {} +
