#!/usr/bin/env bash
# The fast part of the tests: formats, lints, types, architecture. No window, no store.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

stage "Rust: formats"
cargo fmt --all --check
stage "Rust: lints"
cargo clippy --workspace --all-targets --locked -- -D warnings
stage "Interface: types"
scripts/check-types.sh
stage "Architecture"
cargo test --locked --quiet -p clinic-tests architecture
