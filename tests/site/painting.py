"""Let a browser paint pages, and judge their formulas in every mode."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from bookweb.maths import node

from tests.site.fixtures import lacking
from tests.site.painted import ROOT, judge
from tools.browser import OPTIONS, firefox

MODES = ("light", "dark", "phone", "print")
# A busy Chromium else takes pictures before all of the page is in them.
WHOLE = "--run-all-compositor-stages-before-draw"
BROWSERS = {"chrome": [*OPTIONS, WHOLE], "firefox": []}


@cache
def executable(browser: str) -> str:
    """Find a browser; only where nobody relies on the tests is its lack a skip."""
    try:
        return firefox() if browser == "firefox" else chromium()
    except FileNotFoundError as error:
        lacking(error)


def chromium() -> str:
    """Find Chromium in a process of its own: one has one Playwright at a time."""
    code = "from tools.browsers import chromium; print(chromium())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise FileNotFoundError(done.stderr.strip().splitlines()[-1])
    return done.stdout.strip()


class Painter:
    """A browser that paints pages, until it is closed."""

    def __init__(self, browser: str) -> None:
        script = str(Path(__file__).with_name("formulas.mjs"))
        program = [node(), script, browser, executable(browser), *BROWSERS[browser]]
        self.process = subprocess.Popen(
            program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Painter:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()

    def faults(
        self,
        url: str,
        folder: Path,
        modes: tuple[str, ...] = MODES,
        script: str = "",
    ) -> tuple[int, list[str]]:
        """Return how many formulas a page shows, in all modes, and what is wrong.

        At times a busy browser's picture lacks a part of the page, so what is wrong
        has to be wrong again.
        """
        job = {"folder": str(folder), "url": url, "modes": modes, "script": script}
        counted, wrong = self._painted(job)
        return self._painted(job) if wrong else (counted, wrong)

    def _painted(self, job: dict[str, Any]) -> tuple[int, list[str]]:
        assert self.process.stdin and self.process.stdout
        print(json.dumps(job), file=self.process.stdin, flush=True)
        problem = json.loads(self.process.stdout.readline() or '"the browser ended"')
        assert problem is None, problem
        counted, wrong = 0, []
        for mode in job["modes"]:
            count, found = judge(Path(job["folder"], f"{mode}.json"))
            counted += count
            wrong += [f"{mode}: {fault}" for fault in found]
        return counted, wrong
