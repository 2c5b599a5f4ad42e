"""Every chapter keeps to the template, and the lint that says so can fail."""

from pathlib import Path

import pytest

from .chapters import ROOT, Chapter, book, sources
from .lint import complaints

GOOD = """\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
html_meta: {description: How to step.}
---
# Steps

A rate $\\eta = 0.1$ ends at {glue:text}`end:.2f`, say {cite:t}`polyak1964some`.

```{code-cell}
from gradient_ascent import plots, run
plots.use_style()
```

```{code-cell}
---
mystnb:
  figure: {caption: A path., name: fig-path}
  image: {alt: A path that winds its way down to the middle of nested ellipses.}
---
plots.contours(run("plain", "bowl"));
```

```{code-cell}
:tags: [claim]
assert run("plain", "bowl").ended == "steps"
glue("end", 1.0)
```

```{literalinclude} /gradient_ascent/rules/plain.py
:pyobject: plain
```

## What to remember

## Exercises

```{exercise}
:label: ex-1
Why?
```

```{solution} ex-1
:class: dropdown
Because.
```

````{exercise}
:label: ex-2
How?
````

````{solution} ex-2
:class: dropdown
So.
````

## References
"""

SECOND = GOOD[GOOD.index("````{exercise}") : GOOD.index("\n\n## References")]

BAD = {
    "no html_meta": ("html_meta", "meta"),
    "no jupytext": ("jupytext", "text"),
    "one h1": ("## Exercises", "# Exercises"),
    "follows one of level": ("## Exercises", "### Exercises\n\n##### Deep"),
    "What to remember": ("## What to remember", "## Summary"),
    "ends with": ("## References", "## Sources"),
    "is for imports": ("plots.use_style()", "plots.use_style()\nx = 1"),
    "without caption": ("caption: A path., ", ""),
    "without a label fig": ("name: fig-path", "name: path"),
    "alt text": ("A path that winds its way down", "Down"),
    "2 to 4 exercises": ("````{exercise}\n:label: ex-2\nHow?\n````", ""),
    "without a label ex": (":label: ex-2", ":label: q2"),
    "no solution of its own": ("{solution} ex-2", "{solution} ex-1"),
    "not folded": (":class: dropdown\nSo.", "So."),
    "no claim": ("[claim]", "[other]"),
    "asserts nothing": ("assert run", "run"),
    "typed in the text": ("ends at", "ends at 0.37, in 40 % of runs, at"),
    "typed in \\$": ("0.1", "0.1234"),
    "no cell glues": ('glue("end"', 'glue("begin"'),
    "never shown": ("{glue:text}`end:.2f`", "its end"),
    "does not exist": ("rules/plain.py", "rules/plane.py"),
    "has no plane": (":pyobject: plain", ":pyobject: plane"),
}


@pytest.mark.parametrize("chapter", book(), ids=lambda chapter: chapter.name)
def test_chapter_has_no_complaints(chapter: Chapter) -> None:
    assert complaints(chapter) == []


def written(folder: Path, text: str) -> Chapter:
    """A chapter of our own, in a throw-away book."""
    path = folder / "chapter.md"
    path.write_text(text, encoding="utf-8")
    return Chapter(path)


@pytest.fixture(autouse=True)
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a chapter outside the book have a name."""
    monkeypatch.setattr(Chapter, "name", property(lambda self: self.path.stem))


def test_a_good_chapter_passes(tmp_path: Path) -> None:
    assert complaints(written(tmp_path, GOOD)) == []


def test_a_live_exercise_counts_and_brings_its_solution(tmp_path: Path) -> None:
    live = GOOD.replace(SECOND, "```{live-exercise} momentum\n```")
    assert complaints(written(tmp_path, live)) == []
    unknown = complaints(written(tmp_path, live.replace("momentum", "nonesuch")))
    assert unknown == ["exercises/nonesuch.py does not exist"]
    many = complaints(written(tmp_path, GOOD + 3 * "\n```{live-exercise} adam\n```\n"))
    assert "2 to 4 exercises, got 5" in many


@pytest.mark.parametrize("complaint", BAD)
def test_each_fault_is_found(tmp_path: Path, complaint: str) -> None:
    before, after = BAD[complaint]
    assert before in GOOD
    found = complaints(written(tmp_path, GOOD.replace(before, after)))
    assert any(complaint.replace("\\", "") in text for text in found), found


def test_the_book_is_what_the_toc_lists() -> None:
    listed = {chapter.path for chapter in book()}
    reference = set((ROOT / "chapters/reference").glob("*.md"))
    assert listed | reference == set(sources(ROOT / "chapters"))
