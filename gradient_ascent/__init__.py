"""Gradient Ascent: update rules written once, run on any kind of number.

`import gradient_ascent` imports nothing else: each name below loads on first
use (PEP 562), so that the standard-library half (`ops`, `rules`, `minitorch`,
`landscapes`, `trace`, `diagrams`, `comparison`) works where torch is not
installed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from gradient_ascent import foreign as _foreign  # noqa: F401, it speaks up

if TYPE_CHECKING:  # what a type checker sees, and what `_HOME` loads
    from gradient_ascent import benchmarks as benchmarks
    from gradient_ascent import comparison as comparison
    from gradient_ascent import constraints as constraints
    from gradient_ascent import games as games
    from gradient_ascent import landscapes as landscapes
    from gradient_ascent import minitorch as minitorch
    from gradient_ascent import ops as ops
    from gradient_ascent import optim as optim
    from gradient_ascent import plots as plots
    from gradient_ascent import proximal as proximal
    from gradient_ascent import rules as rules
    from gradient_ascent import trace as trace
    from gradient_ascent.landscapes import Landscape as Landscape
    from gradient_ascent.maximization import Result as Result
    from gradient_ascent.maximization import maximize as maximize
    from gradient_ascent.optim import GradientAscent as GradientAscent
    from gradient_ascent.optim import check_direction as check_direction
    from gradient_ascent.optim import uphill as uphill
    from gradient_ascent.trace import Trace as Trace
    from gradient_ascent.trace import run as run

__version__ = "0.1.0"  # the only place: pyproject.toml reads it here

_HOME = {
    "GradientAscent": "optim",
    "Landscape": "landscapes",
    "Result": "maximization",
    "Trace": "trace",
    "check_direction": "optim",
    "maximize": "maximization",
    "run": "trace",
    "uphill": "optim",
}
_MODULES = (
    "benchmarks", "comparison", "constraints", "games", "landscapes",
    "minitorch", "ops", "optim", "plots", "proximal", "rules", "trace",
)  # fmt: skip

# All but `plots`: matplotlib is an extra, and `import *` loads them all.
__all__ = [
    "GradientAscent",
    "Landscape",
    "Result",
    "Trace",
    "benchmarks",
    "check_direction",
    "comparison",
    "constraints",
    "games",
    "landscapes",
    "maximize",
    "minitorch",
    "ops",
    "optim",
    "proximal",
    "rules",
    "run",
    "trace",
    "uphill",
]


def __getattr__(name: str) -> Any:
    try:
        if name in _HOME:
            return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
        if name in _MODULES:
            return import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        wanted = (error.name or "").partition(".")[0]
        if wanted not in ("torch", "numpy"):
            raise
        raise ImportError(
            f"gradient_ascent.{name} needs {wanted}, which is not "
            'installed; run pip install "gradient-ascent-book[torch]"'
        ) from error
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME, *_MODULES})
