"""Gradient Ascent: update rules written once, run on any kind of number.

`import gradient_ascent` imports nothing else: each name below loads on first
use (PEP 562), so that the standard-library half (`ops`, `rules`, `minitorch`,
`landscapes`, `trace`) works where torch is not installed.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "GradientAscent": "optim",
    "check_direction": "optim",
    "uphill": "optim",
    "Landscape": "landscapes",
    "Result": "maximization",
    "Trace": "trace",
    "maximize": "maximization",
    "run": "trace",
}
_MODULES = (
    "constraints", "games", "landscapes", "minitorch", "ops", "optim", "plots",
    "rules", "trace",
)  # fmt: skip

__all__ = [
    "GradientAscent",
    "Landscape",
    "Result",
    "Trace",
    "check_direction",
    "constraints",
    "games",
    "landscapes",
    "maximize",
    "minitorch",
    "ops",
    "optim",
    "plots",
    "rules",
    "run",
    "trace",
    "uphill",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
