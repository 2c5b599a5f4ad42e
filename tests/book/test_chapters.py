"""Every chapter keeps to the template, and the lint that says so can fail."""

from pathlib import Path

import pytest

from . import conventions
from .chapters import ROOT, Chapter, book, sources
from .lint import complaints

GOOD = """\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
html_meta: {description: How to step.}
---
# Steps

A learning rate $\\eta = 0.1$ ends at {glue:text}`end:.2f`.
So say {cite:t}`polyak1964some`.

```{code-cell}
:tags: [hide-input]
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

```{diagram} fig-map
diagram: momentum
caption: A map.
alt: A map of four regions, and a path below that swings about zero.
```

```{code-cell}
:tags: [claim]
assert run("plain", "bowl").ended == "steps"
glue("end", 1.0)
```

```{prf:proof}
:class: dropdown
It is.
```

```{rule-body} plain
```

```{source-of} gradient_ascent.minitorch.tensor.Tensor
```

## What to remember

## Exercises

```{exercise} Reasons
:label: ex-1
:class: predict level-1
Why?
```

```{solution} ex-1
:class: dropdown
Because.
```

````{exercise-start} Ways
:label: ex-2
:class: what-if level-2
````

How?

```{admonition} Hint
:class: dropdown hint
Somehow.
```

````{exercise-end}
````

````{solution} ex-2
:class: dropdown
So.
````

```{live-exercise} momentum
```

```{live-exercise} nesterov
```

## References
"""

LIVE = "```{live-exercise} momentum\n```\n"

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
    "2 to 8 exercises, got 9": (LIVE, 6 * LIVE),
    "check themselves in the page, got 1": (LIVE, ""),
    "exercises/nonesuch.py does not exist": (
        LIVE,
        LIVE.replace("momentum", "nonesuch"),
    ),
    "fig-...: the diagram": ("{diagram} fig-map", "{diagram} map"),
    "what is seen: the diagram": ("A map of four regions, and a path below", "It"),
    "at its own rates": ("swings about", "swings at its own rates about"),
    "without a label ex": (":label: ex-2", ":label: q2"),
    "no solution of its own": ("{solution} ex-2", "{solution} ex-1"),
    "not folded": (":class: dropdown\nSo.", "So."),
    "no claim": ("[claim]", "[other]"),
    "asserts nothing": ("assert run", "run"),
    "shows a value below its fold": (
        'glue("end", 1.0)',
        'glue("end", 1.0)\nlen("end")',
    ),
    "typed in the text": ("ends at", "ends at 0.37, in 40 % of runs, at"),
    "typed in \\$": ("0.1", "0.1234"),
    "no cell glues": ('glue("end"', 'glue("begin"'),
    "never shown": ("{glue:text}`end:.2f`", "its end"),
    "has no function 'plane'": ("{rule-body} plain", "{rule-body} plane"),
    "there is no": ("tensor.Tensor", "tensor.Tensors"),
    "shows docstrings": ("{rule-body} plain", "{literalinclude} /rules/plain.py"),
    "is not folded: hide-input": (":tags: [hide-input]\nfrom", "from"),
    "glue() in a cell": (":tags: [claim]", ":tags: [wide]"),
    "Markdown() in a cell": ('plots.contours(run("plain", "bowl"));', 'Markdown("a")'),
    "display() in a cell": ('plots.contours(run("plain", "bowl"));', "display(1)"),
    "a legend, where": ('plots.contours(run("plain", "bowl"));', "ax.legend()"),
    "line of 89 letters": ("plots.use_style()", f"plots.use_style()  # {68 * 'x'}"),
    "proof is not folded": ("{prf:proof}\n:class: dropdown", "{prf:proof}"),
    "has no title": ("{exercise} Reasons", "{exercise}"),
    "ex-1 has no kind": ("predict level-1", "guess level-1"),
    "ex-2 has no kind": ("what-if level-2", "what-if prove level-2"),
    "has no level": ("predict level-1", "predict level-4"),
    "has no hint": ("dropdown hint\n", "dropdown\n"),
    "ex-1 is above level 1 and has no hint": ("predict level-1", "predict level-3"),
    "'rate' alone": ("A learning rate", "A rate"),
    "'rate' alone (learning rate? factor?): A path at this rate.": (
        "A path.",
        "A path at this rate.",
    ),
    "of its rates": ("nested ellipses", "nested ellipses of its rates"),
    "'darker' of a picture": ("caption: A path.", "caption: A darker path."),
    "'pale' of a picture": ("nested ellipses", "pale ellipses"),
    "'exercise 2' is typed": ("How?", "How, after exercise 2?"),
}


@pytest.mark.parametrize("chapter", book(), ids=lambda chapter: chapter.name)
def test_chapter_has_no_complaints(chapter: Chapter) -> None:
    assert complaints(chapter) == []
    assert conventions.complaints(chapter) == []


class Outside(Chapter):
    """A chapter outside the book, which has a name as well."""

    @property
    def name(self) -> str:
        return self.path.stem


def written(folder: Path, text: str) -> Chapter:
    """A chapter of our own, in a throw-away book."""
    path = folder / "chapter.md"
    path.write_text(text, encoding="utf-8")
    return Outside(path)


def all_complaints(chapter: Chapter) -> list[str]:
    return complaints(chapter) + conventions.complaints(chapter)


def test_a_good_chapter_passes(tmp_path: Path) -> None:
    assert all_complaints(written(tmp_path, GOOD)) == []


@pytest.mark.parametrize("complaint", BAD)
def test_each_fault_is_found(tmp_path: Path, complaint: str) -> None:
    before, after = BAD[complaint]
    assert before in GOOD
    found = all_complaints(written(tmp_path, GOOD.replace(before, after)))
    assert any(complaint.replace("\\", "") in text for text in found), found


def test_a_chapter_of_a_rule_says_how_to_choose_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {"adaptive/adamw", "momentum/momentum"} <= conventions.TEACHES
    monkeypatch.setattr(conventions, "TEACHES", {"chapter"})
    complaint = "it teaches a method, and has no section 'Choose it'"
    assert conventions.complaints(written(tmp_path, GOOD)) == [complaint]
    choice = GOOD.replace("## What to remember", "## Choose it\n\n## What to remember")
    assert conventions.complaints(written(tmp_path, choice)) == []


@pytest.mark.parametrize(
    "said",
    [
        "The *learning\nrate* and learning rates, a learning-rate schedule.",
        "It separates, generates and operates.",
        "In `rate` and $\\text{rate}$; see [it](rate.md) and {ref}`rate <rate>`.",
        "Exercises help, as {numref}`ex-1` 2 times does.",
    ],
)
def test_words_that_may_stand(tmp_path: Path, said: str) -> None:
    chapter = written(tmp_path, GOOD.replace("Why?", said))
    assert conventions.complaints(chapter) == []


def test_the_book_is_what_the_toc_lists() -> None:
    listed = {chapter.path for chapter in book()}
    reference = set((ROOT / "chapters/reference").rglob("*.md"))
    assert listed | reference == set(sources(ROOT / "chapters"))
