"""Kernels that are forked end as others do."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

from tests.tools.conftest import ROOT

PARENT = """
import nbformat
from nbclient import NotebookClient
from tools import forks

forks.FOR_PAGES.clear()  # what is imported before is not asked here
forks.FOR_CHAPTERS.clear()
forks.fork_kernels()
code = "import os, time; print(os.getpid(), file=open('pid', 'w')); time.sleep(900)"
cells = [nbformat.v4.new_code_cell(code)]
notebook = nbformat.v4.new_notebook(cells=cells)
NotebookClient(notebook, resources={"metadata": {"path": "."}}).execute()
"""


def test_a_kernel_ends_with_its_parent(tmp_path: Path) -> None:
    """Also where that is killed, and can end nothing itself."""
    told, here = tmp_path / "pid", {**os.environ, "PYTHONPATH": str(ROOT)}
    with Popen([sys.executable, "-c", PARENT], cwd=tmp_path, env=here) as parent:
        until(lambda: told.exists() and told.read_text().endswith("\n"))
        parent.kill()
    until(lambda: not runs(int(told.read_text())))


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def until(right: Callable[[], bool]) -> None:
    for _ in range(1200):
        if right():
            return
        time.sleep(0.1)
    raise AssertionError("it goes on")
