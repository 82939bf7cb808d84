#!/usr/bin/env bash
# Builds and opens the application. Without a display it runs under a virtual one and leaves a picture of its window.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cargo build --locked
program="$(target_dir)/debug/clinic-desk"
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec "$program"
fi

echo "No display: starting under a virtual one."
start_screen
mkdir -p artifacts
dbus-run-session --config-file scripts/bus.conf -- "$program" >artifacts/run.log 2>&1 &
program_pid=$!
finish() {
    # dbus-run-session does not hand signals on, so its children are ended first.
    pkill -P "$program_pid" 2>/dev/null || true
    kill "$program_pid" 2>/dev/null || true
    stop_screen
}
trap finish EXIT

window() { xwininfo -root -tree 2>/dev/null | grep -q 'Clinic Desk'; }
for _ in $(seq 150); do
    window && break
    kill -0 "$program_pid" 2>/dev/null || { tail artifacts/run.log >&2; echo "it ended before its window opened" >&2; exit 1; }
    sleep 0.2
done
window || { echo "no window within 30 seconds" >&2; exit 1; }

# The window is mapped before its first frame is painted: take pictures until two in a row agree and are not blank.
picture=artifacts/run.png
for _ in $(seq 25); do
    import -window root "$picture"
    now=$(identify -format '%# %k' "$picture")
    [ "${now##* }" -gt 8 ] && [ "$now" = "${before:-}" ] && break
    before=$now
    sleep 0.4
done
echo "The application runs on display $DISPLAY. Picture of its window: $PWD/$picture"
if [ -t 0 ] && [ -t 1 ]; then
    echo "Ctrl-C ends it."
    wait "$program_pid"
else
    echo "Nobody is at the keyboard: ended it again."
fi
