"""Penalties, and how to climb f minus a penalty: proximal ascent."""

from .ascent import ProximalAscent as ProximalAscent
from .driver import Penalized as Penalized
from .driver import maximize_penalized as maximize_penalized
from .penalties import L1 as L1
from .penalties import GroupL1 as GroupL1
from .penalties import Penalty as Penalty
from .penalties import SquaredL2 as SquaredL2
from .penalties import Within as Within
