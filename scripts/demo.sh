#!/usr/bin/env bash
# Drives the real window through a day in the demo clinic, in light and in dark, and leaves numbered pictures in
# artifacts/demo/.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

rm -rf artifacts/demo
cargo build --locked
CLINIC_DESK_PICTURES="$PWD/artifacts" cargo test --locked --quiet -p clinic-tests window::demo
ls "$PWD"/artifacts/demo/*/*.png
