"""An exercise in a notebook: the cell magic `%%check NAME`.

`%load_ext gradient_ascent.exercises.magic` brings it. What stands below the
cell's first line is checked. It runs apart from the notebook: it takes no name
from there and leaves none.
"""

from typing import Any

from gradient_ascent.exercises.verdict import check


def check_cell(line: str, cell: str) -> None:
    """Check a cell against the exercise that its first line names."""
    print(check(line.strip(), cell, filename="<this cell>"))


def load_ipython_extension(shell: Any) -> None:
    """Give IPython the magic."""
    shell.register_magic_function(check_cell, "cell", "check")
