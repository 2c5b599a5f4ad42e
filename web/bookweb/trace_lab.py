"""The directive `trace-lab`: runs drawn at build time, taken over in the page.

```{trace-lab} lab-momentum
landscape: bowl
start: [-5, -2]           # the landscape's own by default
steps: 80
runs:                     # up to four, each once
  plain: {lr: 0.4}
  momentum: {lr: 0.1, momentum: 0.8}
ranges: {lr: [0.001, 2]}  # of sliders, where the usual ones do not fit
presets:                  # what a press changes; by rule, or landscape, start, steps
  diverges: {plain: {lr: 0.6}}
caption: What is to be seen.
```

Without JavaScript the page shows the runs' picture, what it shows in words, and a table
of how each run ended.
"""

from __future__ import annotations

import html
import json
import posixpath
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import yaml
from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from bookweb import lab_controls
from bookweb.edition import named
from gradient_ascent import lab, plots
from gradient_ascent.trace import Trace

KEYS = {
    "landscape",
    "start",
    "steps",
    "maximize",
    "runs",
    "ranges",
    "presets",
    "caption",
}
SCRIPT = "live/lab.js"


class trace_lab(nodes.General, nodes.Element):  # noqa: N801
    """A lab's `spec` for `gradient_ascent.lab`, `ranges` and `presets`."""


class TraceLab(SphinxDirective):
    """Reads a lab, and runs it once to see that it runs."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[Node]:
        """Return the lab."""
        try:
            given = read("\n".join(self.content))
            spec = specification(given)
            spec["start"] = list(lab.traces(spec)[0].positions[0])
            presets = {k: changed(spec, v) for k, v in given.get("presets", {}).items()}
            for preset in presets.values():
                lab.traces(preset)
            ranges = lab_controls.ranges(given.get("ranges", {}), list(given["runs"]))
        except (TypeError, ValueError, yaml.YAMLError) as error:
            raise self.error(f"trace-lab: {error}") from None
        made = trace_lab(spec=spec, ranges=ranges, presets=presets)
        words, messages = self.parse_inline(given["caption"])
        caption = nodes.caption("", "", *words)
        figure = nodes.figure("", made, caption, classes=["live", "trace-lab"])
        self.set_source_info(figure)
        self.options["name"] = self.arguments[0]  # to which numref refers
        self.add_name(figure)
        return [figure, *messages]


def read(text: str) -> dict[str, Any]:
    """Read a lab's body.

    Raises:
        ValueError: a key missing or unknown.
    """
    given = yaml.safe_load(text)
    if not isinstance(given, dict):
        raise ValueError(f"the body must be a YAML mapping, got {text!r}")
    if unknown := set(given) - KEYS:
        raise ValueError(
            f"takes {', '.join(sorted(KEYS))}; got {', '.join(sorted(unknown))}"
        )
    if missing := {"landscape", "steps", "runs", "caption"} - set(given):
        raise ValueError(f"lacks {', '.join(sorted(missing))}")
    return given


def specification(given: dict[str, Any]) -> dict[str, Any]:
    """Return what `gradient_ascent.lab` takes."""
    spec = {
        key: given[key]
        for key in ("landscape", "start", "steps", "maximize")
        if key in given
    }
    runs = given["runs"].items()
    return spec | {
        "runs": [{"rule": rule, "hyperparameters": how} for rule, how in runs]
    }


def changed(spec: dict[str, Any], preset: dict[str, Any]) -> dict[str, Any]:
    """Return a lab's specification as a preset changes it."""
    rules = {each["rule"] for each in spec["runs"]}
    if unknown := set(preset) - rules - {"landscape", "start", "steps"}:
        raise ValueError(
            f"a preset changes what the lab has not: {', '.join(sorted(unknown))}"
        )
    runs = [
        each
        | {"hyperparameters": each["hyperparameters"] | preset.get(each["rule"], {})}
        for each in spec["runs"]
    ]
    return spec | {k: v for k, v in preset.items() if k not in rules} | {"runs": runs}


def draw(traces: Sequence[Trace], target: Path) -> None:
    """Draw the runs as a chapter's figures are drawn."""
    with plt.style.context(plots.STYLE):
        figure, axes = plt.subplots()
        view = plots.profile if traces[0].landscape.dimension == 1 else plots.contours
        view(list(traces), ax=axes)
        target.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(target, metadata={"Date": None})
        plt.close(figure)


def alternative(traces: Sequence[Trace]) -> str:
    """Say what the picture shows."""
    landscape = traces[0].landscape
    start = ", ".join(f"{x:g}" for x in traces[0].positions[0])
    view = "The graph" if landscape.dimension == 1 else "Level lines"
    paths = "path of one run" if len(traces) == 1 else f"paths of {len(traces)} runs"
    said = "; ".join(map(lab.outcome, traces))
    return f"{view} of {landscape.name} with the {paths} from ({start}). {said}."


def _table(traces: Sequence[Trace]) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{trace.rule}</th><td>{len(trace)}</td>"
        f"<td>{trace.objective[-1]:.4g}</td>"
        f"<td>({', '.join(f'{x:.4g}' for x in trace.positions[-1])})</td>"
        f"<td>{'all its steps' if trace.ended == 'steps' else trace.ended}</td></tr>"
        for trace in traces
    )
    heads = ("rule", "steps", "objective", "last point", "ended")
    head = "".join(f"<th scope='col'>{each}</th>" for each in heads)
    body = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    table = f'<table class="table lab-table">{body}</table>'
    return f'<div class="lab-table-box" tabindex="0">{table}</div>'


def _visit(self: HTML5Translator, node: trace_lab) -> None:
    traces = lab.traces(node["spec"])
    picture = f"_static/labs/{named(json.dumps(node['spec']))}.svg"
    target = Path(self.builder.outdir) / picture
    if not target.exists():
        draw(traces, target)
    source = posixpath.relpath(
        picture, posixpath.dirname(self.builder.current_docname) or "."
    )
    about = {"spec": node["spec"], "ranges": node["ranges"], "presets": node["presets"]}
    data = json.dumps(about).replace("<", "\\u003c")
    alt = html.escape(alternative(traces))
    self.body.append(
        f'<img class="lab-still" src="{source}" alt="{alt}" width="461" height="326"'
        f' loading="lazy"/><script type="application/json">{data}</script>'
        f"{_table(traces)}"
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the directive and its script."""
    app.add_node(trace_lab, html=(_visit, None))
    app.add_directive("trace-lab", TraceLab)
    app.add_js_file(SCRIPT, type="module")
