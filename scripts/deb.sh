#!/bin/sh
# Builds the Debian package of this checkout: `scripts/deb.sh amd64|arm64 [FOLDER]`, into FOLDER (`.cache`). It carries its own Node.
# The same commit gives the same bytes. Needs dpkg-deb, npm and its registry, and `npm ci` in the checkout.
set -eu
umask 022

arch=${1:?amd64 or arm64}
root=$(cd "$(dirname "$0")/.." && pwd)
out=${2:-$root/.cache}
mkdir -p "$out"
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

"$root/scripts/stage.sh" "$arch" "$stage"

version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$root/package.json")
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -c safe.directory='*' -C "$root" log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

mkdir "$stage/DEBIAN"
cat >"$stage/DEBIAN/control" <<END
Package: vigie
Version: $version
Architecture: $arch
Maintainer: The Vigie project <vigie@localhost>
Installed-Size: $(du -sk --apparent-size --exclude=DEBIAN "$stage" | cut -f1)
Depends: libc6 (>= 2.28), libstdc++6, passwd
Recommends: systemd, udev
Section: misc
Priority: optional
Description: alarm and access controller for practices and pharmacies
 Watches doors, windows and detectors, runs the arming of each area, and reports
 to a monitoring centre until the centre itself has acknowledged. It carries its
 own Node.
END
for script in postinst prerm postrm; do
  install -m 755 "$root/packaging/deb/$script" "$stage/DEBIAN/$script"
done

find "$stage" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
package=$out/vigie_${version}_$arch.deb
# One thread, so that the bytes do not depend on the number of processors.
dpkg-deb --root-owner-group -Zxz -z2 --threads-max=1 --build "$stage" "$package" >/dev/null
printf '%s: %s MiB, installed %s MiB, sha256 %s\n' "$package" "$(($(stat -c %s "$package") / 1048576))" \
  "$(du -sm --apparent-size --exclude=DEBIAN "$stage" | cut -f1)" "$(sha256sum "$package" | cut -d' ' -f1)"
