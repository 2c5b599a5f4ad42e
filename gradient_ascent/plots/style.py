"""The house style: colors, letters and sizes of every picture in the book.

The pictures are dark on nothing. On a dark page they are turned: lightness
inverted, hues kept. So these are the only colors there are, and each shows up
on a light page and, turned, on a dark one.
"""

from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.font_manager import fontManager

COLORS = ("#0072b2", "#c84e00", "#005f48", "#b0408f", "#473e00", "#6a4fe0")
"""Of lines and of their labels: on the page 4.5 to 1, as text needs it."""
MARKERS = ("o", "s", "^", "D", "v", "P")
"""Of lines, beside their colors: no two look alike without these."""
INK = "#23282e"
"""Of letters and axes."""
GRAY = "#6c7680"
"""Of what runs are seen against: a graph, a bound, an axis."""
GROUND = ("#f6f7f9", "#a9bac7")
"""Tints of low and of high ground: what is higher stands out more."""
CASING = "#ffffff"
"""Under lines and around marks, to part them from the ground they lie on."""

WIDTH = 6.0
"""Inches, shown as wide as the book's column of text.

There 12 points are 20 pixels, and 10 where a phone's screen is 360 wide.
"""

_FONT = Path(__file__).parent / "fonts" / "ascent-serif.ttf"
fontManager.addfont(_FONT)

STYLE: dict[str, Any] = {
    "axes.edgecolor": INK,
    "axes.facecolor": "none",
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.prop_cycle": cycler(color=COLORS),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": "medium",
    "contour.negative_linestyle": "solid",
    "figure.constrained_layout.use": True,
    "figure.facecolor": "none",
    "figure.figsize": (WIDTH, 3.4),
    "font.family": ["Ascent Serif", "DejaVu Serif"],
    "font.size": 12,
    "legend.borderaxespad": 0.2,
    "legend.columnspacing": 1.4,
    "legend.fontsize": "medium",
    "legend.frameon": False,
    "legend.handlelength": 1.6,
    "lines.linewidth": 1.8,
    "lines.markersize": 4.5,
    "mathtext.bf": "STIXGeneral:bold",
    "mathtext.cal": "STIXGeneral:italic",
    "mathtext.fallback": "stix",
    "mathtext.fontset": "custom",
    "mathtext.it": "STIXGeneral:italic",
    "mathtext.rm": "Ascent Serif",
    "svg.hashsalt": "gradient-ascent",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}
"""What `use_style` sets: matplotlib's options, by their names."""


def use_style() -> None:
    """Set the house style for every figure that follows.

    A chapter's first cell does.

    In a notebook figures become SVG with neither date nor random names, so that
    the same run gives the same bytes.
    """
    plt.style.use(STYLE)
    if mpl.get_backend().endswith("inline"):
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("svg", metadata={"Date": None}, bbox_inches=None)
