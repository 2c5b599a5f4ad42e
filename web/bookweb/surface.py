"""The directive `surface`: a landscape in relief with runs on it, to be turned."""

from __future__ import annotations

import ast
import hashlib
import html
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.nodes import Node
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from bookweb.relief import SIZE, draw, relief
from gradient_ascent import Trace, run
from gradient_ascent.landscapes import LANDSCAPES

FOLDER = "_static/surfaces"


class surface(nodes.General, nodes.Element):  # noqa: N801, a node's name is its tag
    """A landscape, the runs on it, the view and the words for who cannot see it."""


class SurfaceDirective(SphinxDirective):
    """A landscape's surface as a figure.

    The content is the caption. Options: `runs`, written as calls of the rules, such as
    `plain(lr=0.1), adam(lr=0.05, steps=60)`; `view`, elevation and azimuth in degrees;
    `log`, to draw log10(1 + height); `alt`, what is seen; `name`, the figure's label;
    `lab`, the lab whose clock moves a point along each run.
    """

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "name": directives.unchanged_required,
        "runs": directives.unchanged_required,
        "view": directives.unchanged_required,
        "alt": directives.unchanged_required,
        "lab": directives.unchanged_required,
        "log": directives.flag,
    }

    def run(self) -> list[Node]:
        """Return the figure."""
        name, options = self.arguments[0], self.options
        for needed in ("name", "alt", "view"):
            if needed not in options:
                raise self.error(f"surface: the option {needed!r} is missing")
        if not self.content:
            raise self.error("surface: the caption is missing")
        try:
            traces = runs(name, options.get("runs", ""))
            elevation, azimuth = map(float, options["view"].split())
            shape = relief(LANDSCAPES[name], traces, log="log" in options)
        except (KeyError, SyntaxError, TypeError, ValueError) as problem:
            raise self.error(f"surface {name}: {problem}") from problem
        drawn = surface(shape=shape, elevation=elevation, azimuth=azimuth)
        drawn["alt"], drawn["lab"] = options["alt"], options.get("lab", "")
        words, _ = self.state.inline_text("\n".join(self.content), self.lineno)
        figure = nodes.figure(
            "", drawn, nodes.caption("", "", *words), classes=["align-default"]
        )
        self.set_source_info(figure)
        self.add_name(figure)
        return [figure]


def runs(landscape: str, calls: str) -> list[Trace]:
    """Run the rules that are written as calls with keyword arguments.

    Each trace's `rule` becomes its label: the rule's name, or where a rule runs twice
    its arguments.

    Raises:
        ValueError: something else than such calls.
    """
    if not calls:
        return []
    asked = ast.parse(f"[{calls}]", mode="eval").body
    assert isinstance(asked, ast.List)
    traces, arguments = [], []
    for call in asked.elts:
        if not (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and not call.args
        ):
            raise ValueError(
                f"runs must be calls such as plain(lr=0.1), got {ast.unparse(call)}"
            )
        given = {str(k.arg): ast.literal_eval(k.value) for k in call.keywords}
        traces.append(run(call.func.id, landscape, **given))
        arguments.append(
            ", ".join(
                f"{k}={v}" for k, v in given.items() if k not in ("steps", "start")
            )
        )
    times = Counter(trace.rule for trace in traces)
    for trace, argument in zip(traces, arguments):
        if times[trace.rule] > 1:
            trace.rule = argument
    return traces


def _visit(self: HTML5Translator, node: surface) -> None:
    numbers = node["shape"].json(node["elevation"], node["azimuth"])
    name = hashlib.sha256(numbers.encode()).hexdigest()[:16]
    folder = Path(self.builder.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    picture = folder / f"{name}.svg"
    (folder / f"{name}.json").write_text(numbers, encoding="utf-8")
    draw(node["shape"], picture, elevation=node["elevation"], azimuth=node["azimuth"])
    here = self.builder.get_target_uri(self.builder.current_docname)
    address = relative_uri(here, f"{FOLDER}/{name}")
    width, height = (round(96 * inches) for inches in SIZE)
    alt = html.escape(node["alt"])
    self.body.append(
        f'<div class="live live-surface" data-surface="{address}.json"'
        f' data-lab="{html.escape(node["lab"])}">'
        f'<img src="{address}.svg" alt="{alt}" width="{width}" height="{height}"'
        ' loading="lazy"/>'
        '<div class="live-surface-controls"></div></div>'
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the directive, its node and its script."""
    app.add_node(surface, html=(_visit, None))
    app.add_directive("surface", SurfaceDirective)
    app.add_js_file("live/surface.js", type="module")
