"""The problems, by name."""

from __future__ import annotations

from gradient_ascent.arguments import meant
from gradient_ascent.benchmarks import (
    data_problems,
    landscape_problems,
    objective_problems,
    seed_problems,
)
from gradient_ascent.benchmarks.problem import Problem

PROBLEMS: dict[str, Problem] = {
    each.name: each
    for each in (
        *landscape_problems.PROBLEMS,
        *data_problems.PROBLEMS,
        *objective_problems.PROBLEMS,
        *seed_problems.PROBLEMS,
    )
}
"""Every problem, by name; the last ten are the published, repaired."""


def problem(name: str) -> Problem:
    """A problem by its name.

    Raises:
        ValueError: there is none of the name.
    """
    if name not in PROBLEMS:
        raise ValueError(
            f"there is no problem {name!r}{meant(name, PROBLEMS)}; there are "
            f"{', '.join(PROBLEMS)}"
        )
    return PROBLEMS[name]
