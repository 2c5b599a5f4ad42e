"""What has been measured: rows in a file that says where, when and by what."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Timed:
    """The time of one step.

    Attributes:
        shapes: what the parameters are, a name in `SHAPES`.
        rule: the optimizer of ours whose step it is.
        by: what takes it: "written", "foreach", "reference" for our engines;
            "torch loop", "torch foreach", "torch fused", "torch compiled",
            "pytorch_optimizer", or "roofline": what the rule's bytes take at
            the best bandwidth that `a.add_(b)` has reached in the run.
        rounds: how often it was timed.
        median: milliseconds.
        least: milliseconds.
        extra: the memory that it took beside all that is kept, in sizes of all
            parameters, where that was measured.
    """

    shapes: str
    rule: str
    by: str
    rounds: int
    median: float
    least: float
    extra: float | None = None


@dataclass(frozen=True)
class Stamped:
    """The rows of one run.

    Attributes:
        stamp: versions, machine, date and command, by their names.
        rows: what was measured.
    """

    stamp: dict[str, str]
    rows: list[Timed]

    def of(self, shapes: str, rule: str) -> dict[str, Timed]:
        """All that took this step, by what took it."""
        return {
            row.by: row
            for row in self.rows
            if (row.shapes, row.rule) == (shapes, rule)
        }


def write(path: Path, stamp: Mapping[str, str], rows: Iterable[Timed]) -> None:
    """Write a file: the stamp in lines that begin with #, then the rows."""
    with path.open("w", newline="") as file:
        file.writelines(f"# {key}: {value}\n" for key, value in stamp.items())
        names = [field.name for field in fields(Timed)]
        out = csv.DictWriter(file, names, lineterminator="\n")
        out.writeheader()
        for row in rows:
            out.writerow({k: _short(v) for k, v in asdict(row).items()})


def _short(value: Any) -> Any:
    return f"{value:.4g}" if isinstance(value, float) else value


def read(path: Path) -> Stamped:
    """Read a file that `write` has written."""
    lines = path.read_text().splitlines()
    heads = [line[2:] for line in lines if line.startswith("# ")]
    stamp = dict(head.split(": ", 1) for head in heads)
    body = csv.DictReader(line for line in lines if not line.startswith("#"))
    rows = [
        Timed(
            row["shapes"],
            row["rule"],
            row["by"],
            int(row["rounds"]),
            float(row["median"]),
            float(row["least"]),
            float(row["extra"]) if row["extra"] else None,
        )
        for row in body
    ]
    return Stamped(stamp, rows)


def measured() -> dict[str, Stamped]:
    """The files that stand beside this one, by the device they are of."""
    return {path.stem: read(path) for path in sorted(FOLDER.glob("*.csv"))}
