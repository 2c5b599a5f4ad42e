"""Mend a virtual environment that was moved: its programs begin with the old place."""

from __future__ import annotations

import re
from pathlib import Path

# What pip writes, and what it writes where the path is long or has spaces.
FIRST_LINE = re.compile(rb"\A#!(?P<place>/[^\n]*)/bin/(?P<python>python[\d.]*)\n")
IN_A_SHELL = re.compile(
    rb"\A#!/bin/sh\n'''exec' \"?(?P<place>/[^\n\"]*)/bin/(?P<python>python[\d.]*)\"?"
    rb" [^\n]*\n' '''\n"
)


def has_moved(venv: Path) -> bool:
    """Whether pip, and so each program, begins with another environment's Python."""
    pip = venv / "bin" / "pip"
    begins = header(pip.read_bytes()) if pip.exists() else None
    if begins is None:
        return False
    place = Path(begins["place"].decode())
    return not (place.exists() and place.samefile(venv))


def mend(venv: Path) -> None:
    """Have the programs begin with this environment's Python."""
    for program in (venv / "bin").iterdir():
        if program.is_symlink() or not program.is_file():
            continue
        begins = header(whole := program.read_bytes())
        if begins:
            python = bytes(venv / "bin") + b"/" + begins["python"]
            start = b"#!/bin/sh\n'''exec' \"" + python + b'" "$0" "$@"\n\' \'\'\'\n'
            program.write_bytes(start + whole[begins.end() :])


def header(program: bytes) -> re.Match[bytes] | None:
    """Find the lines that name the Python to run a program with."""
    return FIRST_LINE.match(program) or IN_A_SHELL.match(program)
