#!/usr/bin/env bash
# Drives the real window through a day at the desk and leaves numbered pictures in artifacts/.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cargo build --locked
CLINIC_DESK_PICTURES="$PWD/artifacts" cargo test --locked --quiet -p clinic-tests window -- --test-threads=1
ls artifacts/*.png
