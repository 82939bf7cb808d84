#!/usr/bin/env bash
# Everything. The order is: what fails fast first.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

stage "Rust: formats"
cargo fmt --all --check
stage "Interface: types"
scripts/check-types.sh
stage "Interface: unit tests"
npm run --silent --prefix ui test
stage "Rust: lints"
cargo clippy --workspace --all-targets --locked -- -D warnings
stage "Rust: unit tests, architecture, policy, bad input, durability, journeys in the real window"
cargo build --locked
cargo test --workspace --locked --no-fail-fast
