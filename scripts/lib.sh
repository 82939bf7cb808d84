# Shared by the scripts beside it; sourced, never run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"

stage() { printf '\n== %s\n' "$*"; }

# Where cargo builds, whoever decided it.
target_dir() {
    cargo metadata --format-version 1 --no-deps --locked | sed -E 's/.*"target_directory":"([^"]+)".*/\1/'
}

# Starts a virtual screen of 1440 by 900 and puts its name into DISPLAY; `stop_screen` ends it.
start_screen() {
    local pipe
    pipe=$(mktemp -u)
    mkfifo "$pipe"
    Xvfb -displayfd 3 -screen 0 1440x900x24 -nolisten tcp 3>"$pipe" >/dev/null 2>&1 &
    screen_pid=$!
    local number
    read -r -t 20 number <"$pipe" || { echo "the virtual screen does not start" >&2; exit 1; }
    rm -f "$pipe"
    export DISPLAY=":$number"
}

stop_screen() { [ -z "${screen_pid:-}" ] || kill "$screen_pid" 2>/dev/null || true; }
