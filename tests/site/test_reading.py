"""How long a chapter takes: computed from the page, and not too long."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bookweb.reading import seconds
from docutils import nodes
from docutils.nodes import Element
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx_exercise.nodes import exercise_enumerable_node, solution_node

from tests.site.contents import chapters

LIMIT = 35

WORDS = nodes.paragraph("", "Two words")
CODE = nodes.literal_block("", "x = 1\ny = 2\n")
KNOWN = {
    "words": (WORDS, 2 * 60 / 200),
    "a formula in a line": (nodes.math("", r"\theta_{t-1} + \eta^2"), 7 * 0.5),
    "a displayed formula": (nodes.math_block("", r"x &= y \\ z &= y"), 15),
    "two lines of code": (CODE, 4),
    "a figure, its caption read": (
        nodes.figure("", nodes.image(), nodes.caption("", "Two words")),
        20 + 0.6,
    ),
    "a table": (nodes.table("", nodes.entry("", WORDS.deepcopy())), 20 + 0.6),
    "folded code": (HideCodeCellNode("", CODE.deepcopy()), 0),
    "a claim": (nodes.container("", CODE.deepcopy(), classes=["tag_claim"]), 0),
    "an exercise": (exercise_enumerable_node("", WORDS.deepcopy()), 0),
    "a solution": (solution_node("", WORDS.deepcopy()), 0),
    "a proof": (nodes.admonition("", WORDS.deepcopy(), classes=["proof"]), 0.6),
    "what is not seen": (nodes.comment("", "Two words"), 0),
    "a listed work": (nodes.citation("", WORDS.deepcopy()), 0),
}


@pytest.mark.parametrize("what", KNOWN)
def test_each_part_has_its_time(what: str) -> None:
    part, expected = KNOWN[what]
    assert seconds(part) == pytest.approx(expected)


def test_a_page_takes_what_its_parts_take() -> None:
    parts: list[Element] = [part.deepcopy() for part, _ in KNOWN.values()]
    whole = nodes.section("", *parts)
    assert seconds(whole) == pytest.approx(sum(each for _, each in KNOWN.values()))


def said(html: Path, name: str) -> int | None:
    """The minutes that a built page tells, right below its title."""
    text = (html / f"{name}.html").read_text(encoding="utf-8")
    told = re.findall(r'</h1>\s*<p class="minutes">About (\d+) minutes</p>', text)
    assert len(told) == len(re.findall(r'class="[^"]*\bminutes\b', text)) <= 1
    return int(told[0]) if told else None


@pytest.mark.parametrize("name", chapters())
def test_a_chapter_says_its_minutes_and_they_are_not_many(
    html: Path, name: str
) -> None:
    minutes = said(html, name)
    has_number = name.count("/") == 2 and "/reference/" not in name
    assert (minutes is not None) == has_number
    if minutes is not None:
        assert minutes >= 5
        assert minutes <= LIMIT
