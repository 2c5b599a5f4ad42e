#!/bin/sh
# Find a Python that fits and let it set things up. A shell script, because it must still speak
# when there is no Python at all, or one too old to read the rest of the project.

fits='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

version() { "$1" --version 2>&1 | head -n 1; }

if [ -n "$1" ]; then
    command -v "$1" >/dev/null || { echo "error: PYTHON=$1 is not a command." >&2; exit 1; }
    "$1" -c "$fits" 2>/dev/null || {
        echo "error: the book needs Python 3.11, 3.12 or 3.13, and PYTHON=$1 is $(version "$1")." >&2
        exit 1
    }
    exec "$1" -m tools.setup
fi

for python in .venv/bin/python python3 python3.13 python3.12 python3.11 python; do
    if "$python" -c "$fits" 2>/dev/null; then
        exec "$python" -m tools.setup
    fi
done

here="there is no Python"
command -v python3 >/dev/null && here="python3 is $(version python3)"
echo "error: the book needs Python 3.11, 3.12 or 3.13, and here $here; name one that fits: make PYTHON=..." >&2
exit 1
