"""What a file of results says of where it is from."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zlib import crc32

import numpy
import torch

from gradient_ascent import __version__
from gradient_ascent.benchmarks.entrants import entrant
from gradient_ascent.benchmarks.plan import FIRST_REPORT_SEED, Plan
from gradient_ascent.benchmarks.problems import problem


def stamp(plans: Sequence[Plan], command: str) -> dict[str, object]:
    """Versions, machine, date, seeds and command.

    Args:
        plans: what is run.
        command: which regenerates it.
    """
    return {
        "command": command,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "version": __version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": numpy.__version__,
        "scikit-learn": _version("scikit-learn"),
        "machine": f"{_processor()}, {platform.system()} {platform.machine()}",
        "threads": "1 a run; seconds are wall time, of a machine with other "
        "work, and not to be compared closely",
        "seeds": "; ".join(map(_seeds, plans)),
        "plan": f"{sum(map(len, plans))} runs, {_fingerprint(plans):08x}",
    }


def _seeds(plan: Plan) -> str:
    first = FIRST_REPORT_SEED
    tuning = f"tuning 0 to {plan.tuning_seeds - 1}, " if plan.trials else ""
    return f"{tuning}report {first} to {first + plan.report_seeds - 1}"


def _fingerprint(plans: Sequence[Plan]) -> int:
    """A number that changes with what is run."""
    told = []
    for plan in plans:
        told.append(repr(plan))
        told += [repr(problem(name).target) for name in plan.problems]
        told += [f"{name} {entrant(name).space}" for name in plan.optimizers]
    return crc32("\n".join(told).encode())


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    """The processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [x.partition(":")[2] for x in lines if x.startswith("model name")]
    return " ".join((names or [platform.processor() or "unknown"])[0].split())
