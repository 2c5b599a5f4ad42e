"""The directives `live-exercise` and `exercise-list`, and what titles say.

A live exercise is a statement, a stub, a hint and a solution, both folded. Its script
puts an editor in the stub's place. The title of any exercise says its kind and level,
which a chapter gives it as classes: `:class: prove level-2`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx_exercise.directive import ExerciseDirective
from sphinx_exercise.nodes import is_exercise_node

from bookweb import folds, written
from gradient_ascent.exercises import KINDS, LEVELS, Exercise, load, names

_logger = logging.getLogger(__name__)
Places = dict[str, list[str]]  # names of exercises by page


def _places(env: BuildEnvironment) -> Places:
    places: Places = vars(env).setdefault("live_exercises", {})
    return places


def label(name: str) -> str:
    """Return the label by which text refers to an exercise."""
    return f"ex-live-{name.replace('_', '-')}"


class LiveExercise(ExerciseDirective):
    """``{live-exercise} NAME``: the exercise exercises/NAME.py."""

    has_content = False
    required_arguments = 1
    optional_arguments = 0
    option_spec: ClassVar[dict[str, Any]] = {}
    arguments: list[str]

    def run(self) -> list[nodes.Node]:
        """Return a numbered exercise: stub, place for the editor, solution."""
        try:
            exercise = load(self.arguments[0])
        except ValueError as error:
            _logger.warning("live-exercise: %s", error, location=self.get_location())
            return []
        if f"chapters/{exercise.chapter}" != self.env.docname:
            said = f"exercises/{exercise.name}.py names the chapter {exercise.chapter}"
            place = self.get_location()
            _logger.warning("live-exercise: %s, not this one", said, location=place)
        _places(self.env).setdefault(self.env.docname, []).append(exercise.name)
        self.name = "exercise"  # what the base class makes of itself
        self.arguments = [exercise.title]
        classes = [exercise.kind, f"level-{exercise.level}"]
        self.options = {"label": label(exercise.name), "class": classes}
        try:
            lines = written.displayed(exercise.statement).splitlines()
        except ValueError as wrong:
            raise ExtensionError(f"exercises/{exercise.name}.py: {wrong}") from wrong
        self.content = StringList(lines, source=f"{exercise.name}.py")
        found: list[Any] = super().run()
        for node in found:
            node[1].extend(_parts(exercise))
        return found


def _parts(exercise: Exercise) -> Iterator[nodes.Node]:
    yield nodes.container("", _code(exercise.stub), classes=["live-stub"])
    keys = ("name", "title", "version")
    data = " ".join(f'data-{key}="{escape(getattr(exercise, key))}"' for key in keys)
    yield _raw(f'<div class="live live-exercise" {data}></div>')
    solution = _code(exercise.solution)
    yield from folds.details("Hint", _hint(exercise), classes="hint")
    yield from folds.details("Solution", solution, classes="live-solution")


def _hint(exercise: Exercise) -> nodes.paragraph:
    """Return the hint, in which what stands in backticks is code."""
    said = nodes.paragraph()
    for i, text in enumerate(exercise.hint.split("`")):
        said += nodes.literal(text, text) if i % 2 else nodes.Text(text)
    return said


def _code(text: str) -> nodes.literal_block:
    text = text.rstrip("\n")
    return nodes.literal_block(text, text, language="python")


def _raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")


class exercise_list(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes so)
    """Where the list of all exercises goes, once every page is read."""


class ExerciseList(SphinxDirective):
    """``{exercise-list}``: all exercises by chapter, and what the reader has solved."""

    def run(self) -> list[nodes.Node]:
        """Return the place of the list."""
        return [exercise_list()]


def about(classes: list[str]) -> str:
    """Say an exercise's kind and level, as far as its classes do."""
    kinds = [each.replace("-", " ") for each in classes if each in KINDS]
    levels = [f"level {n}" for n in LEVELS if f"level-{n}" in classes]
    return ", ".join(kinds + levels)


def _entitle(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Add kind and level to each title; Sphinx has made it of number and words."""
    for exercise in doctree.findall(is_exercise_node):
        if words := about(exercise["classes"]):
            title = exercise.next_node(nodes.title)
            title += nodes.Text(" ")
            title += nodes.inline("", words, classes=["exercise-about"])


def _fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for place in list(doctree.findall(exercise_list)):
        placed = {name for page in _places(app.env).values() for name in page}
        for name in sorted(set(names()) - placed):
            said = f"exercise-list: {name} stands in no chapter"
            _logger.warning(said, location=docname)
        count = _raw('<p class="exercise-count"></p>')
        place.replace_self([count, _list(app, docname)])


def _list(app: Sphinx, docname: str) -> nodes.bullet_list:
    places, pages = _places(app.env), nodes.bullet_list(classes=["exercise-list"])
    for page in reading_order(app.env, app.config.root_doc):
        if page not in places:
            continue
        title = nodes.paragraph("", app.env.titles[page].astext())
        items = [_item(app, docname, page, load(name)) for name in places[page]]
        pages += nodes.list_item("", title, nodes.bullet_list("", *items))
    return pages


def _item(app: Sphinx, docname: str, page: str, exercise: Exercise) -> nodes.list_item:
    address = f"{app.builder.get_relative_uri(docname, page)}#{label(exercise.name)}"
    link = nodes.reference("", exercise.title, refuri=address, internal=True)
    data = f'data-name="{exercise.name}" data-version="{exercise.version}"'
    state = _raw(f' <span class="exercise-state" {data}></span>')
    words = about([exercise.kind, f"level-{exercise.level}"])
    said = nodes.inline("", words, classes=["exercise-about"])
    return nodes.list_item("", nodes.paragraph("", "", link, said, state))


def reading_order(env: BuildEnvironment, page: str) -> Iterator[str]:
    """Give a page and all below it, as they follow one another in the book."""
    yield page
    for below in env.toctree_includes.get(page, ()):
        yield from reading_order(env, below)


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _places(env).pop(docname, None)


def _write_places(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    versions = {
        app.builder.get_target_uri(page): {name: load(name).version for name in found}
        for page, found in sorted(_places(app.env).items())
    }
    file = Path(app.outdir) / "_static" / "live" / "exercises.json"
    file.write_text(json.dumps(versions), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the directives and the scripts."""
    app.add_directive("live-exercise", LiveExercise)
    app.add_directive("exercise-list", ExerciseList)
    app.add_node(exercise_list)
    app.connect("env-purge-doc", _purge)
    app.connect("doctree-resolved", _fill)
    app.connect("doctree-resolved", _entitle)
    app.connect("build-finished", _write_places)
    app.add_js_file("live/exercise.js", type="module")
    app.add_js_file("live/progress.js", type="module")
