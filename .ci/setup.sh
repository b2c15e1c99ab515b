#!/bin/sh
# Makes .venv hold exactly what requirements/*.txt pin, and this checkout; does nothing when it already does.
#
#   .ci/setup.sh runtime    what `make serve` needs
#   .ci/setup.sh dev        the tools of `make test`, `make lint` … as well
#
# PYTHON=/path/to/python3.13 chooses the interpreter; otherwise the first of python3, python3.14 … that will do.
# Stamps are written last, so an interrupted set-up is done again from the start; they hold the folder and a checksum
# of the pins, so a moved or copied checkout, or changed pins, are noticed.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd -P)
want=${1:?runtime or dev}
lock=.venv.lock

fail() {
    printf 'therascape: %s\n' "$1" >&2
    exit 1
}

pins() { # the pins of one set, as a checksum; with the folder, because scripts in .venv name it
    { printf '%s\n' "$root" && cat requirements/build.txt "requirements/$1.txt"; } | cksum
}

sources() { # what an install is made from besides the pins, as a checksum
    set -- web/package*.json web/*.mjs web/src/*.ts web/src/*/*.ts web/styles/*.css web/styles/*/*.css
    { printf '%s\n' "$@" && cat pyproject.toml hatch_build.py "$@" 2>/dev/null || true; } | cksum
}

stamped() { # is the stamp $1 there, and does it say $2?
    [ -x .venv/bin/python ] && [ -f ".venv/$1.stamp" ] && [ "$(cat ".venv/$1.stamp")" = "$2" ]
}

chosen() { # was .venv made with the interpreter that is asked for, if one is?
    [ -z "${PYTHON:-}" ] || stamped python "$PYTHON"
}

ready() {
    chosen && stamped "$want" "$(pins "$want")" && stamped project "$(sources)"
}

find_python() { # sets $python
    # An activated .venv would otherwise be asked to rebuild itself.
    PATH=$(printf '%s' "$PATH" | tr ':' '\n' | grep -vxF -e "$root/.venv/bin" -e "$PWD/.venv/bin" | tr '\n' ':')
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
    else
        set -- python3 python3.14 python3.13 python3.12 python3.11
    fi
    recent=
    for python in "$@"; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        "$python" -c 'import ensurepip, venv' 2>/dev/null && return
        recent=${recent:-$python}
    done
    if [ -n "$recent" ]; then
        fail "$recent cannot make virtual environments: install its venv module (Debian, Ubuntu: apt-get install $(basename "$recent")-venv) and try again"
    fi
    found=$("$1" --version 2>&1) || found="no working $1"
    fail "Python 3.11 or newer is needed, and here is $found: install a newer one, or name it with PYTHON=/path/to/python3.13"
}

take_lock() { # a symlink is made and filled in one step; its target is our process id
    told=
    until ln -s "$$" "$lock" 2>/dev/null; do
        [ -L "$lock" ] || fail "cannot write to $root"
        owner=$(readlink "$lock") || continue
        if ! kill -0 "$owner" 2>/dev/null; then
            rm -f "$lock"
            continue
        fi
        [ -n "$told" ] || echo "Waiting for process $owner, which sets up .venv (if it does not: rm $lock)"
        told=yes
        sleep 1
    done
    trap 'rm -f "$lock"' EXIT
    trap 'exit 130' HUP INT TERM
}

pip() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input "$@"
}

ready && exit 0
take_lock
ready && exit 0

base= # what can be built upon
if chosen && stamped "$want" "$(pins "$want")"; then
    base=$want
elif chosen && stamped runtime "$(pins runtime)" && [ ! -e .venv/dev.stamp ]; then
    base=runtime
fi
# What follows is not atomic: until it is done, no stamp may say so.
rm -f .venv/project.stamp
if [ "$base" != "$want" ]; then
    rm -f .venv/runtime.stamp .venv/dev.stamp
    if [ -z "$base" ]; then
        find_python
        rm -rf .venv
        echo "Setting up .venv with $("$python" --version) (once; a minute or two)"
        "$python" -m venv .venv
        [ -z "${PYTHON:-}" ] || printf '%s\n' "$PYTHON" >.venv/python.stamp
    else
        echo "Adding the development tools to .venv (once; a minute or two)"
    fi
    if [ "$want" = dev ]; then
        pip --require-hashes -r requirements/dev.txt # build.txt and runtime.txt are part of it
    else
        pip --require-hashes -r requirements/build.txt -r requirements/runtime.txt
    fi
fi
pip --no-deps --no-build-isolation --editable .
[ "$want" != dev ] || pins dev >.venv/dev.stamp
pins runtime >.venv/runtime.stamp
if [ -f service/static/built/without.txt ]; then
    echo "The pages are made without their scripts: $(cat service/static/built/without.txt). To try again: make web" >&2
fi
sources >.venv/project.stamp
