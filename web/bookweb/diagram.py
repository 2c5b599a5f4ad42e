"""The directive `diagram`: a picture that the reader moves, beside the path of a run.

```{diagram} fig-momentum-map
diagram: momentum              # of `gradient_ascent.diagrams`
values: {product: 0.4}         # its own by default
drives:                        # the lab of the page that it is tied to, if any
  lab: lab-convergence
  landscape: parabola          # on which this holds:
  rule: momentum
  sets: {lr: product / 2, momentum: momentum}
ask: Where will it end?        # before it is shown; for a diagram that has answers
caption: What is to be seen.
alt: What is seen, for who cannot see it.
```

Without JavaScript the page shows the picture, and says in a sentence what it shows.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from bookweb import body, diagram_picture, figures, live
from bookweb.edition import named
from bookweb.lab_controls import described
from bookweb.trace_lab import trace_lab
from gradient_ascent import diagrams
from gradient_ascent.diagrams import Diagram
from gradient_ascent.landscapes import LANDSCAPES
from gradient_ascent.rules import RULES

NEEDED, OPTIONAL = ("diagram", "caption", "alt"), ("values", "drives", "ask")
DRIVES = ("lab", "landscape", "rule", "sets")
_SHARE = re.compile(r"(\w+)(?: / (\d+(?:\.\d+)?))?")


class diagram(nodes.General, nodes.Element):  # noqa: N801, a node's name is its tag
    """A diagram's `about`: what `read` returns."""


class DiagramDirective(SphinxDirective):
    """Reads a diagram, and draws it once to see that it can be drawn."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[Node]:
        """Return the figure."""
        try:
            about = read("\n".join(self.content))
        except (TypeError, ValueError, yaml.YAMLError) as error:
            raise self.error(f"diagram: {error}") from None
        covered = ["diagram-covered"] if about["ask"] else []
        made = diagram(about=about)
        return body.figure(self, made, about["caption"], "diagram", *covered)


def read(text: str) -> dict[str, Any]:
    """Read a diagram's body.

    Raises:
        TypeError, ValueError: a key missing or unknown, or what it may not hold.
    """
    given = body.read(text, NEEDED, OPTIONAL)
    shown = diagrams.named(given["diagram"])
    defaults = {each.name: each.default for each in shown.parameters}
    values = defaults | given.get("values", {})
    ask = given.get("ask")
    if shown(**values).answer is None and ask is not None:
        raise ValueError(f"ask: {shown.name} has no answer to {ask!r}")
    drives = given.get("drives")
    return {
        "diagram": shown.name,
        "values": values,
        "caption": given["caption"],
        "alt": given["alt"],
        "ask": ask,
        "drives": drives and tied(drives, shown),
    }


def tied(given: Any, shown: Diagram) -> dict[str, Any]:
    """Return what ties a diagram to a lab.

    Raises:
        ValueError: an unknown landscape or rule, a hyperparameter that the rule lacks,
            a parameter that the diagram lacks, or a share that is none.
    """
    body.mapping("drives", given, DRIVES)
    rule, landscape = given["rule"], given["landscape"]
    for what, name, known in (
        ("rule", rule, RULES),
        ("landscape", landscape, LANDSCAPES),
    ):
        if name not in known:
            raise ValueError(
                f"drives: {what} must be one of {', '.join(known)}; got {name!r}"
            )
    ours = [each.name for each in shown.parameters]
    theirs = [each.name for each in RULES[rule].hyperparameters]
    sets = {}
    for name, text in given["sets"].items():
        match = _SHARE.fullmatch(str(text))
        if name not in theirs or not match or match[1] not in ours:
            raise ValueError(
                f"drives: sets takes one of {', '.join(theirs)} of {rule} from one of "
                f"{', '.join(ours)}, as in `lr: {ours[0]} / 2`; got `{name}: {text}`"
            )
        sets[name] = [match[1], float(match[2] or 1)]
    return {**given, "sets": sets}


def meant(drives: Mapping[str, Any], lab: Mapping[str, Any]) -> dict[str, float]:
    """Return the values that a lab's state sets here; live/tie.js does the same."""
    if lab["landscape"] != drives["landscape"]:
        return {}
    runs = [each for each in lab["runs"] if each["rule"] == drives["rule"]]
    return {
        name: float(f"{each['hyperparameters'][theirs] * by:.12g}")
        for each in runs[:1]
        for theirs, (name, by) in drives["sets"].items()
        if theirs in each["hyperparameters"]
    }


def known(about: Mapping[str, Any], document: nodes.document) -> list[dict[str, Any]]:
    """Draw what the lab's presets lead to: a press there needs no Python here.

    Raises:
        ExtensionError: The page has no such lab.
    """
    drives, shown = about["drives"], diagrams.named(about["diagram"])
    states: list[Mapping[str, Any]] = []
    if drives:
        labs = [
            each
            for each in document.findall(trace_lab)
            if each.parent is not None and drives["lab"] in each.parent["names"]
        ]
        if not labs:
            raise ExtensionError(f"diagram: the page has no lab {drives['lab']!r}")
        told = labs[0]["about"]
        states = [told["spec"], *told["presets"].values()]
    found = [about["values"]]
    for state in states:
        values = about["values"] | meant(drives, state)
        if values not in found and _in_sight(shown, values):
            found.append(values)
    return [
        {"values": each, "drawn": diagrams.as_json(shown(**each))} for each in found
    ]


def _in_sight(shown: Diagram, values: Mapping[str, float]) -> bool:
    """Whether the sliders go so far."""
    ends = [(each.name, each.control.range or (0, 0)) for each in shown.parameters]
    return all(low <= values[name] <= high for name, (low, high) in ends)


def _visit(self: HTML5Translator, node: diagram) -> None:
    about = node["about"]
    shown = diagrams.DIAGRAMS[about["diagram"]]
    drawing = shown(**about["values"])
    folder = Path(self.builder.outdir) / "_static" / "diagrams"
    whole = folder / f"{named(shown.name, json.dumps(about['values']))}.svg"
    ground = folder / f"{named(shown.name)}.svg"
    diagram_picture.draw(shown, whole, drawing)
    places = diagram_picture.draw(shown, ground)
    here = self.builder.get_target_uri(self.builder.current_docname)
    whole_at, ground_at = (
        relative_uri(here, f"_static/diagrams/{file.name}") for file in (whole, ground)
    )
    told = (
        {key: about[key] for key in ("diagram", "values", "alt", "ask", "drives")}
        | {"parameters": described(shown.parameters), "picture": ground_at, **places}
        | {"style": diagram_picture.style(), "known": known(about, self.document)}
    )
    room = '<div class="lab-pair"></div>' * len(shown.parameters)
    self.body.append(
        f"{figures.still(whole, whole_at, about['alt'], 'diagram-still')}"
        f'<div class="diagram-controls">{room}</div>'
        f'<p class="live-status" role="status">{html.escape(drawing.said)}</p>'
        f"{live.told(told)}"
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the directive, its node and its script."""
    app.add_node(diagram, html=(_visit, None))
    app.add_directive("diagram", DiagramDirective)
    app.add_js_file("live/diagram.js", type="module")
