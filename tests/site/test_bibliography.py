"""The works that the book cites."""

from __future__ import annotations

import re

import pytest
from pybtex.database import Entry, parse_file

from tests.site.contents import ROOT

WORKS = parse_file(str(ROOT / "references.bib")).entries
CHAPTERS = "".join(
    file.read_text(encoding="utf-8") for file in (ROOT / "chapters").rglob("*.md")
)


@pytest.mark.parametrize("work", WORKS.values(), ids=WORKS.keys())
def test_work_has_a_link_and_is_cited(work: Entry) -> None:
    """One click leads to the paper, and some chapter leads to the entry."""
    assert {"doi", "eprint", "url"} & set(work.fields)
    assert ("eprint" in work.fields) == ("archiveprefix" in work.fields)
    assert re.search(rf"\{{cite:?\w*\}}`[^`]*\b{work.key}\b", CHAPTERS)


def test_keys_are_author_year_word() -> None:
    """Keys follow one pattern, so that nobody lists a work twice."""
    assert [
        key for key in WORKS if not re.fullmatch(r"[a-z]+(\d{4}|nd)[a-z]+", key)
    ] == []
