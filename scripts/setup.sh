#!/usr/bin/env bash
# Installs what the build and the tests need, and builds the interface. Says what it does; does nothing twice.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '[setup] %s\n' "$*"; }
stop() {
    printf '[setup] cannot go on: %s\n' "$*" >&2
    exit 1
}

# The linker, TLS headers for the tools, the web view, what the tests in the real window drive and look at, the mail
# server of the tests with what makes its certificates, and a keystore.
packages=(
    build-essential pkg-config perl make ca-certificates curl
    libssl-dev libwebkit2gtk-4.1-dev
    webkit2gtk-driver xvfb xauth dbus fonts-dejavu-core imagemagick x11-utils
    python3-aiosmtpd openssl gnome-keyring
)

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        stop "this needs root or sudo: $*"
    fi
}

install_packages() {
    say "installing $*"
    local options=(-o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 -y --no-install-recommends)
    # Package lists may be old or empty, and another apt may clear the cache in between: one more try helps both.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" install "$@" >/dev/null 2>&1 && return
    as_root apt-get -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 -qq update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" -qq install "$@"
}

has_package() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

system_packages() {
    if ! command -v apt-get >/dev/null; then
        pkg-config --exists webkit2gtk-4.1 2>/dev/null ||
            stop "no apt-get here; install WebKitGTK 4.1 with headers, WebKitWebDriver, Xvfb and ImageMagick by hand"
        return
    fi
    local missing=()
    for package in "${packages[@]}"; do
        has_package "$package" || missing+=("$package")
    done
    [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
}

# `at_least 20.3.1 20` compares versions.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

node_tools() {
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        command -v apt-get >/dev/null || stop "Node.js 20 or newer with npm is missing"
        install_packages nodejs npm
    fi
    local version
    version=$(node --version)
    at_least "${version#v}" 20 || stop "Node.js $version is too old; 20 or newer is needed"
}

rust_tools() {
    [ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
    local need=1.95
    if ! command -v cargo >/dev/null && command -v apt-get >/dev/null; then
        say "no Rust here; trying rustup from the distribution"
        install_packages rustup || true
        command -v rustup >/dev/null && rustup default stable || true
    fi
    command -v cargo >/dev/null || stop "Rust $need or newer is missing; see https://rustup.rs"
    local version
    version=$(rustc --version | cut -d' ' -f2)
    at_least "$version" "$need" || stop "Rust $version is too old; $need or newer is needed (rustup update stable)"
}

# Installs what the lock file says, and only when it is another one than last time. Not `npm ci`: that refuses a lock file
# without the parts for other systems, which a registry that holds only this system's does not name.
interface_packages() {
    local stamp=ui/node_modules/.lock-installed
    if [ -f "$stamp" ] && cmp -s "$stamp" ui/package-lock.json; then return; fi
    say "installing the packages of the interface"
    npm install --prefix ui --no-save --ignore-scripts --no-audit --no-fund
    cp ui/package-lock.json "$stamp"
}

# The desktop program embeds ui/dist, so that has to be there and fresh before cargo runs.
interface() {
    local built=ui/dist/index.html
    if [ -f "$built" ] && [ -z "$(find ui/src ui/messages ui/public ui/index.html ui/*.config.* ui/package-lock.json \
        -newer "$built" -print -quit)" ]; then
        return
    fi
    say "building the interface"
    npm run --silent --prefix ui build
}

system_packages
node_tools
rust_tools
interface_packages
interface
