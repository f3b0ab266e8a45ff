#!/bin/busybox sh
# The first process of the guest that run.sh boots: loads the modules, mounts the machine's folders, makes the simulated
# header, runs the command. /r is the machine's own tree, which becomes the root of the command.
/bin/busybox --install -s /bin
PATH=/bin:/sbin:/usr/bin:/usr/sbin
export PATH
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev

for word in $(cat /proc/cmdline); do
  case $word in
    lines_n=*) LINES_N=${word#*=} ;;
    softdog_margin=*) MARGIN=${word#*=} ;;
    second_label=*) SECOND_LABEL=${word#*=} ;;
    second_lines=*) SECOND_LINES=${word#*=} ;;
  esac
done

for module in $(cat /lib/order); do
  case $module in softdog.ko) option=soft_margin=$MARGIN ;; *) option= ;; esac
  insmod "/lib/$module" $option || echo "insmod $module failed"
done

# Files to read are cached: nobody changes them while the guest runs. The job's folder is not, since both sides look at it.
share=trans=virtio,version=9p2000.L,msize=512000
mount -t 9p -o "$share,ro,cache=loose" root /r || poweroff -f
mount -t proc proc /r/proc
mount -t sysfs sys /r/sys
mount -t devtmpfs dev /r/dev
mkdir -p /r/dev/pts /r/dev/shm
mount -t devpts pts /r/dev/pts
mount -t tmpfs shm /r/dev/shm
mount -t tmpfs tmp /r/tmp
mount -t tmpfs run /r/run
mount -t 9p -o "$share,ro,cache=loose" work /r/mnt || poweroff -f
mkdir /r/run/job
mount -t 9p -o "$share,cache=none" job /r/run/job || poweroff -f
mount -t debugfs debug /r/sys/kernel/debug
mount -t configfs config /r/sys/kernel/config

# make_chip NAME LABEL LINES: its folder in configfs, its lines named as a header's, and live.
make_chip() {
  chip=/r/sys/kernel/config/gpio-sim/$1
  mkdir "$chip" "$chip/bank0"
  echo "$3" >"$chip/bank0/num_lines"
  echo "$2" >"$chip/bank0/label"
  line=0
  while [ "$line" -lt 28 ] && [ "$line" -lt "$3" ]; do
    mkdir "$chip/bank0/line$line"
    echo "GPIO$line" >"$chip/bank0/line$line/name"
    line=$((line + 1))
  done
  echo 1 >"$chip/live"
}

make_chip pi pinctrl-bcm2711 "$LINES_N"
SIM=/sys/devices/platform/$(cat "$chip/dev_name")/$(cat "$chip/bank0/chip_name")
if [ -n "$SECOND_LABEL" ]; then make_chip second "$SECOND_LABEL" "$SECOND_LINES"; fi

export SIM HOME=/tmp LANG=C.UTF-8
ip link set lo up
chroot /r /bin/bash -c 'cd /mnt; . /run/job/environment; . /run/job/command >/run/job/output 2>&1; echo $? >/run/job/code; sync'
poweroff -f
