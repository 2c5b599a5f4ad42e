"""What the documents at the root show can be run, and what they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tools.conftest import ROOT
from tools.paste import paste

DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^(\w+):", MAKEFILE, re.MULTILINE))


def test_the_examples_in_the_readme_are_pasted_and_run() -> None:
    assert paste(ROOT / "README.md") > 5


def test_an_example_that_does_not_hold_is_told(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.md"
    wrong.write_text("```python\n1 + 1\n# 3\n```\n")
    with pytest.raises(AssertionError, match=r"'2\\n', not '3\\n'"):
        paste(wrong)
    wrong.write_text("```python\n1 / 0\n```\n")
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        paste(wrong)


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


def test_beside_every_threat_stands_a_test() -> None:
    rows = (ROOT / "SECURITY.md").read_text().split("| --- | --- | --- |\n")[1]
    threats = rows.partition("\n\n")[0].splitlines()
    assert len(threats) > 8
    for threat in threats:
        file, name = re.findall(r"`(tests/[\w/]+\.py)::(\w+)` \|$", threat)[0]
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")
