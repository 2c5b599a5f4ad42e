"""A scalar that remembers how it was computed, and so can be differentiated."""

import math
from collections.abc import Iterator
from numbers import Real
from typing import Union

from gradient_ascent import ops

Operand = Union["Tensor", float]
Parents = tuple[tuple["Tensor", float], ...]


class Tensor:
    """A number, its gradient, and the numbers it was computed from.

    Each operation returns a new tensor and notes its parents, each with the
    slope of the result along it: the local derivative. That is all the chain
    rule needs.

    Attributes:
        value: the number, a float.
        grad: the derivative of whatever `backward` was called on, summed over
            the calls, as in PyTorch.
        parents: pairs (parent, slope).

    Raises:
        TypeError: `value` is no real number.

    >>> x = Tensor(3.0)
    >>> (x * x + 2 * x).backward()
    >>> x.grad
    8.0
    """

    __slots__ = ("grad", "parents", "value")
    value: float
    grad: float
    parents: Parents

    def __init__(self, value: float, parents: Parents = ()) -> None:
        if type(value) is not float:  # the check below is slow
            if not isinstance(value, Real):
                got = f"{value!r} ({type(value).__name__})"
                raise TypeError(
                    f"Tensor: value must be a real number, got {got}"
                )
            value = float(value)
        self.value = value
        self.grad = 0.0
        self.parents = parents

    def __repr__(self) -> str:
        return f"Tensor({self.value}, grad={self.grad})"

    # Arithmetic: the value, and the slope along each operand.

    def __add__(self, other: Operand) -> "Tensor":
        other = _tensor(other)
        return Tensor(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other: Operand) -> "Tensor":
        other = _tensor(other)
        return Tensor(
            self.value * other.value, ((self, other.value), (other, self.value))
        )

    def __truediv__(self, other: Operand) -> "Tensor":
        other = _tensor(other)
        ratio = self.value / other.value
        return Tensor(
            ratio, ((self, 1 / other.value), (other, -ratio / other.value))
        )

    def __pow__(self, other: Operand) -> "Tensor":
        if isinstance(other, Tensor):
            base, exponent = self.value, other.value
            power = ops.power(base, exponent)
            # At zero it is 0 for every exponent on one side: flat, as in torch.
            flat = base == 0 and exponent >= 0
            along_exponent = 0.0 if flat else power * ops.log(base)
            along_base = _power_slope(base, exponent)
            return Tensor(power, ((self, along_base), (other, along_exponent)))
        return Tensor(
            ops.power(self.value, other),
            ((self, _power_slope(self.value, other)),),
        )

    def __neg__(self) -> "Tensor":
        return Tensor(-self.value, ((self, -1.0),))

    def __sub__(self, other: Operand) -> "Tensor":
        other = _tensor(other)
        return Tensor(self.value - other.value, ((self, 1.0), (other, -1.0)))

    def __radd__(self, other: float) -> "Tensor":
        return _tensor(other) + self

    def __rmul__(self, other: float) -> "Tensor":
        return _tensor(other) * self

    def __rsub__(self, other: float) -> "Tensor":
        return _tensor(other) - self

    def __rtruediv__(self, other: float) -> "Tensor":
        return _tensor(other) / self

    def __rpow__(self, other: float) -> "Tensor":
        return _tensor(other) ** self

    # Functions of one number.

    def exp(self) -> "Tensor":
        """Euler's e to the power of this number."""
        power = ops.exp(self.value)
        return Tensor(power, ((self, power),))

    def log(self) -> "Tensor":
        """Natural logarithm; -inf at zero, nan below."""
        return Tensor(ops.log(self.value), ((self, _inverse(self.value)),))

    def sin(self) -> "Tensor":
        """Sine."""
        return Tensor(ops.sin(self.value), ((self, ops.cos(self.value)),))

    def cos(self) -> "Tensor":
        """Cosine."""
        return Tensor(ops.cos(self.value), ((self, -ops.sin(self.value)),))

    def sqrt(self) -> "Tensor":
        """Square root; nan below zero."""
        root = ops.sqrt(self.value)
        return Tensor(root, ((self, 0.5 * _inverse(root)),))

    def tanh(self) -> "Tensor":
        """Hyperbolic tangent."""
        height = math.tanh(self.value)
        return Tensor(height, ((self, 1 - height * height),))

    def relu(self) -> "Tensor":
        """The number where positive, else zero; flat at zero, as in torch."""
        return Tensor(
            ops.maximum(self.value, 0.0), ((self, float(self.value > 0)),)
        )

    def sign(self) -> "Tensor":
        """-1, 0 or 1; flat everywhere."""
        return Tensor(ops.sign(self.value), ((self, 0.0),))

    def clip(self, lower: Operand, upper: Operand = math.inf) -> "Tensor":
        """The number in [lower, upper] nearest to this one, and its slope."""
        nearest = self
        for bound, beyond in ((_tensor(lower), 1), (_tensor(upper), -1)):
            if beyond * nearest.value < beyond * bound.value:
                nearest = bound
        return Tensor(nearest.value, ((nearest, 1.0),))

    # The chain rule.

    def backward(self) -> None:
        """Add this number's derivative along each ancestor to its `grad`."""
        slope = {self: 1.0}
        for node in self._results_first():
            for parent, local in node.parents:
                slope[parent] = slope.get(parent, 0.0) + slope[node] * local
        for node, total in slope.items():
            node.grad += total

    def _results_first(self) -> Iterator["Tensor"]:
        """This number and its ancestors, each before its own parents.

        Ancestors without parents are left out: the chain ends at them. A node
        is finished when all its parents are; the reverse of that order is
        topological. The stack is our own, as a graph may be deeper than
        Python's recursion limit.
        """
        finished: list[Tensor] = []
        seen: set[Tensor] = set()
        stack = [(self, False)]
        while stack:
            node, parents_finished = stack.pop()
            if parents_finished:
                finished.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack += [(p, False) for p, _ in node.parents if p.parents]
        return reversed(finished)


def _tensor(x: Operand) -> Tensor:
    return x if isinstance(x, Tensor) else Tensor(x)


def _power_slope(base: float, exponent: float) -> float:
    """The slope of base**exponent along its base; flat if the exponent is 0."""
    return exponent * ops.power(base, exponent - 1) if exponent else 0.0


def _inverse(x: float) -> float:
    """1/x, infinite at zero: the slope there of a root or a logarithm."""
    return 1 / x if x else math.inf
