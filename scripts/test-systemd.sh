#!/bin/bash
# The installed service under a real systemd, in a container of its own (systemd-nspawn, Debian 12): sandbox and watchdog of the
# unit, a kill, a process stopped dead, a restart, a file that cannot be read, removal. `scripts/test-systemd.sh`, as root on
# Debian with npm; systems are kept in ${XDG_CACHE_HOME:-~/.cache}/vigie-debian. Its last line is `N passed, N failed`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cache=${XDG_CACHE_HOME:-$HOME/.cache}/vigie-debian
base=$cache/debian-bookworm-systemd-amd64.tar
machine=$(mktemp -d)
trap 'rm -rf --one-file-system "$machine"' EXIT
export DEBIAN_FRONTEND=noninteractive

missing=()
command -v debootstrap >/dev/null || missing+=(debootstrap)
command -v systemd-nspawn >/dev/null || missing+=(systemd-container)
if ((${#missing[@]} > 0)); then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

mkdir -p "$cache"
if [[ ! -f $base ]]; then
  made=$(mktemp -d)
  chmod 755 "$made"
  debootstrap --variant=minbase --include=systemd,udev --arch=amd64 bookworm "$made" >"$cache/debootstrap.log"
  rm -rf "$made"/var/cache/apt/archives/*.deb "$made"/var/lib/apt/lists/*
  tar -C "$made" -cf "$base.new" --one-file-system .
  mv "$base.new" "$base"
  rm -rf --one-file-system "$made"
fi
tar -C "$machine" -xf "$base"
chmod 755 "$machine"
[[ -x node_modules/.bin/tsc ]] || npm ci
scripts/deb.sh amd64 "$machine/opt"

cat >"$machine/opt/inside" <<'INSIDE'
#!/bin/bash
# Runs in the container, as root.
exec >/opt/said 2>&1
passed=0
failed=0

check() {
  local what=$1
  shift
  if "$@" >/run/check 2>&1; then
    passed=$((passed + 1))
    echo "ok    $what"
  else
    failed=$((failed + 1))
    echo "FAIL  $what"
    sed 's/^/      /' /run/check
  fi
}

value() {
  systemctl show vigie -p "$1" --value
}

# Within 30 s.
within() {
  for _ in {1..150}; do
    "$@" && return 0
    sleep 0.2
  done
  systemctl status vigie --no-pager --full
  return 1
}

watches() {
  [[ $(value ActiveState) == active && $(value NRestarts) == "$1" && $(value StatusText) == 'watching minimal' ]]
}

# What rest-outputs said last.
said() {
  journalctl -u vigie -o cat | grep '^{"rested"' | tail -n 1 | tee /dev/stderr | grep -qF "$1"
}

is_confined() {
  local status=/proc/$(value MainPID)/status
  grep -E '^(CapBnd|NoNewPrivs|Seccomp|Uid):' "$status"
  grep -qE '^CapBnd:\s+0+$' "$status" && grep -qE '^NoNewPrivs:\s+1$' "$status" && grep -qE '^Seccomp:\s+2$' "$status" &&
    grep -qE "^Uid:\s+$(id -u vigie)\s" "$status"
}

lives_on() {
  sleep 12
  watches 0
}

held='"rested":["siren"],"held":["lamp"]'
rested='"rested":["siren","lamp"],"held":[]'

check 'it installs' dpkg --force-unsafe-io --install /opt/vigie_*_amd64.deb
check 'nothing is enabled unasked' bash -c '! systemctl is-enabled vigie'
sed -i 's/^keypads:/  lamp: { role: armed-lamp, name: Lamp, output: GPIO22, areas: [cabinet], onCrash: hold }\nkeypads:/' /etc/vigie/site.yaml
check 'the site’s file is without fault' vigie check /etc/vigie/site.yaml
check 'systemd finds nothing wrong with the unit' bash -c '! systemd-analyze verify vigie.service 2>&1 | grep .'
check 'it is started, and says that it watches' systemctl enable --now vigie
check 'as its own account, without a capability, with its system calls filtered' is_confined
check 'it feeds the watchdog for longer than that waits' lives_on

systemctl kill --signal=SIGKILL --kill-who=main vigie
check 'killed: it watches again' within watches 1
check 'and the siren rested, the lamp was held' within said "$held"
sleep 1.5
systemctl kill --signal=SIGSTOP --kill-who=main vigie
check 'stopped dead: it watches again' within watches 2
check 'and the watchdog ended it' bash -c 'journalctl -u vigie | grep "Failed with result .watchdog"'
check 'and the siren rested, the lamp was held, once more' within said "$held"

check 'restarted as asked' systemctl restart vigie
check 'and everything rested meanwhile' within said "$rested"

cp /etc/vigie/site.yaml /opt/site.yaml
echo 'site: [' >/etc/vigie/site.yaml
rm /var/lib/vigie/accepted.yaml
systemctl kill --signal=SIGKILL --kill-who=main vigie
check 'a file that cannot be read: the lamp is held at first' within said "$held"
check 'and released in time' within said "$rested"
check 'and it goes on trying' test "$(value NRestarts)" -ge 2
cp /opt/site.yaml /etc/vigie/site.yaml
check 'mended: it watches again' within bash -c '[[ $(systemctl show vigie -p StatusText --value) == watching* ]]'

check 'removed while it runs: stopped, and everything rested' dpkg --remove vigie
check 'everything' within said "$rested"
check 'no process is left' bash -c '! pgrep -u vigie'

echo
echo "$passed passed, $failed failed"
INSIDE
chmod +x "$machine/opt/inside"
cat >"$machine/etc/systemd/system/inside.service" <<'UNIT'
[Unit]
After=basic.target

[Service]
Type=oneshot
TimeoutStartSec=300
ExecStart=/opt/inside
ExecStopPost=/bin/systemctl --force --force poweroff
UNIT
mkdir -p "$machine/etc/systemd/system/multi-user.target.wants"
ln -s ../inside.service "$machine/etc/systemd/system/multi-user.target.wants/inside.service"

timeout 300 systemd-nspawn --directory="$machine" --boot --register=no --keep-unit --private-network </dev/null >"$cache/nspawn.log" 2>&1 || true
cat "$machine/opt/said" 2>/dev/null || { tail -20 "$cache/nspawn.log"; echo '0 passed, 1 failed'; }
tail -n 1 "$machine/opt/said" | grep -q ', 0 failed$'
