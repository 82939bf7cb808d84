#!/usr/bin/env bash
# Measures the services at the design load, optimised; figures go to the terminal.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cargo run --release --locked -p clinic-tests --bin clinic-bench -- "$@"
