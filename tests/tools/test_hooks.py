"""Before a commit the same programs look at it as in `make lint`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

from tests.tools.conftest import ROOT


def load(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_the_hooks_are_those_of_make_lint_and_the_chapters() -> None:
    """By the versions of the lock: nothing is fetched for them."""
    (repository,) = load(".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    hooks = {hook["entry"]: hook for hook in repository["hooks"]}
    assert all(hook["language"] == "system" for hook in hooks.values())
    recipe = re.findall(
        r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.M
    )
    linted = re.findall(r"@\$\(BIN\)/(.*)", recipe[0])
    programs = [re.split(r" --| \.", line)[0] for line in linted]
    assert programs == ["ruff check", "ruff format", "mypy", "codespell"]
    entries = [entry.partition(" --")[0] for entry in hooks]
    assert entries[:-1] == [f".venv/bin/{program}" for program in programs]
    chapters = next(reversed(hooks))
    assert (ROOT / chapters.split()[-1]).exists()


def test_the_other_places_build_the_book_as_everyone_does() -> None:
    """Codespaces and Read the Docs: `make book`, and its folder of pages."""
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())
    assert container["postCreateCommand"] == "make book"
    serve = (ROOT / "tools/serve.py").read_text()
    assert container["forwardPorts"] == [int(re.findall(r"\b80\d\d\b", serve)[0])]
    build = load(".readthedocs.yaml")["build"]
    first, _, last = build["commands"]
    assert first.endswith("make book")
    assert last == 'cp -R _build/html "$READTHEDOCS_OUTPUT/html"'
    index = container["containerEnv"]["PIP_EXTRA_INDEX_URL"]
    assert f"PIP_EXTRA_INDEX_URL={index} " in first
    assert index in Path(ROOT / "README.md").read_text()
