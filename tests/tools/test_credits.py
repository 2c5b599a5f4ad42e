"""Whose work this is, and what of others it brings along."""

from __future__ import annotations

import json
from importlib.metadata import metadata
from typing import Any

import yaml

from tests.tools.conftest import ROOT


def test_all_that_is_brought_along_is_named_with_its_license() -> None:
    notice = [line.split() for line in (ROOT / "NOTICE").read_text().splitlines()]
    named = {(words[0], words[1]) for words in notice if len(words) > 1}
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    package: dict[str, Any] = json.loads((ROOT / "web" / "package.json").read_text())
    for name in package["dependencies"]:
        assert (name, lock[f"node_modules/{name}"]["license"]) in named
    text = (ROOT / "NOTICE").read_text()
    for theme in ("sphinx-book-theme", "pydata-sphinx-theme", "sphinx-copybutton"):
        assert metadata(theme)["Name"] and theme in text


def test_how_to_cite_is_said_alike_everywhere() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    book = cited["preferred-citation"]
    readme = (ROOT / "README.md").read_text()
    assert f"title  = {{{book['title']}}}" in readme
    assert f"year   = {{{book['year']}}}" in readme
    assert f"author = {{{{{book['authors'][0]['name']}}}}}" in readme
    assert cited["license"] == ["MIT", "CC-BY-4.0"]
    assert "version" not in cited  # which is said in one place
