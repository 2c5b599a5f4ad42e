"""A chapter that is opened and saved in Jupyter stays as it is."""

import json
import re
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbformat.v4 import new_output

from .chapters import ROOT, Chapter, book, sources

VERSIONS = re.compile(r"^    (format|jupytext)_version: .*\n", re.MULTILINE)
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3", "version": "3.11.7"}


def saved(text: str) -> str:
    """Return what is in the file after Jupyter has opened, run and saved it."""
    notebook = jupytext.reads(text, fmt="md:myst")
    notebook.metadata["language_info"] = LANGUAGE
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = 1
            cell.outputs = [new_output("stream", text="printed\n")]
    sent = nbformat.from_dict(json.loads(json.dumps(notebook)))
    return str(jupytext.writes(sent, fmt="md:myst"))


@pytest.mark.parametrize("chapter", book(), ids=lambda chapter: chapter.name)
def test_saving_changes_nothing(chapter: Chapter) -> None:
    """But for the versions, of which the header need not speak.

    If this fails: `.venv/bin/jupytext --to md:myst` and the chapter's path writes the
    cells' options as Jupyter does.
    """
    text = chapter.path.read_text(encoding="utf-8")
    assert VERSIONS.sub("", saved(text)) == text


@pytest.mark.parametrize("path", sources(ROOT / "chapters"), ids=lambda path: path.stem)
def test_saving_keeps_the_header(path: Path) -> None:
    """The description for search engines among it, also where there are no cells."""
    text = path.read_text(encoding="utf-8")
    before = Chapter(path).front_matter.get("myst", {})
    assert jupytext.reads(saved(text), fmt="md:myst").metadata.get("myst", {}) == before


def test_the_copies_that_jupyter_keeps_are_no_chapters(tmp_path: Path) -> None:
    """Opening `one.md` in Jupyter leaves `.ipynb_checkpoints/one-checkpoint.md`."""
    (tmp_path / ".ipynb_checkpoints").mkdir()
    for name in ("one.md", ".ipynb_checkpoints/one-checkpoint.md"):
        (tmp_path / name).write_text("# One\n")
    assert sources(tmp_path) == [tmp_path / "one.md"]
