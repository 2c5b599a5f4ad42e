"""Paste a document's Python into a console: `python tools/paste.py README.md`.

Line by line, as a terminal takes it; a comment is what was just printed.
"""

from __future__ import annotations

import re
import sys
from code import InteractiveConsole
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path


def paste(document: Path) -> int:
    """Run every block of Python in a document, in one console.

    Returns:
        How many comments told what was printed.

    Raises:
        AssertionError: A line raised, or did not print what its comment says.
    """
    blocks = re.findall(r"```python\n(.*?)```", document.read_text(), re.DOTALL)
    console = InteractiveConsole()
    said, told = StringIO(), 0
    for line in "\n".join(blocks).splitlines():
        if line.startswith("# "):
            expected = line.removeprefix("# ") + "\n"
            assert said.getvalue() == expected, f"{said.getvalue()!r}, not {expected!r}"
            told += 1
            continue
        said = StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            console.push(line)
        assert "Error" not in said.getvalue(), f"{line}\n{said.getvalue()}"
    return told


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(f"{name}: {paste(Path(name))} lines printed what it says")
