"""What the documents at the root show can be run, and what they name is there."""

from __future__ import annotations

import re
from code import InteractiveConsole
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import pytest

from tests.tools.conftest import ROOT

DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^(\w+):", MAKEFILE, re.MULTILINE))


def test_the_examples_in_the_readme_are_pasted_and_run() -> None:
    """Line by line, as a terminal takes them; a comment is what was just printed."""
    readme = (ROOT / "README.md").read_text()
    lines = "\n".join(
        re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    ).splitlines()
    console = InteractiveConsole()
    said, told = StringIO(), 0
    for line in lines:
        if line.startswith("# "):
            assert said.getvalue() == line.removeprefix("# ") + "\n"
            told += 1
            continue
        said = StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            console.push(line)
        assert "Error" not in said.getvalue(), said.getvalue()
    assert told > 5


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_commands_and_files_that_a_document_names_exist(name: str) -> None:
    text = (ROOT / name).read_text()
    assert set(re.findall(r"\bmake (\w+)[`\n ]", text)) <= TARGETS
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    paths = re.findall(r"`((?:tests|tools|gradient_ascent|chapters)/[\w./]*)`", text)
    missing = [path for path in [*links, *paths] if not (ROOT / path).exists()]
    assert missing == []


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text()
    commands = TARGETS - {"setup", "help"}
    assert {
        command for command in commands if f"`make {command}`" not in readme
    } == set()
