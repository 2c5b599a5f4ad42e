"""Pictures of traces and landscapes in one house style: transparent SVG."""

try:
    import matplotlib as matplotlib
except ImportError as error:
    raise ImportError(
        "pictures need matplotlib, which is not installed; run "
        'pip install "gradient-ascent-book[plots]"'
    ) from error

from .ground import levels as levels
from .labels import label as label
from .labels import title as title
from .marks import dots as dots
from .marks import path as path
from .marks import ring as ring
from .marks import star as star
from .pictures import Traces as Traces
from .pictures import contours as contours
from .pictures import history as history
from .pictures import profile as profile
from .pictures import view as view
from .style import CASING as CASING
from .style import COLORS as COLORS
from .style import GRAY as GRAY
from .style import GROUND as GROUND
from .style import INK as INK
from .style import MARKERS as MARKERS
from .style import STYLE as STYLE
from .style import WIDTH as WIDTH
from .style import use_style as use_style
