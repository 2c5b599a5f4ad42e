"""The half that runs in the reader's browser needs the standard library, no more."""

import subprocess
import sys
from pathlib import Path

import pytest


def use_all(*also_import: str) -> subprocess.CompletedProcess[str]:
    """Run the program where neither installed packages nor other modules are seen."""
    program = str(Path(__file__).with_name("standard_library_half.py"))
    command = [sys.executable, "-S", "-I", program, *also_import]
    return subprocess.run(command, capture_output=True, text=True)


def test_all_of_it_runs_where_nothing_else_can_be_imported() -> None:
    result = use_all()
    assert result.returncode == 0, result.stderr
    assert result.stdout == "used it all\n"


@pytest.mark.parametrize("module", ["torch", "numpy", "matplotlib", "sympy", "pip"])
def test_the_block_holds(module: str) -> None:
    result = use_all(module)
    assert result.returncode == 1
    assert f"ImportError: {module} is not in the standard library" in result.stderr
