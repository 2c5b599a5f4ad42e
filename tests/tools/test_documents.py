"""What the documents at the root show can be run, and what they name is there."""

from __future__ import annotations

import doctest
import re

import pytest

from tests.tools.conftest import ROOT

DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^(\w+):", MAKEFILE, re.MULTILINE))


def test_the_examples_in_the_readme_run() -> None:
    readme = (ROOT / "README.md").read_text()
    blocks = "\n".join(re.findall(r"```python\n(.*?)```", readme, re.DOTALL))
    examples = doctest.DocTestParser().get_doctest(blocks, {}, "README.md", None, None)
    assert len(examples.examples) == blocks.count(">>>") > 0
    assert doctest.DocTestRunner().run(examples).failed == 0


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
