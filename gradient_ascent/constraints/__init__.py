"""Sets to stay in, and how to get back to them: the nearest point."""

from .sets import Ball as Ball
from .sets import Box as Box
from .sets import Constraint as Constraint
from .sets import Constraints as Constraints
from .sets import Simplex as Simplex
from .sets import Sphere as Sphere
from .sets import project as project
from .staying import constrain as constrain
