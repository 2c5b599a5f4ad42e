"""Look for a case in which a claim fails."""

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any


def sweep(claim: Callable[..., object], **axes: Iterable[Any]) -> int:
    """Assert that a claim holds for every start and every setting.

    >>> sweep(lambda x, lr: abs(x - lr * 2 * x) < x, x=(1, 5), lr=(0.1, 0.9))
    4

    Args:
        claim: called with each combination, by name; returns whether it holds.
        **axes: the values that each of its arguments takes.

    Returns:
        In how many cases it holds, which is all.

    Raises:
        AssertionError: the first case where it does not, and what it returned.
            If `claim` itself raises, the case stands beside what it raised.
        ValueError: no axis, or one without values: it would hold of nothing.
    """
    values = {name: list(each) for name, each in axes.items()}
    empty = [name for name, each in values.items() if not each]
    if empty or not values:
        raise ValueError(
            "sweep: each axis must have values, got none"
            + "".join(f" for {name}" for name in empty[:1])
        )
    count = 0
    for count, case in enumerate(product(*values.values()), start=1):
        named = dict(zip(values, case))
        told = ", ".join(f"{name}={value!r}" for name, value in named.items())
        try:
            holds = claim(**named)
        except Exception as error:
            error.add_note(f"in case {count} of the sweep: {told}")
            raise
        if not holds:
            raise AssertionError(
                f"the claim fails in case {count}: {told} (it returned "
                f"{holds!r})"
            )
    return count
