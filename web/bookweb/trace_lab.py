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
  another rule: {runs: {adam: {lr: 0.5}}}  # instead of the lab's own runs
torch: true               # torch.optim's run of the same steps, as dots on each
caption: What is to be seen.
```

Without JavaScript the page shows the runs' picture, what it shows in words, and a table
of how each run ended. These runs and the presets' are recorded, for a page to show them
without Python.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import yaml
from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from bookweb import (
    body,
    figures,
    lab_controls,
    lab_data,
    lab_record,
    lab_torch,
    live,
    minus,
)
from bookweb.edition import named
from gradient_ascent import lab, plots
from gradient_ascent.rules import RULES
from gradient_ascent.trace import Trace

NEEDED = ("landscape", "steps", "runs", "caption")
OPTIONAL = ("start", "maximize", "ranges", "presets", "torch")
SCRIPT = "live/lab.js"
FOLDER = "_static/labs"
ASIDE = "popout"  # where the theme sees one, it hides the page's contents beside it


class trace_lab(nodes.General, nodes.Element):  # noqa: N801
    """A lab's `about`: what its script is told."""


class TraceLab(SphinxDirective):
    """Reads a lab, and runs it once to see that it runs."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[Node]:
        """Return the lab."""
        try:
            given = read("\n".join(self.content))
            spec, torch = specification(given), given.get("torch", False)
            if not isinstance(torch, bool):
                raise TypeError(f"torch must be true or false, got {torch!r}")
            spec["start"] = list(lab.traces(spec)[0].positions[0])
            presets = {k: changed(spec, v) for k, v in given.get("presets", {}).items()}
            for each in (spec, *presets.values()):
                traces = lab.traces(each)
                if torch:
                    lab_torch.beside(traces)
            ranges = lab_controls.ranges(given.get("ranges", {}), list(given["runs"]))
            chapter = self.env.docname.removeprefix("chapters/")
        except (TypeError, ValueError, yaml.YAMLError) as error:
            raise self.error(f"trace-lab: {error}") from None
        about = {"spec": spec, "ranges": ranges, "presets": presets, "torch": torch}
        made = trace_lab(about=about | {"open": own_run(list(given["runs"]), chapter)})
        return body.figure(self, made, given["caption"], "trace-lab", ASIDE)


def read(text: str) -> dict[str, Any]:
    """Read a lab's body; raises as `body.read`."""
    return body.read(text, NEEDED, OPTIONAL)


def specification(given: dict[str, Any]) -> dict[str, Any]:
    """Return what `gradient_ascent.lab` takes."""
    spec = {
        key: given[key]
        for key in ("landscape", "start", "steps", "maximize")
        if key in given
    }
    return spec | {"runs": _runs(given["runs"])}


def _runs(given: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"rule": rule, "hyperparameters": how} for rule, how in given.items()]


def own_run(rules: Sequence[str], chapter: str) -> int:
    """Which run is open at first: that of the chapter's rule, or else the first."""
    about = [RULES[rule].declaration.chapter for rule in rules]
    return about.index(chapter) if chapter in about else 0


def changed(spec: dict[str, Any], preset: dict[str, Any]) -> dict[str, Any]:
    """Return a lab's specification as a preset changes it."""
    held = _runs(preset["runs"]) if "runs" in preset else spec["runs"]
    rules = {each["rule"] for each in held}
    if unknown := set(preset) - rules - {"landscape", "start", "steps", "runs"}:
        raise ValueError(
            f"a preset changes what the lab has not: {', '.join(sorted(unknown))}"
        )
    runs = [
        each
        | {"hyperparameters": each["hyperparameters"] | preset.get(each["rule"], {})}
        for each in held
    ]
    return spec | {k: v for k, v in preset.items() if k not in rules} | {"runs": runs}


def draw(
    traces: Sequence[Trace], target: Path, theirs: Sequence[dict[str, Any]] = ()
) -> None:
    """Draw the runs as a chapter's figures are drawn; their names stand below."""
    with plt.style.context(plots.STYLE):
        view = plots.profile if traces[0].landscape.dimension == 1 else plots.contours
        axes = view(list(traces))
        figure = axes.get_figure(root=True)
        assert figure
        if legend := axes.get_legend():
            legend.remove()
        for each in theirs:
            x, *y = zip(*each["positions"])
            plots.dots(axes, x, *(y or [each["objective"]]))
        lab_data.in_whole_pixels(figure)
        target.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(target, metadata={"Date": None})
        plt.close(figure)


def alternative(traces: Sequence[Trace], dots: str = "") -> str:
    """Say what the picture shows."""
    landscape = traces[0].landscape
    start = ", ".join(f"{x:g}" for x in traces[0].positions[0])
    view = "The graph" if landscape.dimension == 1 else "Level lines"
    paths = "path of one run" if len(traces) == 1 else f"paths of {len(traces)} runs"
    said = "; ".join([*map(lab.outcome, traces), *([f"dots: {dots}"] if dots else [])])
    return f"{view} of {landscape.name} with the {paths} from ({start}). {said}."


def _legend(traces: Sequence[Trace], dots: str) -> str:
    names = [f"<span>{swatch(i)}{t.rule}</span>" for i, t in enumerate(traces)]
    names += [f"<span>{_dot()}{dots}</span>"] if dots else []
    return f'<div class="lab-legend">{"".join(names)}</div>'


def swatch(run: int) -> str:
    """Return a piece of the line that draws a run, with its mark."""
    style = lab_data.style()
    color, mark, sizes = style["colors"][run], style["marks"][run], style["sizes"]
    return _swatch(
        f'<path d="M0 4h20" stroke="{color}" stroke-width="{sizes["line"]}"/>'
        f'<path d="{mark}" fill="{color}"'
        f' transform="translate(10 4) scale({sizes["mark"]})"/>'
    )


def _dot() -> str:
    style = lab_data.style()
    sizes = style["sizes"]
    return _swatch(
        f'<circle cx="10" cy="4" r="{sizes["dot"] / 2}" fill="{style["casing"]}"'
        f' stroke="{style["ink"]}" stroke-width="{sizes["edge"]}"/>'
    )


def _swatch(drawn: str) -> str:
    box = 'class="lab-swatch" viewBox="0 0 20 8" aria-hidden="true"'
    return f"<svg {box}>{drawn}</svg>"


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
    about = node["about"]
    traces, torch = lab.traces(about["spec"]), about["torch"]
    theirs, dots = lab_torch.beside(traces) if torch else ([], "")
    folder = Path(self.builder.outdir, FOLDER)
    picture = folder / f"{named(json.dumps([about['spec'], torch]))}.svg"
    if not picture.exists():
        draw(traces, picture, theirs)
    here = self.builder.get_target_uri(self.builder.current_docname)
    place = relative_uri(here, FOLDER)
    own, presets = [about["spec"]], list(about["presets"].values())
    recorded = [
        f"{place}/{lab_record.written(x, folder, torch=torch)}" for x in (own, presets)
    ]
    still = figures.still(
        picture,
        f"{place}/{picture.name}",
        minus.signed(alternative(traces, dots)),
        "lab-still",
    )
    self.body.append(
        '<div class="lab-box"><div class="lab-left"><div class="lab-stage">'
        f'<div class="lab-view">{still}</div>'
        f"{_legend(traces, dots)}</div>{minus.signed(_table(traces))}</div></div>"
        f"{live.told(about | {'recorded': recorded})}"
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the directive and its script."""
    app.add_node(trace_lab, html=(_visit, None))
    app.add_directive("trace-lab", TraceLab)
    app.add_js_file(SCRIPT, type="module")
