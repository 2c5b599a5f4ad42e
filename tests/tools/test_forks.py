"""Kernels that are forked work, and end, as others do."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE, Popen

import psutil

from tests.tools.conftest import PATIENCE, ROOT

PARENT = """
import sys
import nbformat
from nbclient import NotebookClient
from tools import forks

forks.FOR_PAGES.clear()  # what is imported before is not asked here
forks.FOR_CHAPTERS.clear()
forks.fork_kernels()
cells = [nbformat.v4.new_code_cell(sys.argv[1])]
notebook = nbformat.v4.new_notebook(cells=cells)
NotebookClient(notebook, resources={"metadata": {"path": "."}}).execute()
print(notebook.cells[0].outputs)
"""
GOES_ON = """
import os, subprocess, time
inner = subprocess.Popen(["sleep", "900"])
with open("pids.new", "w") as file:
    print(os.getpid(), inner.pid, file=file)
os.rename("pids.new", "pids")
time.sleep(900)
"""
HAS_ITS_OWN = """
from multiprocessing import Pool
with Pool(2) as pool:
    print(pool.map(abs, [-3, 4]))
"""


def parent(folder: Path, code: str) -> Popen[str]:
    """A process that runs a cell in a forked kernel, and says what that puts out."""
    return Popen(
        [sys.executable, "-c", PARENT, code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=PIPE,
        text=True,
    )


def test_a_kernel_ends_with_its_parent(tmp_path: Path) -> None:
    """Also where that is killed, and can end nothing itself; so does what it began."""
    with parent(tmp_path, GOES_ON) as process:
        until((tmp_path / "pids").exists)
        process.kill()
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    until(lambda: not any(map(runs, pids)))


def test_a_kernel_may_have_processes_of_its_own(tmp_path: Path) -> None:
    with parent(tmp_path, HAS_ITS_OWN) as process:
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0 and "[3, 4]" in said


def runs(pid: int) -> bool:
    """Whether a process goes on; one that has ended may wait to be asked how."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def until(right: Callable[[], bool]) -> None:
    for _ in range(1200):
        if right():
            return
        time.sleep(0.1)
    raise AssertionError("it goes on")
