"""What a step of an optimizer costs: counted, timed, and measured once.

`numbers_moved` and `bytes_moved` count what a rule must read and write,
`kernel_text` shows the loop that does it, `Ops` counts what torch is asked to
do. `in_turns` times steps beside each other, `line_of` fits what a call and
what an element costs, and `read` has the rows of `results/`, which `python -m
tools.speed` has measured.
"""

from .ops import Ops as Ops
from .rows import Stamped as Stamped
from .rows import Timed as Timed
from .rows import measured as measured
from .rows import read as read
from .rows import write as write
from .shapes import SHAPES as SHAPES
from .shapes import parameters as parameters
from .timing import Line as Line
from .timing import in_turns as in_turns
from .timing import line_of as line_of
from .traffic import bytes_moved as bytes_moved
from .traffic import kernel_text as kernel_text
from .traffic import numbers_moved as numbers_moved
from .traffic import operations as operations
