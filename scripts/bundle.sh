#!/usr/bin/env bash
# Makes the installable package for this system: a .deb on Linux. An AppImage is not made: its tool downloads helper
# programs at build time, which a clinic's build must not do.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

bundles=()
[ "$(uname -s)" = Linux ] && bundles=(--bundles deb)
TAURI_FRONTEND_PATH="$PWD/ui" ui/node_modules/.bin/tauri build "${bundles[@]}" -- --locked
find "$(target_dir)/release/bundle" -maxdepth 2 -type f \( -name '*.deb' -o -name '*.dmg' -o -name '*.msi' -o -name '*.exe' \) \
    -exec ls -lh {} +
