#!/bin/sh
# Make .venv hold exactly what a lock file says: `tools/bootstrap.sh run` or `tools/bootstrap.sh dev`.
#
# Needs a POSIX shell and Python 3.11 or newer with venv, and says in one sentence which of them is missing. What was
# installed is written down beside it, so that a second call compares three numbers and returns. PYTHON=... chooses the
# interpreter; otherwise the first one that will do is taken.
set -eu

cd "$(dirname "$0")/.."
VENV=.venv
LOG=$VENV/install.log
KIND=${1:-run}
case $KIND in
    run) LOCK=requirements.lock ;;
    dev) LOCK=requirements-dev.lock ;;
    *) echo "usage: tools/bootstrap.sh run|dev" >&2; exit 2 ;;
esac

stop() {
    printf '%s\n' "$1" >&2
    exit 1
}

works() { # a Python new enough
    command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

complete() { # with everything that building a venv takes
    works "$1" && "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

# What an installation depends on; a moved checkout counts, since a venv's scripts hold their own address.
key() { # lock
    project=$(sed '/^\[tool/q' pyproject.toml) # the settings of linters change nothing that is installed
    printf '%s %s %s\n' "$("$VENV/bin/python" -V 2>&1)" "$( (cat "$1"; echo "$project") | cksum)" "$PWD"
}

usable() { # the venv that is there runs here, and is the Python that was asked for
    works "$VENV/bin/python" || return 1
    [ -z "${PYTHON:-}" ] || [ "$("$VENV/bin/python" -V 2>&1)" = "$("$PYTHON" -V 2>&1)" ]
}

choose_python() {
    if [ -n "${PYTHON:-}" ]; then
        works "$PYTHON" || stop "PYTHON=$PYTHON is not a Python 3.11 or newer: point it at one, or leave it out."
        candidates=$PYTHON
    else
        candidates='python3 python3.13 python3.12 python3.11 python3.14 python'
    fi
    found=
    for candidate in $candidates; do
        if complete "$candidate"; then
            found=$candidate
            return
        elif [ -z "$found" ] && works "$candidate"; then
            found=$candidate
        fi
    done
    [ -n "$found" ] || stop "twoyes needs Python 3.11 or newer: install it (on Debian and Ubuntu: apt-get install python3 python3-venv), or say where it is with PYTHON=/path/to/python3."
    package=$("$found" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    stop "$found has no venv module: install it (on Debian and Ubuntu: apt-get install $package) and run this again."
}

make_venv() {
    choose_python
    rm -f "$VENV/.run" "$VENV/.dev"
    clear=
    [ -e "$VENV/pyvenv.cfg" ] && clear=--clear
    [ -L "$VENV/bin/python" ] && clear=--clear
    trouble=$("$found" -m venv $clear "$VENV" 2>&1) && return
    stop "$found could not make a virtual environment in $PWD/$VENV: $(printf '%s\n' "$trouble" | tail -n 1)"
}

# pip talks to the log. A terminal gets a count instead, since this takes longer than anybody looks at a blank line.
install() {
    total=$(grep -c '^[a-zA-Z0-9]' "$LOCK")
    if [ -t 1 ]; then
        count=0
        while IFS= read -r line; do
            printf '%s\n' "$line" >>"$LOG"
            case $line in
                Collecting*) count=$((count + 1)); printf '\r  fetched %d of %d ' "$count" "$total" ;;
                Installing*) printf '\r  putting them in place      ' ;;
            esac
        done
        printf '\r                             \r'
    else
        cat >>"$LOG"
    fi
}

pip() {
    { "$VENV/bin/python" -m pip install --disable-pip-version-check --no-input --progress-bar off "$@" 2>&1 ||
        echo 'twoyes: failed'; } | install
    if [ "$(tail -n 1 "$LOG")" = 'twoyes: failed' ]; then explain; fi
}

explain() {
    if grep -qiE 'DO NOT MATCH THE HASHES' "$LOG"; then
        stop "A package is not the one $LOCK was made with, so nothing was installed: see $LOG."
    elif grep -qiE 'No space left on device' "$LOG"; then
        stop "The disk is full: free about 500 MB and run this again."
    elif grep -qiE 'NewConnectionError|name resolution|getaddrinfo|Network is unreachable|timed out|ProxyError' "$LOG"; then
        stop "The packages could not be fetched: connect to the network (or set HTTPS_PROXY) and run this again; details are in $LOG."
    elif grep -qiE 'Permission denied|Read-only file system' "$LOG"; then
        stop "$PWD/$VENV cannot be written: make it yours, or delete it, and run this again."
    fi
    stop "The packages could not be installed; the reason is at the end of $LOG."
}

if [ -e "$VENV/.$KIND" ] && usable && [ "$(cat "$VENV/.$KIND")" = "$(key "$LOCK")" ]; then exit 0; fi

(mkdir -p "$VENV" && : >"$VENV/.writable") 2>/dev/null ||
    stop "$PWD cannot be written: use a copy of twoyes in a directory of your own."
rm -f "$VENV/.writable"

if ! usable || ! "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then make_venv; fi
rm -f "$VENV/.$KIND"
: >"$LOG"
echo "Installing the packages of $LOCK into $VENV; this takes about a minute, once."
pip --require-hashes --requirement "$LOCK"
pip --no-deps --no-build-isolation --editable .
key "$LOCK" >"$VENV/.$KIND"
if [ "$KIND" = dev ]; then key requirements.lock >"$VENV/.run"; fi # the one holds all of the other
