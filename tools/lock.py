"""Resolve every version anew: requirements.lock and web/package-lock.json.

Python's lock serves 3.11 to 3.13 on any machine. What only torch's builds for GPUs need
is left out: pip adds it where it installs such a build, and nowhere else. Only Triton,
in whose interpreter kernels are tested, is kept, in the version that torch pairs with.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from tools.console import timed
from tools.setup import ROOT, VENV, run

TORCH = "torch==2.13.0"
FOR_GPUS = re.compile(r"^(cuda-|nvidia-|torch\b).*\n", re.MULTILINE)
HEADER = """\
# Every version that `make` installs, for Python 3.11 to 3.13.
# Written by `make lock` from pyproject.toml.
"""


def main() -> None:
    """Write both locks."""
    with timed("lock", "resolving the Python packages"):
        resolved = resolve()
        lock = HEADER + TORCH + "\n" + FOR_GPUS.sub("", resolved)
        (ROOT / "requirements.lock").write_text(lock)
    with timed("lock", "resolving the Node packages"):
        npm = [str(VENV / "bin" / "npm"), "update", "--package-lock-only"]
        run([*npm, "--prefix", "web", "--no-audit", "--no-fund"], "write the Node lock")


def resolve() -> str:
    """Let uv, which can resolve for all machines at once, choose the versions."""
    with tempfile.TemporaryDirectory() as folder:
        uv, constraint, out = (Path(folder, name) for name in ("uv", "torch", "out"))
        constraint.write_text(TORCH)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(uv)]
        run([*pip, "uv"], "install uv")
        compile_ = [str(uv / "bin" / "uv"), "pip", "compile", "pyproject.toml"]
        scope = ["--universal", "--python-version", "3.11", "--all-extras"]
        form = ["--no-annotate", "--no-header", "--output-file", str(out)]
        run([*compile_, *scope, *form, "--constraint", str(constraint)], "resolve")
        return out.read_text()


if __name__ == "__main__":
    main()
