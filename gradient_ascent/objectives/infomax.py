"""Unmixing: the log-likelihood of a matrix that makes signals independent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import torch
from torch import Tensor

from gradient_ascent.arguments import check_whole
from gradient_ascent.maximization import maximize
from gradient_ascent.objectives.samples import centered, principal
from gradient_ascent.objectives.whitening import whiten

Kind = Literal["super", "sub"]


@dataclass(frozen=True, eq=False)
class Infomax:
    r"""The log-likelihood of an unmixing matrix, an f for `maximize`.

    .. math::
        f(W) = \log |\det W|
        + \frac1n \sum_i \sum_j \log p_j\bigl(w_j^\top (x_i - \bar x)\bigr)

    in nats per sample, with the rows w of W. With the sources s independent of
    each other, of densities p and mixed as x = W⁻¹ s, it is the log-likelihood
    of W. With :math:`p = F'` it is, but for a constant, the entropy of F(Wx),
    the information that passes through the nonlinearity F. The densities are

    .. math::
        \text{super: } \tfrac12 \operatorname{sech}^2 u, \qquad
        \text{sub: } \tfrac12 \bigl(\varphi(u - 1) + \varphi(u + 1)\bigr)

    with the standard normal density φ: for sources with heavier and with
    lighter tails than a normal one has. The first belongs to the logistic
    function of 2u, :math:`F(u) = (1 + \tanh u) / 2`.

    Args:
        data: n samples of k mixed signals, shape (n, k), in any unit.
        kinds: the density of all rows, or of each.

    Raises:
        TypeError: the data are no real floating-point tensor.
        ValueError: they have another shape, a number that is not finite, or
            vary in fewer than k directions, as with a constant signal, with a
            mixing matrix that is singular or with too few samples: then f has
            no upper bound. Or `kinds` has another word, or another length.

    Source: Bell and Sejnowski (1995); as a likelihood Cardoso (1997); the
        second density Girolami (1998), Lee, Girolami and Sejnowski (1999).
    """

    data: Tensor
    kinds: Kind | Sequence[Kind] = "super"
    _x: Tensor = field(init=False, repr=False)
    _sub: Tensor = field(init=False, repr=False)

    def __post_init__(self) -> None:
        x, _ = centered("Infomax", self.data)
        k = x.shape[1]
        found = principal(x)[2]
        if found < k:
            raise ValueError(
                f"Infomax: the {k} signals must vary in {k} directions, got "
                f"{found}; drop signals that are constant or depend on others, "
                "or keep fewer by `whiten(data, components)`"
            )
        words = self.kinds
        kinds = (words,) * k if isinstance(words, str) else tuple(words)
        if len(kinds) != k or not set(kinds) <= set(get_args(Kind)):
            raise ValueError(
                'Infomax: kinds must be "super" or "sub", or one of them for '
                f"each of {k} signals, got {self.kinds!r}"
            )
        sub = torch.tensor([kind == "sub" for kind in kinds], device=x.device)
        object.__setattr__(self, "kinds", kinds)
        object.__setattr__(self, "_x", x)
        object.__setattr__(self, "_sub", sub)

    def __call__(self, w: Tensor) -> Tensor:
        """The mean over the samples.

        Args:
            w: W, shape (k, k). Where it is singular, f is -inf.

        Raises:
            ValueError: another shape.
        """
        return self.each(w).mean()

    def each(self, w: Tensor) -> Tensor:
        """The log-density of each sample, shape (n,): for `LogLikelihood`."""
        u = self.signals(w)
        bend = torch.logaddexp(u, -u) - math.log(2)  # log cosh
        above = -2 * bend - math.log(2)
        below = bend - (u.square() + 1 + math.log(2 * math.pi)) / 2
        volume: Tensor = torch.linalg.slogdet(w).logabsdet
        return volume + torch.where(self._sub, below, above).sum(1)

    def signals(self, w: Tensor) -> Tensor:
        """What W makes of the data less their mean, shape (n, k)."""
        k = self._x.shape[1]
        if w.shape != (k, k):
            raise ValueError(
                f"Infomax: w must have the shape ({k}, {k}), got "
                f"{tuple(w.shape)}"
            )
        return self._x @ w.T

    def natural_gradient(self, w: Tensor) -> Tensor:
        r"""The gradient times WᵀW, shape (k, k).

        .. math:: \bigl(I - \mathbb{E}[\psi(u)\, u^\top]\bigr) W, \qquad
            \psi(u) = \begin{cases} 2 \tanh u & \text{super} \\
            u - \tanh u & \text{sub} \end{cases}

        Raises:
            ValueError: another shape.

        Source: Amari, Cichocki and Yang (1996); Cardoso and Laheld (1996).
        """
        u = self.signals(w)
        bend = torch.tanh(u)
        psi = torch.where(self._sub, u - bend, 2 * bend)
        eye = torch.eye(len(w), dtype=w.dtype, device=w.device)
        return (eye - psi.T @ u / len(u)) @ w

    def tails(self, w: Tensor) -> Tensor:
        r"""How heavy the tails of each signal are, shape (k,).

        .. math:: \tau_j = \mathbb{E}[\operatorname{sech}^2 u_j]\,
            \mathbb{E}[u_j^2] - \mathbb{E}[u_j \tanh u_j]

        It is 0 for a normal signal; "super" suits where it is above, "sub"
        where it is below.

        Raises:
            ValueError: another shape.

        Source: Lee, Girolami and Sejnowski (1999).
        """
        u = self.signals(w)
        bend = torch.tanh(u)
        square = (1 - bend.square()).mean(0) * u.square().mean(0)
        return square - (u * bend).mean(0)

    def suited(self, w: Tensor) -> Infomax:
        """The same for the densities that `tails` tells to suit each row.

        Raises:
            ValueError: another shape.
        """
        kinds: list[Kind] = [
            "super" if tail > 0 else "sub" for tail in self.tails(w)
        ]
        return replace(self, kinds=kinds)


def unmix(
    data: Tensor, start: Tensor | None = None, *, rounds: int = 10
) -> tuple[Tensor, Infomax]:
    """Ascend `Infomax`, let `suited` choose the densities, and ascend again.

    Args:
        data: n samples of k mixed signals, shape (n, k).
        start: W to begin from, shape (k, k); by default that of `whiten`.
        rounds: how many ascents at most. It ends when the choice no longer
            changes.

    Returns:
        The unmixing matrix, and the objective that it is highest for.

    Raises:
        TypeError, ValueError: as `Infomax`; or `rounds` is not whole, or below
            one.

    Source: Lee, Girolami and Sejnowski (1999), who choose after each step.
    """
    check_whole("unmix", "rounds", rounds, least=1)
    f = Infomax(data)
    w = whiten(data).matrix if start is None else start
    for _ in range(rounds):
        w, climbed = maximize(f, w).x, f
        f = f.suited(w)
        if f.kinds == climbed.kinds:
            break
    return w, climbed


def amari_distance(unmixing: Tensor, mixing: Tensor) -> float:
    r"""How far one matrix is from undoing another, from 0 to 1.

    .. math::
        \frac{1}{2k(k-1)} \Bigl( \sum_i \Bigl( \sum_j
        \frac{|p_{ij}|}{\max_l |p_{il}|} - 1 \Bigr) + \sum_j \Bigl( \sum_i
        \frac{|p_{ij}|}{\max_l |p_{lj}|} - 1 \Bigr) \Bigr), \qquad P = W A

    It is 0 if and only if P has one number in each row and each column, the
    others zero: each source comes out once, in some order and scale. It knows
    no sign, and no order. Where it is not 0, the scales of W's rows and of A's
    columns count: compare where the sources and what comes out have variance 1.
    One signal is always unmixed.

    Args:
        unmixing: W, shape (k, k).
        mixing: A, shape (k, k).

    Raises:
        TypeError: one is no real floating-point tensor.
        ValueError: other shapes; numbers that are not finite; or P has a row or
            a column of zeros.

    Source: Amari, Cichocki and Yang (1996), here divided by its largest value.
    """
    for name, each in (("unmixing", unmixing), ("mixing", mixing)):
        if not isinstance(each, Tensor) or not each.is_floating_point():
            raise TypeError(
                f"amari_distance: {name} must be a real floating-point tensor, "
                f"got {each!r}"
            )
    shapes = tuple(unmixing.shape), tuple(mixing.shape)
    k = shapes[0][0] if shapes[0] else 0
    if not k or shapes != ((k, k), (k, k)):
        raise ValueError(
            "amari_distance: both must have the shape (k, k), got "
            f"{shapes[0]} and {shapes[1]}"
        )
    p = (unmixing @ mixing.to(unmixing)).abs()
    if not p.isfinite().all() or not (p.amax(0) * p.amax(1)).all():
        raise ValueError(
            "amari_distance: unmixing times mixing must be finite, with a "
            f"number in each row and column, got {p.tolist()}"
        )
    if k == 1:
        return 0.0
    rows = (p / p.amax(1, keepdim=True)).sum() - k
    columns = (p / p.amax(0, keepdim=True)).sum() - k
    return float((rows + columns) / (2 * k * (k - 1)))
