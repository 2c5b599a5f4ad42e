"""The optimizers and the rules can be tested where little is installed.

A machine with a GPU often has torch, pytest and hypothesis, and nothing of the site's.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]


def needed(names: list[str]) -> set[str]:
    """Some packages with all they need, as far as it is installed."""
    found: set[str] = set()
    for name in names:
        try:
            requirements = map(Requirement, distribution(name).requires or [])
        except PackageNotFoundError:
            continue
        more = [r.name for r in requirements if not r.marker or r.marker.evaluate()]
        found |= {name} | needed([each for each in more if each not in found])
    return found


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with torch, pytest and hypothesis, and what they need."""
    folder = tmp_path_factory.mktemp("site-packages")
    for name in needed(["torch", "pytest", "hypothesis"]):
        package = distribution(name)
        for top in {path.parts[0] for path in package.files or []} - {".."}:
            if not (folder / top).exists():  # setuptools' and torch's may share one
                (folder / top).symlink_to(Path(str(package.locate_file(top))))
    return folder


def run(few: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Start a Python that sees these packages and this project, no more."""
    return subprocess.run(
        [sys.executable, "-S", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{few}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
    )


def test_the_rest_is_hidden(few: Path) -> None:
    """Or these tests would show nothing."""
    missing = "import torch, pytest\nimport playwright"
    assert (
        "No module named 'playwright'" in run(few, "-W", "ignore", "-c", missing).stderr
    )


@pytest.mark.slow
def test_all_are_collected_and_some_run(few: Path) -> None:
    some = "test_tensor_list or test_by_hand"
    folders = ["tests/optim", "tests/rules"]
    done = run(few, "-m", "pytest", "-p", "no:cacheprovider", "-k", some, *folders)
    assert done.returncode == 0, done.stdout
    assert "tests/optim/test_tensor_list.py" in done.stdout
    assert "tests/rules/test_by_hand.py" in done.stdout
