"""Sparse coding: signals as sums of few atoms, and the atoms learned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from gradient_ascent.arguments import NonNegative, check, check_whole
from gradient_ascent.constraints import Ball
from gradient_ascent.proximal import L1, ProximalAscent

_UNIT = Ball(1.0, dim=-1)


@dataclass(frozen=True)
class Reconstruction:
    r"""How well codes rebuild signals from a dictionary, an f to climb.

    .. math:: f(A) = -\tfrac12 \lVert Y - A D \rVert^2, \qquad
        \nabla f(A) = (Y - A D) D^\top

    Row i of A says how much of each atom, a row of D, is in signal i, a row of
    Y. f is concave and of smoothness L, the largest eigenvalue of D Dᵀ. With
    one signal y and Dᵀ = X it is the least-squares objective of a regression of
    y on the columns of X, and with the penalty `L1` the lasso's.

    Args:
        signals: Y, shape (n, m), or one of shape (m,).
        dictionary: D, shape (k, m).

    Raises:
        TypeError: they are no floating-point tensors of one dtype.
        ValueError: shapes that do not fit, or numbers that are not finite.

    Source: Olshausen and Field (1996).
    """

    signals: Tensor
    dictionary: Tensor

    def __post_init__(self) -> None:
        _check_matrix("Reconstruction", "signals", self.signals, (1, 2))
        _check_matrix("Reconstruction", "dictionary", self.dictionary, (2,))
        y, d = self.signals, self.dictionary
        if y.dtype != d.dtype:
            raise TypeError(
                "Reconstruction: signals and dictionary must have one dtype, "
                f"got {y.dtype} and {d.dtype}"
            )
        if y.shape[-1] != d.shape[-1]:
            raise ValueError(
                "Reconstruction: the atoms must be as long as the signals, got "
                f"shapes {tuple(d.shape)} and {tuple(y.shape)}"
            )

    def __call__(self, codes: Tensor) -> Tensor:
        """The objective f(A), a tensor of one number.

        Args:
            codes: A, shape (n, k); for one signal (k,).

        Raises:
            ValueError: another shape.
        """
        return -self.residual(codes).square().sum() / 2

    def residual(self, codes: Tensor) -> Tensor:
        """What is left of the signals, Y - A D, of their shape."""
        shape = (*self.signals.shape[:-1], len(self.dictionary))
        if tuple(codes.shape) != shape:
            raise ValueError(
                f"Reconstruction: codes must have shape {shape}, got "
                f"{tuple(codes.shape)}"
            )
        return self.signals - codes @ self.dictionary

    def gradient(self, codes: Tensor) -> Tensor:
        """The gradient of f in the codes, of their shape."""
        return self.residual(codes) @ self.dictionary.T

    def smoothness(self) -> float:
        """L, the largest eigenvalue of D Dᵀ."""
        return float(torch.linalg.matrix_norm(self.dictionary, 2)) ** 2

    def largest_weight(self) -> float:
        """The weight of `L1` from which on all codes are zero: `max |Y Dᵀ|`."""
        return float((self.signals @ self.dictionary.T).abs().max())


def encode(
    signals: Tensor,
    dictionary: Tensor,
    weight: NonNegative,
    *,
    start: Tensor | None = None,
    steps: int = 2000,
    tol: NonNegative = 1e-9,
) -> Tensor:
    r"""The codes at which :math:`f(A) - \lambda \sum |a|` is highest.

    By accelerated proximal ascent with η = 1/L, until a step moves less than
    `tol` times the length of the codes.

    Args:
        signals: Y, shape (n, m), or one of shape (m,).
        dictionary: D, shape (k, m).
        weight: λ.
        start: the codes to begin from; by default zero.
        steps: how many to take at most.
        tol: in units of the codes' length; no smaller than their rounding.

    Returns:
        A, shape (n, k); for one signal (k,).

    Raises:
        TypeError, ValueError: as `Reconstruction` and `L1`.
    """
    fit = Reconstruction(signals, dictionary)
    check_whole("encode", "steps", steps, least=0)
    check(encode, {"tol": tol})
    codes = signals.new_zeros(*signals.shape[:-1], len(dictionary))
    codes = codes if start is None else start.detach().clone()
    fit.residual(codes)  # it has the right shape
    gram, match = dictionary @ dictionary.T, signals @ dictionary.T
    climber = _climber(codes, L1(weight), fit.smoothness())
    tol = max(tol, 4 * torch.finfo(codes.dtype).eps)
    for _ in range(steps):
        climber.step(_slopes(codes, _of_codes(gram, match)))
        if climber.moved <= tol * float(codes.norm()):
            break
    return codes


@dataclass(frozen=True)
class Dictionary:
    """What `learn_dictionary` found.

    Attributes:
        atoms: D, shape (k, m), each at most 1 long.
        codes: A, shape (n, k).
        objective: f - λ Σ|a| at the start and after each round.
        replaced: how many unused atoms were replaced on the way.
    """

    atoms: Tensor
    codes: Tensor
    objective: Tensor
    replaced: int


def learn_dictionary(
    signals: Tensor,
    count: int,
    weight: NonNegative,
    *,
    rounds: int = 300,
    inner: int = 3,
    replace: bool = True,
    seed: int = 0,
) -> Dictionary:
    r"""Climb codes and atoms in turn.

    .. math:: F(A, D) = -\tfrac12 \lVert Y - A D \rVert^2 - \lambda \sum |a|,
        \qquad \lVert d_j \rVert \le 1

    A round takes proximal steps in the codes, with η = 1/L of what they see,
    then projected steps in the atoms, with theirs. Both are plain, so F never
    falls. It is not concave in both together: another seed may end higher.

    The first atoms are signals drawn at random. An atom that no signal uses has
    no gradient and never would be used again. Whatever takes its place, F stays
    as it is: it becomes the worst rebuilt signal's remainder.

    Args:
        signals: Y, shape (n, m).
        count: k, how many atoms.
        weight: λ.
        rounds: how many.
        inner: how many steps a round takes in each of the two.
        replace: replace unused atoms.
        seed: of the draw.

    Raises:
        TypeError, ValueError: as `Reconstruction` and `L1`; a count below 1; or
            signals that are all zero.

    Source: Bolte, Sabach and Teboulle (2014), for steps in turn; that the
        length of atoms is bounded, Lee et al. (2007).
    """
    _check_matrix("learn_dictionary", "signals", signals, (2,))
    for name, number in (("count", count), ("inner", inner)):
        check_whole("learn_dictionary", name, number, least=1)
    check_whole("learn_dictionary", "rounds", rounds, least=0)
    penalty = L1(weight)
    atoms = _drawn(signals, count, seed)
    codes = signals.new_zeros(len(signals), count)
    heights, replaced = [_height(signals, codes, atoms, penalty)], 0
    for _ in range(rounds):
        gram, match = atoms @ atoms.T, signals @ atoms.T
        _climb(codes, penalty, gram, _of_codes(gram, match), inner)
        if replace:
            replaced += _replace(signals, codes, atoms)
        use, rebuilt = codes.T @ codes, codes.T @ signals
        _climb(atoms, _UNIT, use, _of_atoms(use, rebuilt), inner)
        heights.append(_height(signals, codes, atoms, penalty))
    objective = torch.tensor(heights, dtype=torch.float64)
    return Dictionary(atoms, codes, objective, replaced)


def _climb(
    x: Tensor,
    penalty: L1 | Ball,
    bend: Tensor,
    slope: Callable[[Tensor], Tensor],
    steps: int,
) -> None:
    """Plain proximal steps of a quadratic, from its gradient."""
    smoothness = float(torch.linalg.matrix_norm(bend, 2))
    if smoothness > 0:
        climber = ProximalAscent([x], penalty, 1 / smoothness)
        for _ in range(steps):
            x.grad = slope(x)
            climber.step()
        x.grad = None


def _of_codes(gram: Tensor, match: Tensor) -> Callable[[Tensor], Tensor]:
    """The gradient in the codes, of D Dᵀ and Y Dᵀ."""
    return lambda codes: match - codes @ gram


def _of_atoms(use: Tensor, rebuilt: Tensor) -> Callable[[Tensor], Tensor]:
    """The gradient in the atoms, of AᵀA and AᵀY."""
    return lambda atoms: rebuilt - use @ atoms


def _climber(x: Tensor, penalty: L1, smoothness: float) -> ProximalAscent:
    lr = 1 / smoothness if smoothness > 0 else 1.0
    return ProximalAscent([x], penalty, lr, accelerated=True)


def _slopes(x: Tensor, slope: Callable[[Tensor], Tensor]) -> Callable[[], None]:
    def closure() -> None:
        x.grad = slope(x)

    return closure


def _drawn(signals: Tensor, count: int, seed: int) -> Tensor:
    """Signals of length 1, drawn at random; again, if there are too few."""
    lengths = signals.norm(dim=1)
    some = signals[lengths > 0]
    if not len(some):
        raise ValueError(
            "learn_dictionary: signals must have one that is not zero, got "
            f"only zeros of shape {tuple(signals.shape)}"
        )
    generator = torch.Generator("cpu").manual_seed(seed)
    rounds = -(-count // len(some))
    order = torch.cat(
        [torch.randperm(len(some), generator=generator) for _ in range(rounds)]
    )
    drawn = some[order[:count].to(some.device)]
    atoms: Tensor = drawn / drawn.norm(dim=1, keepdim=True)
    return atoms


def _replace(signals: Tensor, codes: Tensor, atoms: Tensor) -> int:
    """Put the worst remainders in the place of atoms that no signal uses."""
    unused = (codes == 0).all(0).nonzero().flatten()
    if not len(unused):
        return 0
    left = signals - codes @ atoms
    lengths = left.norm(dim=1)
    worst = lengths.argsort(descending=True)[: len(unused)]
    worst = worst[lengths[worst] > 0]
    atoms[unused[: len(worst)]] = left[worst] / lengths[worst, None]
    return len(worst)


def _height(
    signals: Tensor, codes: Tensor, atoms: Tensor, penalty: L1
) -> float:
    value = Reconstruction(signals, atoms)(codes) - penalty(codes)
    return float(value)


def _check_matrix(
    owner: str, name: str, x: object, dims: tuple[int, ...]
) -> None:
    if not isinstance(x, Tensor) or not x.is_floating_point():
        kind = x.dtype if isinstance(x, Tensor) else type(x).__name__
        takes = "a real floating-point tensor"
        raise TypeError(f"{owner}: {name} must be {takes}, got {kind}")
    if x.ndim not in dims or not x.numel():
        takes = " or ".join(f"{n}" for n in dims)
        raise ValueError(
            f"{owner}: {name} must have {takes} dimensions and numbers in it, "
            f"got shape {tuple(x.shape)}"
        )
    if not x.isfinite().all():
        raise ValueError(f"{owner}: {name} must be finite")
