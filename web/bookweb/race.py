"""The directive `race`: rules climb lit hills, from many starts, as a page opens.

```{race} peaks
start: [-0.3, 1.1]  # of the race that the page opens with
steps: 100          # enough for each rule to come to a summit, from every start
runs:
  plain: {lr: 0.3}
  adam: {lr: 0.1}
alt: What is seen of the race that the page opens with.
```

Every race is run when the book is built, by `gradient_ascent.run`, and the page only
shows it: without JavaScript one that is over, else as it goes on, and then any other.
"""

from __future__ import annotations

import json
import posixpath
import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path

import yaml
from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from bookweb import body, lab_data
from bookweb.edition import edition, named
from bookweb.hills import THEMES, draw
from bookweb.races import VIEW, Pixels, pixels, races, said, summits, traces
from bookweb.trace_lab import swatch
from gradient_ascent import Trace

NEEDED = ("start", "steps", "runs", "alt")
SCRIPT = "live/race.js"
HINT = (
    "The ring is the start, the star the highest summit. Click or tap the hills to "
    "race from there, or choose the ring and press arrow keys."
)
RING = "M.5 0A.5 .5 0 1 1-.5 0A.5 .5 0 1 1 .5 0Z"  # of size 1


class race(nodes.General, nodes.Element):  # noqa: N801
    """A race's `start`, `steps`, `runs` and `alt`."""


class RaceDirective(SphinxDirective):
    """Reads a race; it is run where it is written."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[Node]:
        """Return the race."""
        if self.arguments != [VIEW.landscape.name]:
            raise self.error(f"race: the hills are {VIEW.landscape.name}")
        try:
            given = body.read("\n".join(self.content), NEEDED)
        except (TypeError, ValueError, yaml.YAMLError) as error:
            raise self.error(f"race: {error}") from None
        return [race(**given)]


def still(runs: Sequence[Trace], alt: str) -> str:
    """Draw a race that is over."""
    look = lab_data.style()
    width, height = VIEW.size
    paths = "".join(
        _path(pixels(trace), look["colors"][i], look["marks"][i], look["casing"])
        for i, trace in enumerate(runs)
    )
    (best,) = VIEW.landscape.optima
    across, down = VIEW.place(*best)
    return (
        f'<svg viewBox="0 0 {width} {height}" role="group" aria-label="{escape(alt)}">'
        f"{_mark('star', look['star'], look['ink'], (across, down))}{paths}"
        f"{_mark('start', RING, 'none', pixels(runs[0])[0])}</svg>"
    )


def _path(places: Pixels, color: str, mark: str, casing: str) -> str:
    points = " ".join(f"{across},{down}" for across, down in places)
    return (
        '<g class="race-run">'
        f'<polyline class="race-casing" points="{points}" stroke="{casing}"/>'
        f'<polyline points="{points}" stroke="{color}"/>'
        f"{_mark('head', mark, color, places[-1])}</g>"
    )


def _mark(kind: str, outline: str, color: str, place: tuple[float, float]) -> str:
    """Draw a mark of size 1, which the style sheet makes as large as screens ask."""
    return (
        f'<g class="race-{kind}" transform="translate({place[0]:.0f} {place[1]:.0f})">'
        f'<path d="{outline}" fill="{color}"/></g>'
    )


def _visit(self: HTML5Translator, node: race) -> None:
    _hills(self.builder)
    given = {key: node[key] for key in ("start", "steps", "runs")}
    kept = Path(self.builder.doctreedir, "races", f"{named(json.dumps(given))}.json")
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(json.dumps(races(**given), separators=(",", ":")), "utf-8")
    data = f"_static/live/{kept.name}"
    shutil.copy(kept, Path(self.builder.outdir, data))
    count = len(json.loads(kept.read_text("utf-8"))["races"])
    folder = posixpath.dirname(self.builder.current_docname) or "."
    opening = traces(**given)
    names = "".join(
        f"<span>{swatch(i)}{trace.rule}</span>" for i, trace in enumerate(opening)
    )
    words = escape(said(opening, summits(VIEW.landscape)))
    self.body.append(
        f'<div class="race" data-races="{posixpath.relpath(data, folder)}">'
        f'<div class="race-stage"><div class="race-hills">{still(opening, node["alt"])}'
        '</div></div><div class="race-words live">'
        f'<div class="race-legend">{names}</div>'
        f'<p class="race-said">{words}</p><div class="race-controls"></div>'
        f'<p class="race-hint" hidden>{HINT}</p>'
        f'<p class="race-about">This race and those from {count - 1} other starts were'
        " run by the package when this page was built.</p></div></div>"
    )
    raise nodes.SkipNode


def _hills(builder: Builder) -> None:
    """Put the pictures of the hills where the style sheet looks for them."""
    kept = Path(builder.doctreedir, "hills", edition())
    if not kept.exists():
        kept.mkdir(parents=True)
        for name, theme in THEMES.items():
            draw(VIEW, theme, kept / f"hills-{name}.webp")
    shutil.copytree(kept, Path(builder.outdir, "_static", "live"), dirs_exist_ok=True)


def setup(app: Sphinx) -> None:
    """Register the directive, its script and its style."""
    app.add_node(race, html=(_visit, None))
    app.add_directive("race", RaceDirective)
    app.add_js_file(SCRIPT, type="module")
    app.add_css_file("race.css", priority=910)
