"""The book's exercises, to open, try and check: in the page or at a terminal.

At a terminal: `python -m gradient_ascent.exercises`.
"""

from gradient_ascent.exercises.catalogue import (
    KINDS,
    LEVELS,
    Exercise,
    load,
    names,
)
from gradient_ascent.exercises.properties import Property, same_rule, same_steps
from gradient_ascent.exercises.running import Run, run
from gradient_ascent.exercises.verdict import Verdict, check

__all__ = [
    "KINDS",
    "LEVELS",
    "Exercise",
    "Property",
    "Run",
    "Verdict",
    "check",
    "load",
    "names",
    "run",
    "same_rule",
    "same_steps",
]
