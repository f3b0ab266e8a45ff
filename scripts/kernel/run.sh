#!/usr/bin/env bash
# Real Linux GPIO without a Pi: boots a Debian kernel with a simulated Raspberry Pi header (the kernel's own gpio-sim) in
# QEMU and runs one command in it, in the folder this is called from. Ends with that command's exit code.
#
#   scripts/kernel/run.sh [--] COMMAND…        e.g.  scripts/kernel/run.sh node dist/src/main.js check site.yaml
#
# In the guest the machine's files are there to read; the folder of the call is /mnt, to read as well, and the working
# directory. /tmp and /run are fresh, /dev/watchdog is softdog, and $SIM is the folder of the simulated chip:
#
#   move an input     echo pull-up > $SIM/sim_gpio17/pull       (or pull-down)
#   see an output     cat $SIM/sim_gpio27/value
#
# The chip is labelled pinctrl-bcm2711 and its lines are GPIO0 to GPIO27, as on a Raspberry Pi 4. Chips are made by the
# folders of /sys/kernel/config/gpio-sim: this one is `pi`, and `echo 0 > /sys/kernel/config/gpio-sim/pi/live` takes it away.
#
# Settings, by environment:
#   SERIES=6.12     Debian's kernel series, 6.12 or 6.1 (Debian 12's own; its chips are numbered from 966, not 512)
#   SMP=1           processors; 1 is best for comparing times
#   MEM=1024        memory in MiB
#   TIMEOUT=300     seconds until the guest is stopped
#   LINES_N=58      lines of the chip
#   MARGIN=4        seconds after which softdog reboots a machine whose watchdog is not fed
#   SECOND_LABEL=   label of a second simulated chip, `second`; the same label as the first is allowed
#   SECOND_LINES=8  its lines
#
# Exit codes of its own (the command's own are handed on):
#   2    no command, or a setting that does not exist
#   69   something is missing, and why it cannot be installed is said
#   122  the watchdog rebooted the guest
#   124  out of time
#   125  the guest stopped before the command ended (its last words are printed)
#
# Times are those of an emulated processor: good for comparing two paths in one run, no figure of a Pi.
# What it downloads and builds is kept in ${XDG_CACHE_HOME:-~/.cache}/vigie-kernel.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
series=${SERIES:-6.12}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/vigie-kernel
kernel=$cache/$series

EXIT_USAGE=2
EXIT_MISSING=69
EXIT_WATCHDOG=122
EXIT_TIME=124
EXIT_STOPPED=125

say() { printf 'kernel: %s\n' "$*" >&2; }
refuse() { local code=$1; shift; say "$*"; exit "$code"; }

if [[ ${1:-} == -- ]]; then shift; fi
if [[ $# == 0 ]]; then sed -n '2,/^set -/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2; exit "$EXIT_USAGE"; fi
[[ $series == 6.12 || $series == 6.1 ]] || refuse "$EXIT_USAGE" "SERIES=$series: there are 6.12 and 6.1"

# ---- what the machine must have

PACKAGES=(qemu-system-x86 busybox-static cpio kmod xz-utils gcc-12 make libelf1)

is_installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

install_packages() {
  local missing=() package
  command -v dpkg-query >/dev/null || refuse "$EXIT_MISSING" 'this needs Debian (12, amd64): there is no dpkg here'
  for package in "${PACKAGES[@]}"; do is_installed "$package" || missing+=("$package"); done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  [[ $(id -u) == 0 ]] ||
    refuse "$EXIT_MISSING" "missing Debian packages: ${missing[*]}. Install them as root: apt-get install ${missing[*]}"
  say "installing Debian packages: ${missing[*]}"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null ||
    refuse "$EXIT_MISSING" "apt-get could not install ${missing[*]}: see above"
}

# ---- the kernel and its modules, once for each series
#
# Kernel image, headers and three source files are downloaded and unpacked, not installed. Debian's cloud kernels have no GPIO
# at all, and none builds gpio-sim or irq_sim: both are built here as modules of the distribution's own kernel.

download_kernel() {
  local meta image version abi kbuild deb
  meta=linux-image-$series-amd64
  if [[ $series == 6.1 ]]; then meta=linux-image-amd64; fi
  if ! apt-cache show "$meta" >/dev/null 2>&1; then
    [[ $(id -u) != 0 ]] || apt-get update -qq
    apt-cache show "$meta" >/dev/null 2>&1 ||
      refuse "$EXIT_MISSING" "Debian's package $meta is not known to apt here: run apt-get update as root (sources: bookworm and bookworm-security)"
  fi
  image=$(apt-cache depends "$meta" | awk '/Depends: linux-image-/ { print $2; exit }')
  version=${image#linux-image-}
  abi=${version%-amd64}
  kbuild=linux-kbuild-$abi
  apt-cache show "$kbuild" >/dev/null 2>&1 || kbuild=linux-kbuild-$series
  mkdir -p "$kernel/debs" "$kernel/root" "$kernel/mod"
  (cd "$kernel/debs" &&
    apt-get download -qq "$image" "linux-headers-$abi-amd64" "linux-headers-$abi-common" "$kbuild" "linux-source-$series") >/dev/null ||
    refuse "$EXIT_MISSING" "could not download the kernel $image and what belongs to it: is the network there?"
  for deb in "$kernel"/debs/*.deb; do dpkg -x "$deb" "$kernel/root"; done
  tar -xJf "$kernel/root/usr/src/linux-source-$series.tar.xz" -C "$kernel/mod" --strip-components=1 --wildcards \
    '*/drivers/gpio/gpio-sim.c' '*/drivers/gpio/gpiolib*.h' '*/kernel/irq/irq_sim.c'
  rm -rf "$kernel/root/usr/src/linux-source-$series.tar.xz" "$kernel/debs"
  echo "$version" >"$kernel/version"
}

# Two changes that a module needs and the kernel's own build does not: irq_to_desc is not exported to modules, and the scan for
# pending interrupts must start again at 0 for each round or edges are delivered late.
build_modules() {
  local headers build=$kernel/mod
  headers=$kernel/root/usr/src/linux-headers-$(cat "$kernel/version")
  sed -i "s#/usr/src/#$kernel/root/usr/src/#g" "$headers/Makefile"
  rm -f "$headers/vmlinux"
  cp "$build"/drivers/gpio/* "$build/kernel/irq/irq_sim.c" "$build/"
  sed -i 's/handle_simple_irq(irq_to_desc(irqnum));/generic_handle_irq(irqnum);/; s/work_ctx->irq_count, offset);/work_ctx->irq_count, 0);/' \
    "$build/irq_sim.c"
  printf '\n#include <linux/module.h>\nMODULE_LICENSE("GPL");\n' >>"$build/irq_sim.c"
  echo 'obj-m := irq_sim.o gpio-sim.o' >"$build/Makefile"
  make -s -C "$headers" M="$build" modules >"$build/log" 2>&1 ||
    { tail -30 "$build/log" >&2; refuse "$EXIT_MISSING" 'the modules gpio-sim and irq_sim did not compile: see above'; }
  mkdir -p "$kernel/root/lib/modules/$(cat "$kernel/version")/extra"
  cp "$build"/*.ko "$kernel/root/lib/modules/$(cat "$kernel/version")/extra/"
  depmod -b "$kernel/root" "$(cat "$kernel/version")"
}

# What the guest starts with: busybox, the modules that reach this machine's files, and gpio-sim.
pack_initramfs() {
  local tree=$kernel/initramfs name file version
  version=$(cat "$kernel/version")
  rm -rf "$tree"
  mkdir -p "$tree"/{bin,lib,proc,sys,dev,r}
  cp /bin/busybox "$tree/bin/"
  cp "$here/guestInit.sh" "$tree/init"
  chmod +x "$tree/init"
  : >"$tree/lib/order"
  for module in virtio_pci 9pnet_virtio 9p configfs softdog gpio-sim; do
    modprobe -d "$kernel/root" -S "$version" --show-depends "$module" | awk '$1 == "insmod" { print $2 }'
  done | awk '!seen[$0]++' | while read -r file; do
    name=$(basename "${file%.xz}")
    case $file in *.xz) xz -dc "$file" >"$tree/lib/$name" ;; *) cp "$file" "$tree/lib/$name" ;; esac
    strip --strip-debug "$tree/lib/$name"
    echo "$name" >>"$tree/lib/order"
  done
  (cd "$tree" && find . | sort | cpio -o -H newc --quiet) >"$kernel/initramfs.cpio.new"
  mv "$kernel/initramfs.cpio.new" "$kernel/initramfs.cpio"
}

# One call at a time builds; the others wait for it. A folder that was left half done is begun anew.
prepare_kernel() {
  mkdir -p "$cache"
  exec 9>"$cache/$series.lock"
  flock 9
  if [[ ! -e $kernel/ok ]]; then
    say "building the guest's kernel modules, series $series (once, about a minute)"
    rm -rf "$kernel"
    download_kernel
    build_modules
    touch "$kernel/ok"
  fi
  if [[ ! -e $kernel/initramfs.cpio || $here/guestInit.sh -nt $kernel/initramfs.cpio ]]; then pack_initramfs; fi
  exec 9>&-
}

# ---- the guest

append_line() {
  printf '%s ' console=ttyS0 printk.time=1 quiet loglevel=4 panic=-1 mitigations=off random.trust_cpu=on \
    "lines_n=${LINES_N:-58}" "softdog_margin=${MARGIN:-4}" "second_label=${SECOND_LABEL:-}" "second_lines=${SECOND_LINES:-8}"
}

boot_guest() {
  timeout -k 5 "${TIMEOUT:-300}" qemu-system-x86_64 -M q35 -accel tcg,thread=multi -cpu max -smp "${SMP:-1}" -m "${MEM:-1024}" \
    -nodefaults -no-user-config -display none -no-reboot -serial "file:$job/console" \
    -kernel "$kernel/root/boot/vmlinuz-$(cat "$kernel/version")" -initrd "$kernel/initramfs.cpio" -append "$(append_line)" \
    -virtfs local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap \
    -virtfs "local,path=$PWD,mount_tag=work,security_model=none,readonly=on,multidevs=remap" \
    -virtfs "local,path=$job,mount_tag=job,security_model=none,multidevs=remap"
}

install_packages
prepare_kernel

# The command goes in and its output and exit code come back through a folder of this call.
job=$(mktemp -d)
trap 'rm -rf "$job"' EXIT
printf '%q ' "$@" >"$job/command"
{
  printf "export PATH=%q\n" "$PATH"
  for name in "${!VIGIE_@}"; do printf "export %s=%q\n" "$name" "${!name}"; done
} >"$job/environment"
: >"$job/output"
: >"$job/console"
tail --pid=$$ -s 0.2 -f "$job/output" 2>/dev/null &
follower=$!

ended=0
boot_guest </dev/null >&2 || ended=$?
sleep 0.5
kill "$follower" 2>/dev/null || true
wait "$follower" 2>/dev/null || true

if [[ -s $job/code ]]; then exit "$(cat "$job/code")"; fi
if [[ $ended == 124 || $ended == 137 ]]; then refuse "$EXIT_TIME" "the guest was still running after ${TIMEOUT:-300} s and was stopped"; fi
fired=$(sed -n 's/^\[ *\([0-9.]*\)\] softdog: Initiating system reboot.*/\1/p' "$job/console" | head -n 1)
if [[ -n $fired ]]; then refuse "$EXIT_WATCHDOG" "the watchdog rebooted the guest at $fired s of its time"; fi
tail -15 "$job/console" >&2
refuse "$EXIT_STOPPED" 'the guest stopped before the command ended: its last words are above'
