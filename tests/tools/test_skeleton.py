"""Skeletons pass as they are written, and what cannot be written changes nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gradient_ascent import optim
from tests.tools.conftest import ROOT
from tools import skeleton

# torch has it, and the package has not.
RULE = next(x for x in ("RAdam", "Adadelta", "Rprop") if not hasattr(optim, x))
COPIED = [
    "_toc.yml", "chapters", "exercises", "gradient_ascent", "pyproject.toml", "tests",
    "tools", "web/bookweb",
]  # fmt: skip


def python(folder: Path, *words: str) -> str:
    """Run Python on a copy of the project; it must go well."""
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, with a new rule and two new chapters."""
    folder = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (folder / name).parent.mkdir(exist_ok=True)
        copy(ROOT / name, folder / name)
    said = python(folder, "-m", "tools.skeleton", "rule", RULE)
    assert said.count("\n") == 9
    assert f"gradient_ascent/rules/{RULE.lower()}.py" in said
    assert f"exercises/{RULE.lower()}_first.py" in said
    python(folder, "-m", "tools.skeleton", "chapter", "momentum/heavy-ball")
    return folder


def test_they_have_the_style(written: Path) -> None:
    python(written, "-m", "ruff", "check", "--no-cache", ".")
    python(written, "-m", "ruff", "format", "--no-cache", "--check", ".")


STATE = (
    "bfloat16", "checkpoints", "checkpoints_refused", "known", "parity",
    "torch_database",
)  # fmt: skip
"""What a rule that remembers nothing, and is not torch's yet, might fail."""


@pytest.mark.parametrize(
    ("folders", "least"),
    [
        (("book", "exercises"), 20),
        (("rules",), 25),
        (tuple(f"optim/test_{name}.py" for name in STATE), 50),
    ],
)
def test_they_pass_the_tests(
    written: Path, folders: tuple[str, ...], least: int
) -> None:
    """Of form, equation and exercises, and those of every rule; no site is built."""
    chosen = [
        "-k",
        f"({RULE} or heavy) and not notebook",
        *(f"tests/{folder}" for folder in folders),
    ]
    said = python(written, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen)
    assert int(said.splitlines()[-1].split()[0]) >= least


def test_their_cells_run(written: Path) -> None:
    """Cell after cell, as Python: they need no notebook."""
    script = (
        "import sys, matplotlib; matplotlib.use('Agg')\n"
        "from tests.book.chapters import Chapter\nfrom pathlib import Path\n"
        "cells = Chapter(Path(sys.argv[1])).cells\n"
        "exec('\\n'.join(cell.body for cell in cells), {})\n"
    )
    for name in (f"adaptive/{RULE.lower()}", "momentum/heavy-ball"):
        said = python(written, "-c", script, str(written / f"chapters/{name}.md"))
        assert "diverged" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "say `make rule NAME=RAdam` or `make chapter NAME=part/name`"),
        (["rule", ""], "a rule's name is an identifier, as RAdam is, not ''"),
        (["rule", "my-rule"], "a rule's name is an identifier"),
        (["rule", "Lambda"], "a rule's name is an identifier"),
        (["rule", "Adam"], "gradient_ascent.rules has a 'adam' already"),
        (["rule", "doctor"], "gradient_ascent/optim/doctor.py exists"),
        (["chapter", "adam"], "a chapter is named as adaptive/adam-steps is, not"),
        (["chapter", "adaptive/Two"], "a chapter is named as"),
        (["chapter", "new/adam"], "no part 'new'; there are foundations, first-order"),
        (["chapter", "adaptive/adam"], r"chapters/adaptive/adam\.md exists"),
    ],
)
def test_what_cannot_be_written_is_told_and_changes_nothing(
    words: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(*_: object, **__: object) -> None:
        raise AssertionError("something was written")

    monkeypatch.setattr(Path, "write_text", write)
    with pytest.raises(SystemExit, match=f"error: .*{sentence}"):
        skeleton.main(words)
