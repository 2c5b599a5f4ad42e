"""Measure what the book costs to build, load and touch, and a step, with budgets.

Everything happens in a copy of the project, so the working tree stays as it is.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from pathlib import Path

from jupyter_cache import get_cache

from tools.console import fail, say
from tools.machine import machine
from tools.pages import Row, page_rows
from tools.step_budgets import step_rows

ROOT = Path(__file__).resolve().parent.parent
CELLS = 45
LONGER = {"applications/policy-gradient": 60}  # thousands of episodes
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "_build", "node_modules", ".*_cache")


def main() -> None:
    """Print the machine, then one line for each thing that has a budget."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "book")
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        for installed in (".venv", "web/node_modules"):
            (copy / installed).symlink_to(ROOT / installed)
        rows = [*build_times(copy), *page_rows(copy / "_build" / "html")]
    rows += step_rows()
    rows += suite_time(ROOT / "_build" / "tests.xml")
    print(f"\n{machine()}\n")
    print(f"{'what':<52}{'measured':>12}{'budget':>12}")
    for row in rows:
        print(line(*row))
    if any(missed(*row) for row in rows):
        fail("a budget is missed.")


def line(what: str, measured: float, budget: float, unit: str) -> str:
    """Lay out one row of the table."""
    limit = f"{budget:g} {unit}" if budget else ""
    verdict = "  MISSED" if missed(what, measured, budget, unit) else ""
    digits = 2 if unit in ("MB", "x") else 1
    return f"{what:<52}{f'{measured:.{digits}f} {unit}':>12}{limit:>12}{verdict}"


def missed(what: str, measured: float, budget: float, unit: str) -> bool:
    """Whether a figure is over its budget, or has fewer points than it should."""
    if unit == "points":
        return measured < budget
    return bool(budget) and measured > budget


def build_times(book: Path) -> list[Row]:
    """Time a build from nothing, then one after no, a small and a big change."""
    cold, ran = build(book, "everything, from nothing")
    records = get_cache(book / "_build" / ".jupyter_cache").list_cache_records()
    seconds = {Path(r.uri): r.data["execution_seconds"] for r in records}
    slowest = max(seconds, key=seconds.__getitem__)
    rows: list[Row] = [(f"whole book, cold: {ran} chapters run", cold, 300, "s")]
    for path in sorted(seconds, key=seconds.__getitem__, reverse=True):
        name = path.relative_to(book / "chapters").with_suffix("").as_posix()
        budget = LONGER.get(name, CELLS)
        rows.append((f"  cells of {name}", seconds[path], budget, "s"))

    again, ran = build(book, "nothing changed")
    rows.append((f"rebuild, nothing changed: {ran} run", again, 10, "s"))
    with slowest.open("a") as text:
        text.write("\n```{code-cell}\nNone\n```\n")
    one, ran = build(book, "one chapter changed")
    rows.append((f"rebuild, the slowest chapter changed: {ran} run", one, 40, "s"))
    with (book / "gradient_ascent" / "__init__.py").open("a") as text:
        text.write("# changed\n")
    package, ran = build(book, "the package changed")
    rows.append((f"rebuild, the package changed: {ran} run", package, 300, "s"))
    return rows


def build(book: Path, why: str) -> tuple[float, int]:
    """Build; return the seconds it took and how many chapters ran."""
    say("budgets", f"building: {why} ...")
    start = time.perf_counter()
    command = [sys.executable, "-m", "tools.book"]
    done = subprocess.run(command, cwd=book, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout + done.stderr)
        fail("the book does not build (see above).")
    ran = re.search(r"(\d+) to run", done.stdout)
    assert ran, "tools.chapters says how many chapters are to run"
    return time.perf_counter() - start, int(ran[1])


def suite_time(report: Path) -> list[Row]:
    """The time of the last `make test`, if there was one."""
    if not report.exists():
        return []
    suites = ET.parse(report).getroot().iter("testsuite")
    return [("tests", sum(float(suite.get("time", 0)) for suite in suites), 1200, "s")]


if __name__ == "__main__":
    main()
