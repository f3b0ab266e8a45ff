#!/usr/bin/env bash
# `npm run test:kernel`: the tests under test/kernel on real kernels (run.sh), and a hung controller that the machine's watchdog
# must end. Needs what run.sh needs and, for onoff, what `npm run build:onoff` needs.
#
#   scripts/kernel/test.sh                    all of it
#   scripts/kernel/test.sh PART_OF_NAME…      only these test files, on SERIES (6.12 unless given)
#
# Its last line is `N passed, N failed`; it exits 1 on any failure. A guest that hangs or reboots is a failure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

EXIT_MISSING=69
EXIT_WATCHDOG=122

# softdog's margin where a test hangs the controller on purpose, and what may be added: the guest's clock is coarse.
HANG_MARGIN=10
HANG_SLACK=3

passed=0
failed=0
output=$(mktemp)
beside=$(mktemp -d)
trap 'rm -rf "$output" "$beside"' EXIT

# run_guest SERIES COMMAND…: its exit code in $code, what it said in $output and on the terminal.
run_guest() {
  code=0
  SERIES=$1 TIMEOUT=${TIMEOUT:-900} scripts/kernel/run.sh "${@:2}" 2>&1 | tee "$output" || code=${PIPESTATUS[0]}
  if [[ $code == "$EXIT_MISSING" ]]; then exit "$code"; fi
}

run_suite() {
  local series=$1 counts suite_passed=0 suite_failed=0
  shift
  echo "== Linux $series"
  run_guest "$series" node dist/scripts/test.js --kernel "$@"
  counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$output" | tail -n 1 || true)
  if [[ -n $counts ]]; then read -r suite_passed _ suite_failed _ <<<"$counts"; fi
  if [[ $code != 0 && $suite_failed == 0 ]]; then suite_failed=1; fi
  passed=$((passed + suite_passed))
  failed=$((failed + suite_failed))
}

# run_beside SERIES PART…: a suite in the background, on the other processor; finish_beside waits for it and tells what it said.
run_beside() {
  (
    output=$beside/output
    passed=0 failed=0
    run_suite "$@"
    echo "$passed $failed" >"$beside/counts"
  ) >"$beside/said" 2>&1 &
}

finish_beside() {
  local more_passed=0 more_failed=1
  wait || true
  cat "$beside/said"
  if [[ -s $beside/counts ]]; then read -r more_passed more_failed <"$beside/counts"; fi
  passed=$((passed + more_passed))
  failed=$((failed + more_failed))
}

verdict() {
  echo "$2"
  if [[ $1 == good ]]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# The guest says when it stopped the controller; its kernel says when the watchdog fired: both in seconds since its boot.
run_hang() {
  local stopped fired took
  echo "== a hung controller, Linux 6.12, watchdog of $HANG_MARGIN s"
  MARGIN=$HANG_MARGIN run_guest 6.12 node dist/scripts/kernel/hang.js "$HANG_MARGIN"
  stopped=$(sed -n 's/^stopped at \([0-9.]*\) s.*/\1/p' "$output")
  fired=$(sed -n 's/.*the watchdog rebooted the guest at \([0-9.]*\) s.*/\1/p' "$output")
  if [[ $code != "$EXIT_WATCHDOG" || -z $stopped || -z $fired ]]; then
    verdict bad "FAIL  a hung controller did not end in a reboot by the watchdog (exit code $code)"
    return
  fi
  took=$(awk -v a="$stopped" -v b="$fired" 'BEGIN { printf "%.1f", b - a }')
  if awk -v took="$took" -v most="$((HANG_MARGIN + HANG_SLACK))" 'BEGIN { exit !(took > 0 && took <= most) }'; then
    verdict good "ok    the watchdog rebooted the machine $took s after the controller hung"
  else
    verdict bad "FAIL  the watchdog rebooted the machine $took s after the controller hung, at most $((HANG_MARGIN + HANG_SLACK)) s wanted"
  fi
}

npm run --silent build
node -e "require('onoff')" 2>/dev/null || npm run --silent build:onoff

if [[ $# -gt 0 ]]; then
  run_suite "${SERIES:-6.12}" "$@"
else
  # Installs and builds what a guest needs, so that two at once find it.
  run_guest 6.1 true
  # What goes by the numbers of lines: sysfs counts them otherwise on each series.
  run_beside 6.1 kernel/productOnoff kernel/onoff
  run_suite 6.12
  finish_beside
  run_hang
fi

echo "$passed passed, $failed failed"
[[ $failed == 0 ]]
