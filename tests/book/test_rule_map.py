"""The map of the rules: all of them, as they are declared."""

from bookweb import rule_map

from gradient_ascent.rules import RULES

from .chapters import ROOT, book


def test_each_rule_has_its_line() -> None:
    _, _, *rows = rule_map.table().splitlines()
    for (name, rule), row in zip(RULES.items(), rows, strict=True):
        about = rule.declaration
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert cells[:3] == [f"`{name}`", about.idea, about.memory]
        link = cells[3].removeprefix("[](/").removesuffix(")")
        assert (ROOT / link).is_file() == (about.chapter is not None)


def test_the_book_shows_it_and_no_chapter_types_it() -> None:
    maps = [c.name for c in book() for f in c.fences if f.name == "rule-map"]
    assert maps == ["intro"]
