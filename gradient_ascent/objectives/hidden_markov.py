"""The log-likelihood of a hidden Markov model, and what it tells of states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from gradient_ascent.objectives.emissions import (
    Emission,
    Theta,
    first_is_zero,
)

_NEVER = -1e30
"""The logarithm of a probability of zero: finite, so that slopes are numbers.

Whatever is added to it leaves it below half of it, and its exponential is 0.
"""


class Smoothed(NamedTuple):
    """What the whole series tells of the states.

    Attributes:
        states: the probability of each state at each time, shape (T, m).
        moves: how many moves from i to j are expected, shape (m, m).
    """

    states: Tensor
    moves: Tensor


@dataclass(frozen=True, eq=False)
class HiddenMarkov:
    r"""The log-likelihood of a series whose states are hidden, for `maximize`.

    A chain of states :math:`s_1, s_2, \dots` moves from i to j with the
    probability :math:`A_{ij}`; at each time its state emits a value.

    .. math:: f(\theta) = \log \sum_{s_1, \dots, s_T} \delta_{s_1}
        b_{s_1}(y_1) \prod_{t=2}^T A_{s_{t-1} s_t} b_{s_t}(y_t)

    A point θ is a dict of tensors:

    - "moves", shape (m, m - 1): the logits of each row of A but the one of the
      diagonal, which is zero;
    - "start", shape (m - 1,): the logits of δ but the first, which is zero.
      Without it the chain is stationary: δ A = δ;
    - what the emission takes.

    >>> from gradient_ascent.objectives import categorical
    >>> y = torch.tensor([0, 0, 1])  # heads, heads, tails
    >>> coins = HiddenMarkov(y, categorical)
    >>> theta = {
    ...     "moves": logits([[0.8, 0.2], [0.2, 0.8]]),
    ...     "symbols": torch.tensor([[0.0], [-2.1972]]),  # 1/2; 1/10 for tails
    ... }
    >>> round(float(coins(theta).exp()), 4)
    0.1273

    Args:
        y: the series, shape (T,).
        emission: `poisson`, `gaussian`, `categorical` or a function like them:
            from the series and θ to the logarithms of :math:`b_j(y_t)`, shape
            (T, m).

    Raises:
        TypeError: y is no tensor.
        ValueError: y is not of shape (T,) with T of at least one, or has a
            value that is not finite.

    Source: Zucchini, MacDonald and Langrock (2016).
    """

    y: Tensor
    emission: Emission

    def __post_init__(self) -> None:
        if not isinstance(self.y, Tensor):
            raise TypeError(f"HiddenMarkov: y must be a tensor, got {self.y!r}")
        if self.y.dim() != 1 or not len(self.y):
            raise ValueError(
                "HiddenMarkov: y must be a series of shape (T,), got "
                f"{tuple(self.y.shape)}"
            )
        if not bool(self.y.isfinite().all()):
            raise ValueError("HiddenMarkov: y must be finite, got inf or nan")

    def __call__(self, theta: Theta) -> Tensor:
        """The log-likelihood.

        It is the sum of all entries of one product of matrices, which is taken
        in pairs, pairs of pairs and so on: there are about log2(T) rounds.

        Raises:
            ValueError: the tensors of θ do not fit each other.
        """
        first, moves, emitted = self._parts(theta)
        products = moves + emitted[1:, None, :]
        while len(products) > 1:
            pairs = len(products) // 2 * 2
            left, right = products[:pairs:2], products[1:pairs:2]
            paired = (left[..., None] + right[:, None]).logsumexp(2)
            products = torch.cat([paired, products[pairs:]])
        alpha = first + emitted[0]
        if len(products):
            alpha = (alpha[:, None] + products[0]).logsumexp(0)
        return _infinite(alpha.logsumexp(0))

    def each(self, theta: Theta) -> Tensor:
        r"""The :math:`\log p(y_t \mid y_1, \dots, y_{t-1})`, shape (T,)."""
        total = forward(*self._parts(theta)).logsumexp(1)
        found = torch.cat([total[:1], total[1:] - total[:-1]])
        return torch.where(total < _NEVER / 2, -torch.inf, found)

    def transition(self, theta: Theta) -> Tensor:
        """The matrix A."""
        return self._moves(theta).exp()

    def start(self, theta: Theta) -> Tensor:
        """The distribution δ of the first state."""
        return self._first(theta, self._moves(theta)).exp()

    def smooth(self, theta: Theta) -> Smoothed:
        """The probabilities of states and the expected moves, given all of y.

        By the forward-backward algorithm, in logarithms.

        Raises:
            ValueError: y is impossible.
        """
        first, moves, emitted = self._parts(theta)
        alpha = forward(first, moves, emitted)
        beta = backward(moves, emitted)
        value = alpha[-1].logsumexp(0)
        if value < _NEVER / 2:
            raise ValueError("HiddenMarkov: y has the probability zero")
        pairs = alpha[:-1, :, None] + moves + (emitted + beta)[1:, None, :]
        return Smoothed(
            (alpha + beta - value).exp(), (pairs - value).exp().sum(0)
        )

    def decode(self, theta: Theta) -> Tensor:
        """The likeliest path of states, shape (T,), by Viterbi's algorithm."""
        first, moves, emitted = self._parts(theta)
        best, came = first + emitted[0], []
        for row in emitted[1:]:
            best, origin = (best[:, None] + moves).max(0)
            best = best + row
            came.append(origin)
        path = [int(best.argmax())]
        for origin in reversed(came):
            path.append(int(origin[path[-1]]))
        return torch.tensor(path[::-1])

    def _parts(self, theta: Theta) -> tuple[Tensor, Tensor, Tensor]:
        """The logarithms of δ, of A and of all emissions; none is -inf."""
        moves, emitted = self._moves(theta), self.emission(self.y, theta)
        wanted = len(self.y), len(moves)
        if tuple(emitted.shape) != wanted:
            raise ValueError(
                f"HiddenMarkov: emission must give the shape {wanted} for "
                f"{wanted[1]} states, got {tuple(emitted.shape)}"
            )
        parts = self._first(theta, moves), moves, emitted
        first, moves, emitted = (each.clamp(min=_NEVER) for each in parts)
        return first, moves, emitted

    def _moves(self, theta: Theta) -> Tensor:
        """The logarithm of A."""
        given = theta["moves"]
        if given.dim() != 2 or given.shape[0] != given.shape[1] + 1:
            raise ValueError(
                "HiddenMarkov: theta['moves'] must have the shape (m, m - 1), "
                f"got {tuple(given.shape)}"
            )
        m = len(given)
        place = torch.arange(m, device=given.device)
        later = place > place[:, None]  # above the diagonal
        taken = torch.where(
            place == place[:, None], 0, place + 1 - later.long()
        )
        return first_is_zero(given).gather(1, taken).log_softmax(1)

    def _first(self, theta: Theta, moves: Tensor) -> Tensor:
        """The logarithm of δ."""
        if "start" not in theta:
            return stationary(moves.exp()).log()
        if tuple(theta["start"].shape) != (len(moves) - 1,):
            raise ValueError(
                f"HiddenMarkov: theta['start'] must have the shape "
                f"({len(moves) - 1},), got {tuple(theta['start'].shape)}"
            )
        return first_is_zero(theta["start"]).log_softmax(0)


def _infinite(value: Tensor) -> Tensor:
    """Minus infinity for what is impossible."""
    return torch.where(value < _NEVER / 2, -torch.inf, value)


def forward(first: Tensor, moves: Tensor, emitted: Tensor) -> Tensor:
    r"""The logarithms of what is jointly likely up to t, shape (T, m).

    .. math:: \log \alpha_t(j) = \log b_j(y_t)
        + \log \sum_i e^{\log \alpha_{t-1}(i) + \log A_{ij}}

    Args:
        first: of the first state's distribution, shape (m,).
        moves: of the transition matrix, shape (m, m).
        emitted: of the densities of the series, shape (T, m).
    """
    alpha = [first + emitted[0]]
    for row in emitted[1:]:
        alpha.append((alpha[-1][:, None] + moves).logsumexp(0) + row)
    return torch.stack(alpha)


def backward(moves: Tensor, emitted: Tensor) -> Tensor:
    r"""The logarithms of how likely what follows t is, shape (T, m).

    .. math:: \log \beta_t(i) = \log \sum_j e^{\log A_{ij}
        + \log b_j(y_{t+1}) + \log \beta_{t+1}(j)}, \qquad \beta_T = 1
    """
    beta = [torch.zeros_like(emitted[0])]
    for row in emitted[1:].flip(0):
        beta.append((moves + row + beta[-1]).logsumexp(1))
    return torch.stack(beta[::-1])


def stationary(transition: Tensor) -> Tensor:
    r"""The distribution that the matrix A leaves as it is, shape (m,).

    .. math:: \delta = \mathbf{1}^\top (I - A + U)^{-1}

    with a U of ones. It is unique if the chain can come from each state to each
    other one, or to one of them from all. Where it is not, it is nan.
    """
    m = len(transition)
    ones = torch.ones_like(transition)
    eye = torch.eye(m, dtype=ones.dtype, device=ones.device)
    found, info = torch.linalg.solve_ex((eye - transition + ones).T, ones[0])
    found = torch.where(info > 0, torch.nan, found)
    return found.clamp(min=torch.finfo(found.dtype).tiny)


def logits(probabilities: Tensor | list[list[float]]) -> Tensor:
    """The logits "moves" of a transition matrix: its diagonal's are left out.

    Args:
        probabilities: shape (m, m), each row of sum one, with a diagonal above
            zero.

    Raises:
        ValueError: otherwise.
    """
    given = torch.as_tensor(probabilities)
    given = given if given.is_floating_point() else given.double()
    if given.dim() != 2 or given.shape[0] != given.shape[1]:
        raise ValueError(
            f"logits: probabilities must be square, got {tuple(given.shape)}"
        )
    sums = bool(((given.sum(1) - 1).abs() < 1e-6).all())
    if not sums or bool((given < 0).any()) or bool((given.diag() <= 0).any()):
        raise ValueError(
            "logits: each row must sum to one, its diagonal be above zero, got "
            f"{given.tolist()}"
        )
    ratios = (given / given.diag()[:, None]).log()
    off = ~torch.eye(len(given), dtype=torch.bool, device=given.device)
    return ratios[off].reshape(len(given), -1)
