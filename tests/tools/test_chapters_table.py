"""The table of what the chapters have."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.site.contents import chapters
from tools import chapters_table

PAGE = """<nav><p class="minutes">About 99 minutes</p></nav><article>
<h1>Adam</h1><p class="minutes">About 25 minutes</p>
<p><span class="checked">checked</span></p>
<details class="claim"><div class="cell_input"><pre>for x in y:
    assert x
assert all(y), "assert"
sweep(true, x=y)
</pre></div><div class="cell_output"><pre>assert nothing</pre></div></details>
<pre>assert seen</pre>
<figure><img alt="A path."></figure><figure><img alt=""></figure><img alt="Not here.">
<div class="exercise"><span class="exercise-about">what if, level 3</span></div>
<div class="exercise"><span class="exercise-about">compute, level 1</span>
<div class="live live-exercise"></div></div>
</article>"""
RIGHT = {
    "minutes": 25,
    "equations": 1,
    "assertions": 3,
    "pictures": 1,
    "compute": 1,
    "what-if": 1,
    "level 1": 1,
    "level 3": 1,
    "live": 1,
}


def test_what_a_page_has_is_counted() -> None:
    assert chapters_table.counts(PAGE) == RIGHT
    assert set(RIGHT) < set(chapters_table.COLUMNS)


def test_the_last_line_is_the_sum() -> None:
    rows = {"one": Counter(minutes=20, live=1), "two": Counter(minutes=5)}
    *_, one, two, total = chapters_table.table(rows).splitlines()
    assert one == "| one | 20 |" + " 0 |" * 11 + " 1 |"
    assert two == "| two | 5 |" + " 0 |" * 12
    assert total == "| all | 25 |" + " 0 |" * 11 + " 1 |"


def test_each_chapter_has_a_line(
    html: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the order of the book; none asserts nothing, or what is never checked."""
    chapters_table.main()
    _, _, *rows, total = capsys.readouterr().out.splitlines()
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    there = [name for name in chapters() if "/reference/" not in name]
    assert [f"chapters/{name}" for name, *_ in cells] == there
    at = 1 + chapters_table.COLUMNS.index("assertions")
    assert all(0 < int(row[at]) <= int(row[at + 1]) for row in cells)
    assert total.startswith("| all |")


def test_a_book_that_is_not_built_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chapters_table, "HTML", tmp_path)
    with pytest.raises(SystemExit, match="chapters/intro is not built: run `make bo"):
        chapters_table.main()
