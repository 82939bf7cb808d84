#!/usr/bin/env bash
# Makes the installable package for this system: a .deb on Linux. An AppImage is not made: its tool downloads helper
# programs at build time, which a clinic's build must not do.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

kinds=()
[ "$(uname -s)" = Linux ] && kinds=(--bundles deb)
TAURI_FRONTEND_PATH="$PWD/ui" ui/node_modules/.bin/tauri build "${kinds[@]}" -- --locked
bundles="$(target_dir)/release/bundle"
# The bundler compresses with gzip; a package of Debian's own is a quarter smaller with xz.
for package in "$bundles"/deb/*.deb; do
    [ -e "$package" ] || continue
    unpacked=$(mktemp -d)
    chmod 755 "$unpacked"
    dpkg-deb --raw-extract "$package" "$unpacked"
    dpkg-deb --root-owner-group -Zxz -z9 --build "$unpacked" "$package"
    rm -rf "$unpacked"
done
find "$bundles" -maxdepth 2 -type f \( -name '*.deb' -o -name '*.dmg' -o -name '*.msi' -o -name '*.exe' \) \
    -exec ls -lh {} +
