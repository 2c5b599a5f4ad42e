"""What one run leaves behind, and how runs are kept in a file.

A file is a table of comma-separated values, a run a row. Above it stand lines
`# key: value` that say where it is from. Rows are appended one by one, so that
what is done stays done; a last line that a kill has cut off is left out.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from io import StringIO
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

Key: TypeAlias = tuple[str, str, str, int, int]
"""What names a run: problem, optimizer, role, trial, seed."""


@dataclass(frozen=True)
class Run:
    """One run of an optimizer on a problem.

    A gap is the known optimum less the objective, in the objective's units; on
    random data the objective is averaged over all of them. What is counted are
    evaluations of value and gradient: a rule takes one a step, a line search
    several. The n-th point of a run is where n evaluations have led.

    Attributes:
        problem: its name.
        optimizer: its name.
        role: "tuning", "report" (on other seeds, with the settings that tuning
            chose), or "default" (on those seeds, with nothing chosen).
        trial: the number of its settings in the search; -1 for a default.
        seed: of the start, the initial weights and the order of the data.
        settings: the hyperparameters that were chosen, by name.
        steps: how many evaluations it may take.
        gradients: how many it took.
        seconds: of wall time, without those of measuring.
        start: the gap at the start.
        target: the gap at which the problem counts as solved.
        gap: the gap at the end; inf where it failed.
        best: the smallest gap seen.
        reached: the first point at which the gap was the target or less; None
            if none that was measured had it.
        failed: whether it came to a number that is not finite, or raised.
        curve: points and their gaps, at 1, 2, 5, 10, ... evaluations.
    """

    problem: str
    optimizer: str
    role: str
    trial: int
    seed: int
    settings: dict[str, float]
    steps: int
    gradients: int
    seconds: float
    start: float
    target: float
    gap: float
    best: float
    reached: int | None
    failed: bool
    curve: tuple[tuple[int, float], ...]

    @property
    def score(self) -> float:
        r"""The share of the way from start to target, on a logarithmic scale.

        .. math:: \frac{\log(\text{start} / \text{gap})}
            {\log(\text{start} / \text{target})}, \text{clipped to } [0, 1]

        It is 0 where the end is no better than the start or the run failed, and
        1 where the target is reached at the end.
        """
        if self.failed or not self.gap < math.inf:
            return 0.0
        if self.gap <= self.target:
            return 1.0
        if self.gap >= self.start:
            return 0.0
        way = math.log(self.start / self.gap)
        return way / math.log(self.start / self.target)

    @property
    def key(self) -> Key:
        """What names it."""
        return self.problem, self.optimizer, self.role, self.trial, self.seed


COLUMNS = tuple(each.name for each in fields(Run))
DIGITS = 4
"""Significant digits of what is measured; settings are kept whole."""


def header(about: Mapping[str, object]) -> str:
    """The lines that a file begins with: where it is from, and its columns."""
    lines = [f"# {key}: {_one_line(value)}" for key, value in about.items()]
    return "\n".join([*lines, ",".join(COLUMNS), ""])


def row(run: Run) -> str:
    """A run as a line of a file."""
    curve = [[n, _rounded(gap)] for n, gap in run.curve]
    cells = {
        **{name: getattr(run, name) for name in COLUMNS},
        "settings": _json(run.settings),
        "reached": "" if run.reached is None else run.reached,
        "failed": int(run.failed),
        "curve": _json(curve),
    }
    for name in ("seconds", "start", "target", "gap", "best"):
        cells[name] = f"{cells[name]:.{DIGITS}g}"
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells.values())
    return text.getvalue()


def read(path: str | PathLike[str]) -> list[Run]:
    """The runs that a file holds.

    Raises:
        ValueError: a line that is no run. The last one is left out instead, if
            it does not end: whoever wrote it was killed meanwhile.
    """
    return [_run(path, number, cells) for number, cells in _lines(path)]


def about(path: str | PathLike[str]) -> dict[str, str]:
    """Where the runs of a file are from, as it says itself."""
    with Path(path).open(encoding="utf-8") as file:
        lines = [line[2:].rstrip("\n") for line in file if line[:2] == "# "]
    pairs = (line.partition(": ") for line in lines)
    return {key: value for key, _, value in pairs}


def write(
    path: str | PathLike[str], runs: Iterable[Run], about: Mapping[str, object]
) -> None:
    """Write a file anew."""
    text = header(about) + "".join(map(row, runs))
    Path(path).write_text(text, encoding="utf-8", newline="")


def complete_part(path: str | PathLike[str]) -> str:
    """A file's text up to its last whole line."""
    text = Path(path).read_bytes().decode("utf-8", errors="replace")
    return text[: text.rfind("\n") + 1]


def _lines(path: str | PathLike[str]) -> list[tuple[int, list[str]]]:
    """The rows below the column's names, with the numbers of their lines."""
    lines = complete_part(path).split("\n")[:-1]
    top = sum(1 for line in lines if line.startswith("#"))
    if top == len(lines) or lines[top].split(",") != list(COLUMNS):
        raise ValueError(
            f"{path} holds no runs: line {top + 1} must be the names of the "
            f"columns, {','.join(COLUMNS)}"
        )
    numbered = enumerate(csv.reader(lines[top + 1 :]), start=top + 2)
    return list(numbered)


def _run(path: str | PathLike[str], number: int, cells: list[str]) -> Run:
    """One row as a run."""
    try:
        return _parsed(dict(zip(COLUMNS, cells, strict=True)))
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"{path}, line {number}, is no run: {','.join(cells)[:60]!r}"
        ) from error


def _parsed(cells: Mapping[str, str]) -> Run:
    curve = json.loads(cells["curve"])
    return Run(
        problem=cells["problem"],
        optimizer=cells["optimizer"],
        role=cells["role"],
        trial=int(cells["trial"]),
        seed=int(cells["seed"]),
        settings=json.loads(cells["settings"]),
        steps=int(cells["steps"]),
        gradients=int(cells["gradients"]),
        seconds=float(cells["seconds"]),
        start=float(cells["start"]),
        target=float(cells["target"]),
        gap=float(cells["gap"]),
        best=float(cells["best"]),
        reached=int(cells["reached"]) if cells["reached"] else None,
        failed=bool(int(cells["failed"])),
        curve=tuple(
            (int(n), math.inf if gap is None else float(gap))
            for n, gap in curve
        ),
    )


def _rounded(gap: float) -> float | None:
    """A gap to three digits; None, which JSON has a word for, if infinite."""
    return float(f"{gap:.3g}") if math.isfinite(gap) else None


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _one_line(value: object) -> str:
    return " ".join(str(value).split())
