"""Firms that sell one good, each of which chooses how much of it."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from gradient_ascent.arguments import Positive, check


@dataclass(frozen=True)
class Cournot:
    r"""A market whose price falls with all that is brought to it.

    .. math:: u_i(q) = q_i \, (a - b Q - c_i), \qquad Q = \sum_j q_j

    is the profit of firm i. In units: q goods, a and c money a good, b money a
    good squared.

    >>> import torch
    >>> market = Cournot(costs=torch.tensor([10.0, 10.0]), top=100, slope=1)
    >>> market.equilibrium()
    tensor([30., 30.])

    Args:
        costs: c, what one good costs each firm, shape (n,).
        top: a, the price of the first good; positive.
        slope: b, by which each good lowers the price of all; positive.

    Raises:
        TypeError: costs that are no tensor of real numbers, or a or b no
            number.
        ValueError: costs that are no vector or not finite, or an a or b that is
            not positive.

    Source: Cournot (1838), chapter VII.
    """

    costs: Tensor
    top: Positive
    slope: Positive = 1.0

    def __post_init__(self) -> None:
        check(Cournot.__init__, {"top": self.top, "slope": self.slope})
        costs = self.costs
        if not isinstance(costs, Tensor) or not costs.is_floating_point():
            raise TypeError(
                "Cournot: costs must be a tensor of real numbers, "
                f"got {costs!r}"
            )
        if costs.dim() != 1 or not costs.numel() or not costs.isfinite().all():
            raise ValueError(
                "Cournot: costs must be a vector of finite numbers, "
                f"got {costs}"
            )

    def payoffs(self, q: Tensor) -> Tensor:
        """The profit of each firm, shape (..., n), for q of that shape."""
        price = self.top - self.slope * q.sum(-1, keepdim=True)
        return q * (price - self.costs)

    def potential(self, q: Tensor) -> Tensor:
        r"""The one function that all firms climb, shape (...).

        .. math:: \sum_i (a - c_i) q_i
            - \frac{b}{2} \Bigl(\sum_i q_i^2 + Q^2\Bigr)

        Its slope in :math:`q_i` is that of firm i's profit.

        Source: Monderer and Shapley (1996), example 1.
        """
        squares = q.square().sum(-1) + q.sum(-1).square()
        return ((self.top - self.costs) * q).sum(-1) - self.slope / 2 * squares

    def equilibrium(self) -> Tensor:
        r"""Where no firm gains by another output, shape (n,).

        .. math:: q_i = \frac{\max(p - c_i, 0)}{b}, \qquad
            p = \frac{a + c_1 + \dots + c_k}{k + 1}

        with the k cheapest firms, those whose cost is below the price p. The
        equilibrium is the only one.
        """
        price = self.costs.new_tensor(self.top)
        for k, cost in enumerate(self.costs.sort().values, start=1):
            if cost >= price:
                break
            price = (k * price + cost) / (k + 1)
        return (price - self.costs).clamp(min=0) / self.slope
