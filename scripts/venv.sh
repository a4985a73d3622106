#!/bin/sh
# Make the virtual environment .venv hold exactly what a requirements file locks, and do nothing when it does.
#
# usage: scripts/venv.sh requirements.txt
#
# Needs Python 3.11 and nothing else. uv is used where it is found, or can be had, since it takes seconds where pip
# takes most of a minute; every file is checked against its hash either way.
set -eu
cd "$(dirname "$0")/.."

requirements=$1
venv=.venv
stamp=$venv/.holds-$(basename "$requirements" .txt)

say() { printf '%s\n' "$*" >&2; }

if [ -x $venv/bin/python ] && [ -f "$stamp" ] && cmp -s "$requirements" "$stamp" && $venv/bin/python -c ''; then
    exit 0
fi

python=
for candidate in python3.11 python3 python; do
    if command -v $candidate >/dev/null 2>&1 &&
        $candidate -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    say "Python 3.11 was not found. Install it (on Debian 12: apt-get install python3 python3-venv) and try again."
    exit 1
fi

uv=
if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then
    uv=uv
fi

if ! $venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
    rm -rf $venv
    if ! $python -m venv $venv 2>/dev/null; then
        rm -rf $venv
        if [ -n "$uv" ]; then
            uv venv --quiet --python "$python" $venv
        else
            say "Python's venv module is missing. Install it (on Debian: apt-get install python3-venv) and try again."
            exit 1
        fi
    fi
fi

if [ -z "$uv" ] && $venv/bin/uv --version >/dev/null 2>&1; then
    uv=$venv/bin/uv
fi
if [ -z "$uv" ]; then
    # The version and hashes of uv are those of the test set.
    lock=$(mktemp)
    trap 'rm -f "$lock"' EXIT
    awk '/^[a-z]/ { wanted = /^uv==/ } wanted' requirements-dev.txt > "$lock"
    if $venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" 2>/dev/null; then
        uv=$venv/bin/uv
    fi
fi

say "Installing $requirements ..."
if [ -z "$uv" ] || ! VIRTUAL_ENV=$PWD/$venv "$uv" pip install --quiet --require-hashes -r "$requirements"; then
    $venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$requirements"
fi
cp "$requirements" "$stamp"
