"""The scripts' own tests and types: vitest, and the TypeScript compiler on JSDoc."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "web"


@pytest.mark.parametrize("script", ["check", "test"])
def test_the_scripts_are_sound(script: str) -> None:
    """`npm run check` and `npm run test`, with the Node of this environment."""
    beside = Path(sys.executable).parent
    path = f"{beside}{os.pathsep}{os.environ['PATH']}"
    command = ["npm", "run", "--silent", script]
    done = subprocess.run(
        command,
        cwd=WEB,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
