"""Test the package on another torch: `python -m tools.other_torch [TORCH ...]`.

TORCH is a version, or the `oldest` or the `newest` that pyproject.toml allows; without
one, both of these. Each has an environment of its own under `_build/torch`, with all
else as it is locked, which the next run finds again. What is of the book is left out:
that has one torch, the lock's.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

from tools.console import fail, say, timed
from tools.setup import ROOT, run

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
TORCH = PROJECT["optional-dependencies"]["torch"][0]
ITS_OWN = ["torch", "triton"]  # each torch asks for a Triton of its own
OF_THE_BOOK = ["book", "exercises", "live", "site", "tools", "test_few_packages.py"]


def main(names: list[str]) -> None:
    """Test on each torch in turn, and fail if it fails on any."""
    failed = [name for name in names if not passes(name)]
    if failed:
        fail(f"some tests fail with torch {' and '.join(failed)}.")


def passes(name: str) -> bool:
    """Whether the package's tests pass with a torch."""
    folder = ROOT / "_build" / "torch" / name
    python = str(folder / "bin" / "python")
    wanted = [requirement(name), *locked()]
    with timed("torch", f"installing {wanted[0]} into {folder.relative_to(ROOT)}"):
        run([sys.executable, "-m", "venv", str(folder)], "make an environment")
        pip = [python, "-m", "pip", "install", "--disable-pip-version-check"]
        run([*pip, "--upgrade", *wanted], f"install {wanted[0]}")
    version = "import torch; print(torch.__version__)"
    told = subprocess.run([python, "-c", version], capture_output=True, text=True)
    say("torch", f"testing with torch {told.stdout.strip()}")
    left_out = [f"--ignore=tests/{each}" for each in OF_THE_BOOK]
    pytest = [python, "-m", "pytest", "-q", "-n", "auto", "--dist", "loadfile"]
    done = subprocess.run([*pytest, *left_out, "tests"], cwd=ROOT)
    return done.returncode == 0


def requirement(name: str) -> str:
    """Say to pip which torch is meant."""
    if name == "newest":
        return str(TORCH)
    return f"torch=={oldest() if name == 'oldest' else name}"


def oldest() -> str:
    """Return the first torch that is allowed."""
    return str(re.findall(r">=([\d.]+)", TORCH)[0])


def locked() -> list[str]:
    """Return packages as the lock has them, so that torch is all that differs."""
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    return [
        line for line in lines if line[0] != "#" and line.split("==")[0] not in ITS_OWN
    ]


if __name__ == "__main__":
    main(sys.argv[1:] or ["oldest", "newest"])
