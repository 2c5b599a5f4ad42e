"""Let a browser paint pages, and judge their formulas in every mode."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from bookweb.maths import node

from tests.site.painted import ROOT, judge
from tools.browser import NAMES, OPTIONS

MODES = ("light", "dark", "print", "phone")
BROWSERS = {"chrome": (NAMES, OPTIONS), "firefox": (["firefox-esr", "firefox"], [])}


def executable(browser: str) -> str:
    """Find a browser; only where nobody relies on the tests is its lack a skip."""
    names, _ = BROWSERS[browser]
    found = next(filter(None, map(shutil.which, names)), None)
    if not found:
        said = f"there is no {browser} here"
        pytest.fail(said) if os.environ.get("CI") else pytest.skip(said)
    return found


def faults(
    browser: str,
    url: str,
    folder: Path,
    modes: tuple[str, ...] = MODES,
    script: str = "",
) -> tuple[int, list[str]]:
    """Return how many formulas a page shows, in all modes, and what is wrong."""
    visit = {"url": url, "name": "page", "modes": modes, "script": script}
    job = {
        "browser": browser,
        "executable": executable(browser),
        "options": BROWSERS[browser][1],
        "folder": str(folder),
        "visits": [visit],
    }
    program = [node(), str(ROOT / "web" / "tests" / "formulas.mjs")]
    done = subprocess.run(
        program, input=json.dumps(job), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    counted, wrong = 0, []
    for mode in modes:
        count, found = judge(folder / f"page-{mode}.json")
        counted += count
        wrong += [f"{mode}: {fault}" for fault in found]
    return counted, wrong
