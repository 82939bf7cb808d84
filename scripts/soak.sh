#!/usr/bin/env bash
# The tests that gain by size, at sizes that are too long for every change, and what only a quiet computer can tell.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

export CLINIC_DESK_SOAK_MUTATIONS="${CLINIC_DESK_SOAK_MUTATIONS:-10000000}"
export CLINIC_DESK_SOAK_SEQUENCES="${CLINIC_DESK_SOAK_SEQUENCES:-100000}"
export CLINIC_DESK_SOAK_TAMPERS="${CLINIC_DESK_SOAK_TAMPERS:-100000}"
export CLINIC_DESK_SOAK_CALLS="${CLINIC_DESK_SOAK_CALLS:-100000}"
export CLINIC_DESK_SOAK_FLOWS="${CLINIC_DESK_SOAK_FLOWS:-10000}"
export CLINIC_DESK_SOAK_NUMBERS="${CLINIC_DESK_SOAK_NUMBERS:-1000000}"
export CLINIC_DESK_SOAK_KILLS="${CLINIC_DESK_SOAK_KILLS:-1000}"
# Three ways, so that there are a thousand.
export CLINIC_DESK_SOAK_KEY_KILLS="${CLINIC_DESK_SOAK_KEY_KILLS:-334}"
# So many that chance alone puts one area in two thousand outside its bounds.
export CLINIC_DESK_SOAK_TIMINGS="${CLINIC_DESK_SOAK_TIMINGS:-5000}"

stage "$CLINIC_DESK_SOAK_MUTATIONS changed tokens"
cargo test -q --locked -p clinic-wire no_changed_token_is_accepted
stage "$CLINIC_DESK_SOAK_SEQUENCES lives of refresh tokens"
cargo test -q --locked -p clinic-wire there_is_one_good_token
stage "$CLINIC_DESK_SOAK_TAMPERS changes of the audit log"
cargo test -q --locked -p clinic-app random_tampering_is_found_at_its_entry_each_time
stage "$CLINIC_DESK_SOAK_CALLS generated calls"
cargo test -q --locked -p clinic-tests no_generated_call_does_harm
stage "$CLINIC_DESK_SOAK_FLOWS codes by mail, $CLINIC_DESK_SOAK_NUMBERS account numbers"
cargo test -q --locked -p clinic-app -- no_code_of_many_flows no_account_number_is_given_out_twice
stage "$CLINIC_DESK_SOAK_KILLS kills while somebody guesses at each of five things"
cargo test -q --locked -p clinic-tests -- durability::guesses --nocapture
stage "$CLINIC_DESK_SOAK_KEY_KILLS kills in each of three ways to change the key"
cargo test -q --locked -p clinic-tests -- durability::key_changes --nocapture
stage "10,000 wrong passwords in a day; 640,000 bookings of 50 slots"
cargo test -q --locked -p clinic-app -- ten_thousand_guesses sixty_four_desks
stage "$CLINIC_DESK_SOAK_TIMINGS answers of each kind: what their times tell"
# In memory where that is possible: a disk's own times would hide what is looked for.
[ -d /dev/shm ] && export TMPDIR=/dev/shm
cargo test -q --locked -p clinic-app the_time_ -- --ignored --nocapture --test-threads 1
