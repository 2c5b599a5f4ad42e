"""Tables that can be sorted and filtered, and curves that tell their values.

A table of the class `sortable` gets buttons in its heads and a field above. A picture
of the class `curves` names each curve in its SVG, and what its axes measure
(`gradient_ascent.benchmarks.pictures` writes them); the page tells both where the
reader points. Without JavaScript table and picture are as they were.
"""

from __future__ import annotations

from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    """Register the two scripts, which `pages` keeps where they are needed."""
    app.add_js_file("live/table.js", type="module")
    app.add_js_file("live/curves.js", type="module")
