"""How all chapters are made: what is folded, how exercises are told, which words."""

import re
from collections.abc import Iterator

import yaml

from gradient_ascent.exercises import KINDS, LEVELS
from gradient_ascent.rules import RULES

from .chapters import Chapter, Fence

FOLDED = {"hide-input", "hide-cell", "remove-input", "remove-cell", "claim"}
PLUMBING = ("glue(", "Markdown(", "display(")
EXERCISES = ("exercise", "exercise-start")
# Nobody should choose the rule that is kept for its faults.
TEACHES = {r.declaration.chapter for name, r in RULES.items() if name != "legacy"}
RATE = re.compile(r"(?<!\blearning[ -])\brates?\b", re.IGNORECASE)
LIGHTNESS = re.compile(r"\b(light|dark|bright|pal)(e|er|est)?\b", re.IGNORECASE)
NUMBERED = re.compile(r"\bexercises? \d[\d.]*", re.IGNORECASE)
LETTERS = 88  # as many as fit the column
NOT_WORDS = re.compile(r"\$[^$]+\$|\{[\w:-]+\}`[^`]*`|`[^`]*`|\]\([^)]*\)")


def complaints(chapter: Chapter) -> list[str]:
    """Every way in which a chapter is not as the others are."""
    checks = (_cells, _proofs, _exercises, _choice, _words, _pictures)
    return [complaint for check in checks for complaint in check(chapter)]


def _cells(chapter: Chapter) -> Iterator[str]:
    """Imports are folded, plumbing is not seen, lines fit, curves have their names."""
    if chapter.cells and "hide-input" not in chapter.cells[0].tags:
        yield "the first cell, of imports, is not folded: hide-input"
    for cell in chapter.cells:
        for line in cell.body.splitlines():
            if len(line) > LETTERS:
                yield f"a cell's line of {len(line)} letters: {line.strip()}"
        if ".legend(" in cell.body:
            yield f"a legend, where plots.label names the curves: {_first_line(cell)}"
        if FOLDED.isdisjoint(cell.tags):
            for word in PLUMBING:
                if re.search(rf"\b{re.escape(word)}", cell.body):
                    yield f"{word}) in a cell that is seen: {_first_line(cell)}"


def _proofs(chapter: Chapter) -> Iterator[str]:
    for proof in chapter.fences:
        if proof.name == "prf:proof" and "dropdown" not in _classes(proof):
            yield f"a proof is not folded: {_first_line(proof)}"


def _exercises(chapter: Chapter) -> Iterator[str]:
    """Each has a title, a kind and a level; those above the first have a hint."""
    for i, exercise in enumerate(chapter.fences):
        if exercise.name not in EXERCISES:
            continue
        label, classes = exercise.options.get("label"), _classes(exercise)
        levels = [n for n in LEVELS if f"level-{n}" in classes]
        if not exercise.argument:
            yield f"exercise {label} has no title"
        if len(classes & set(KINDS)) != 1:
            yield f"exercise {label} has no kind: one class of {', '.join(KINDS)}"
        if len(levels) != 1:
            yield f"exercise {label} has no level: one class level-1, level-2, level-3"
        if levels and max(levels) > 1 and not _hint(chapter.fences[i + 1 :]):
            yield f"exercise {label} is above level 1 and has no hint that is folded"


def _hint(fences: list[Fence]) -> bool:
    """Whether a folded hint stands before the exercise's end."""
    for fence in fences:
        if fence.name in ("exercise-end", "solution", "solution-start", *EXERCISES):
            return False
        if fence.name == "admonition" and fence.argument == "Hint":
            return {"dropdown", "hint"} <= _classes(fence)
    return False


def _choice(chapter: Chapter) -> Iterator[str]:
    if chapter.name in TEACHES and "Choose it" not in [t for _, t in chapter.headings]:
        yield "it teaches a method, and has no section 'Choose it'"


def _words(chapter: Chapter) -> Iterator[str]:
    """A rate is a learning rate, and exercises are numbered by the build."""
    for text in [*chapter.prose, *_captions(chapter)]:
        words = " ".join(NOT_WORDS.sub(" ", text).split())
        for found in RATE.finditer(words):
            around = words[max(0, found.start() - 30) : found.end() + 10]
            yield f"'rate' alone (learning rate? factor?): {around}"
        for found in NUMBERED.finditer(words):
            yield f"'{found[0]}' is typed: refer to its label"


def _pictures(chapter: Chapter) -> Iterator[str]:
    """On a dark page pictures are turned, and what is dark becomes light."""
    for text in _captions(chapter):
        for found in LIGHTNESS.finditer(text):
            yield f"'{found[0]}' of a picture is wrong on a dark page: {text}"


def _captions(chapter: Chapter) -> Iterator[str]:
    for fence in chapter.fences:
        if fence.name in ("trace-lab", "diagram", "expression"):
            told = yaml.safe_load(fence.body)
            yield from (str(told.get(key, "")) for key in ("caption", "alt", "ask"))
        if fence.name == "code-cell":
            options = fence.options.get("mystnb", {})
            yield options.get("figure", {}).get("caption", "")
            yield options.get("image", {}).get("alt", "")


def _classes(fence: Fence) -> set[str]:
    return set(fence.options.get("class", "").split())


def _first_line(fence: Fence) -> str:
    return (fence.body.strip() or fence.name).splitlines()[0]
