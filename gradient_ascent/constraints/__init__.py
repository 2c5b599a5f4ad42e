"""Sets to stay in, and how to get back to them: the nearest point."""

from .balls import Ball as Ball
from .balls import Simplex as Simplex
from .balls import Sphere as Sphere
from .constraint import Constraint as Constraint
from .intersection import Constraints as Constraints
from .intersection import Intersection as Intersection
from .intersection import project as project
from .linear import Box as Box
from .linear import HalfSpace as HalfSpace
from .linear import Hyperplane as Hyperplane
from .orthonormal import Orthonormal as Orthonormal
from .staying import constrain as constrain
