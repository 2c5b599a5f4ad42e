"""A lab's own runs and its presets', recorded for pages to show without Python."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bookweb import lab_torch
from bookweb.edition import named
from gradient_ascent import lab

DIGITS = 5  # finer than any screen; the page's Python gives all of them


def written(specs: Sequence[lab.Spec], folder: Path, *, torch: bool) -> str:
    """Write the results of some specifications, in their order; return the name."""
    target = folder / f"{named(json.dumps([specs, torch]))}.json"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        held = [brief(results(spec, torch=torch)) for spec in specs]
        text = json.dumps(held, allow_nan=False, separators=(",", ":"))
        target.write_text(text, encoding="utf-8")
    return target.name


def results(spec: lab.Spec, *, torch: bool) -> dict[str, Any]:
    """Return a lab's results, and torch's own runs beside them, if it has these."""
    found = lab.results(spec)
    if torch:
        runs, said = lab_torch.beside(lab.traces(spec))
        found["torch"] = {"runs": runs, "said": said}
    return found


def brief(value: Any) -> Any:
    """Round what is shown; spell inf and nan, which JSON lacks, as the page does."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else repr(value)
    if isinstance(value, dict):
        return {key: brief(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [brief(each) for each in value]
    return value
