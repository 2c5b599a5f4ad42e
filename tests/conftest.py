"""What the tests share: how hypothesis draws, and the operations on SymPy's numbers."""

from collections.abc import Callable
from math import inf
from typing import Any

import pytest
from hypothesis import settings

from gradient_ascent import ops
from tests.left_out import pytest_unconfigure  # noqa: F401, a hook
from tests.site.fixtures import address, browser, html  # noqa: F401, one for all

# The same code is tested with the same examples, wherever and however often it runs.
settings.register_profile("book", derandomize=True, deadline=None, database=None)
settings.load_profile("book")


@pytest.fixture(scope="session")
def symbolic_ops() -> None:
    """Teach `ops` what its functions mean on SymPy's expressions."""
    import sympy

    def clip(x: sympy.Expr, lower: Any, upper: Any = inf) -> sympy.Expr:
        return sympy.Min(sympy.Max(x, lower), sympy.oo if upper == inf else upper)

    functions: dict[str, Callable[..., Any]] = {
        name: getattr(sympy, name) for name in ("sqrt", "exp", "log", "sin", "cos")
    }
    for name, function in {**functions, "sign": sympy.sign, "clip": clip}.items():
        getattr(ops, name).register(sympy.Expr, function)
