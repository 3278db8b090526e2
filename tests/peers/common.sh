# What the scripts of .ci/peers share; to be sourced. A peer lives in a folder of its own that goes when the script ends;
# no server outlives ten minutes, whatever becomes of the script.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
name=$(basename "$0")
work=$(mktemp -d)
server=

finish() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap finish EXIT

# skip REASON: ends well, unless DG_PEERS_REQUIRED says that every peer has to be there, as it has in CI.
skip() {
    echo "peer $name: skipped, $1"
    [ -z "${DG_PEERS_REQUIRED:-${CI:-}}" ] || exit 1
    exit 0
}

# bring PACKAGE: installs a package of the system in CI, where the system is of Debian's kind and we may change it.
bring() {
    if [ -n "${CI:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        export DEBIAN_FRONTEND=noninteractive
        { apt-get update -qq && apt-get install -qq -y --no-install-recommends "$1"; } >"$work/system" 2>&1 ||
            cat "$work/system"
    fi
}

# needs PROGRAM PACKAGE: the program, from that package if it is missing.
needs() {
    command -v "$1" >/dev/null || bring "$2"
    command -v "$1" >/dev/null || skip "there is no $1 here"
}

# node_peer SOURCE PACKAGE...: installs the packages and starts the server.
node_peer() {
    needs node nodejs
    needs npm npm
    local source=$1
    shift
    timeout 180 npm install --prefix "$work" --silent --no-fund --no-audit "$@" >"$work/install" 2>&1 ||
        skip 'its packages cannot be had from npm'
    cp "$top/tests/peers/$source" "$work/server.mjs"
    (cd "$work" && exec timeout -k 5 600 node server.mjs) >"$work/origin" 2>"$work/errors" &
    server=$!
}

# python_peer SOURCE PACKAGE...: installs the packages and starts the server.
python_peer() {
    needs python3 python3
    local source=$1
    shift
    if ! python3 -m venv "$work/python" >"$work/install" 2>&1; then
        bring python3-venv
        python3 -m venv "$work/python" >"$work/install" 2>&1 || skip 'python3 makes no environments here'
    fi
    timeout 180 "$work/python/bin/pip" install --quiet "$@" >>"$work/install" 2>&1 ||
        skip 'its packages cannot be had from PyPI'
    (cd "$work" && exec timeout -k 5 600 python/bin/python "$top/tests/peers/$source") >"$work/origin" 2>"$work/errors" &
    server=$!
}

# checks VARIABLE FILTER: waits until the server names its origin, then runs the tests against it.
checks() {
    for _ in $(seq 300); do
        [ ! -s "$work/origin" ] || break
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    if [ ! -s "$work/origin" ]; then
        cat "$work/errors"
        echo "peer $name: did not start"
        exit 1
    fi
    cd "$top"
    env "$1=$(head -n 1 "$work/origin")" cargo test --locked --quiet --test it "$2" -- --nocapture >"$work/log" 2>&1 || {
        cat "$work/log"
        tail -n 20 "$work/errors"
        exit 1
    }
    grep -oE '(peer [a-z0-9-]+:|test result:).*' "$work/log"
}
