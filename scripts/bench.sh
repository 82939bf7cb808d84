#!/usr/bin/env bash
# Measures the services at the design load, optimised; figures go to the terminal.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cargo run --release --locked -p clinic-tests --bin clinic-bench -- "$@"

[ "$(uname -s)" = Linux ] || exit 0
# The window of the optimised program. A release build cannot be driven, so here the shell, and only the shell, keeps
# its debug assertions; the driver itself needs no optimisation.
cargo build --release --locked --features custom-protocol --bin clinic-desk --example empty-window \
    --config 'profile.release.package.clinic-desktop.debug-assertions=true'
release="$(target_dir)/release"
export CLINIC_DESK_PROGRAM="$release/clinic-desk" CLINIC_DESK_EMPTY_WINDOW="$release/examples/empty-window"
# With a session bus: without one, web views wait for it now and then. It starts no keystore, which would ask for a password.
bus=()
command -v dbus-run-session >/dev/null && bus=(dbus-run-session --config-file scripts/bus.conf --)
"${bus[@]}" cargo bench --profile dev --locked -p clinic-tests --bench window
