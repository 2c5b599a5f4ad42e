"""Generative adversarial networks: what each of the two players maximizes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real
from typing import Any, Literal, TypeAlias, get_args

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

Form: TypeAlias = Literal["non-saturating", "minimax"]


def discriminator_payoff(real: Tensor, fake: Tensor) -> Tensor:
    r"""What the discriminator maximizes, from its logits.

    .. math:: V = \frac1n \sum_i \log D(x_i)
        + \frac1m \sum_j \log\bigl(1 - D(\tilde x_j)\bigr),
        \qquad D = \frac{1}{1 + e^{-a}}

    It takes the logits a, not D: log(1 - D) = log D(-a) is right to the last
    digits also where D rounds to 1.

    >>> logits = torch.zeros(5)  # D cannot tell: V is 2 log(1/2)
    >>> round(float(discriminator_payoff(logits, logits)), 4)
    -1.3863

    Args:
        real: the logits of data, shape (..., n).
        fake: those of samples that the generator made, shape (..., m).

    Returns:
        V, shape (...): leading axes are games beside each other.

    Raises:
        TypeError: no tensor of real floating-point numbers.
        ValueError: a tensor without samples, or unlike leading axes.

    Source: Goodfellow et al. (2014), equation 1.
    """
    _check_logits("discriminator_payoff", "real", real)
    _check_logits("discriminator_payoff", "fake", fake)
    if real.shape[:-1] != fake.shape[:-1]:
        raise ValueError(
            "discriminator_payoff: real and fake must be of the same games, "
            f"got shapes {tuple(real.shape)} and {tuple(fake.shape)}"
        )
    return logsigmoid(real).mean(-1) + logsigmoid(-fake).mean(-1)


def generator_payoff(fake: Tensor, form: Form = "non-saturating") -> Tensor:
    r"""What the generator maximizes, from the discriminator's logits.

    .. math::
        \frac1m \sum_j \log D(\tilde x_j) & \quad \text{non-saturating} \\
        -\frac1m \sum_j \log\bigl(1 - D(\tilde x_j)\bigr)
            & \quad \text{minimax}

    The second is minus what the generator changes in V. Both grow with the
    logit a, the first with the slope 1 - D, the second with D: where the
    discriminator is sure of a sample, D → 0, the second has no slope left.

    >>> sure = torch.tensor([-10.0], requires_grad=True)
    >>> for form in ("non-saturating", "minimax"):
    ...     value = generator_payoff(sure, form)
    ...     print(f"{float(torch.autograd.grad(value, sure)[0]):.6f}")
    0.999955
    0.000045

    Args:
        fake: the logits of samples that the generator made, shape (..., m).
        form: which of the two.

    Returns:
        The payoff, shape (...).

    Raises:
        TypeError: no tensor of real floating-point numbers.
        ValueError: a tensor without samples, or an unknown form.

    Source: Goodfellow et al. (2014), section 3.
    """
    _check_form("generator_payoff", form)
    _check_logits("generator_payoff", "fake", fake)
    if form == "minimax":
        return -logsigmoid(-fake).mean(-1)
    return logsigmoid(fake).mean(-1)


@dataclass(frozen=True)
class Adversarial:
    r"""The two payoffs of a GAN, each to be maximized by its own player.

    It is a closure for `gradient_ascent.games.MinMax`, whose players both
    climb: the generator first, then the discriminator, who is given

    .. math:: V - \frac{\gamma}{2} \cdot \frac1n \sum_i
        \lVert \nabla_{\!x}\, a(x_i) \rVert^2 .

    >>> theta = torch.tensor([1.0], requires_grad=True)
    >>> psi = torch.tensor([0.0], requires_grad=True)
    >>> dirac = Adversarial(lambda z: z + theta, lambda x: (x * psi).sum(-1))
    >>> zero = torch.zeros(1, 1)
    >>> [round(value.item(), 4) for value in dirac(zero, zero)]
    [-0.6931, -1.3863]

    Args:
        generator: from noise to samples, shape (..., m, d).
        discriminator: from samples (..., n, d) to their logits (..., n),
            positive where it believes that they are data. A sample must decide
            its own logit alone, or the penalty is another.
        form: of the generator's payoff, as in `generator_payoff`.
        penalty: γ, per squared slope of a logit in units of the data.

    Raises:
        TypeError: an argument of the wrong kind.
        ValueError: an unknown form, or a penalty that is negative or not
            finite.

    Source: Goodfellow et al. (2014); for the penalty, R₁, Mescheder, Geiger
        and Nowozin (2018), equation 9.
    """

    generator: Callable[[Tensor], Tensor]
    discriminator: Callable[[Tensor], Tensor]
    form: Form = "non-saturating"
    penalty: float = 0.0

    def __post_init__(self) -> None:
        for name in ("generator", "discriminator"):
            if not callable(getattr(self, name)):
                raise TypeError(
                    f"Adversarial: {name} must be a function or a module, got "
                    f"{getattr(self, name)!r}"
                )
        _check_form("Adversarial", self.form)
        penalty: Any = self.penalty
        if isinstance(penalty, bool) or not isinstance(penalty, Real):
            raise TypeError(
                f"Adversarial: penalty must be a real number, got {penalty!r}"
            )
        if not 0 <= float(self.penalty) < math.inf:
            raise ValueError(
                f"Adversarial: penalty must lie in [0, inf), got {penalty!r}"
            )

    def __call__(self, noise: Tensor, data: Tensor) -> tuple[Tensor, Tensor]:
        """What the generator and what the discriminator are to maximize.

        Games beside each other have leading axes; their payoffs are added up,
        so each parameter gets the gradient of its own game.

        Args:
            noise: what the generator makes its samples of.
            data: shape (..., n, d).

        Raises:
            TypeError: a tensor of the wrong kind.
            ValueError: shapes that do not fit.
        """
        fake = self._logits(self.generator(noise))
        climbed = generator_payoff(fake, self.form).sum()
        if not self.penalty:
            real = self._logits(data)
            return climbed, discriminator_payoff(real, fake).sum()
        at = data.detach().requires_grad_()
        real = self._logits(at)
        (slope,) = torch.autograd.grad(real.sum(), at, create_graph=True)
        steep = slope.square().sum(-1).mean(-1)
        value = discriminator_payoff(real, fake) - self.penalty / 2 * steep
        return climbed, value.sum()

    def _logits(self, samples: Tensor) -> Tensor:
        if not isinstance(samples, Tensor) or samples.dim() < 2:
            raise ValueError(
                "Adversarial: data and generated samples must be tensors of "
                f"shape (..., n, d), got {_shape(samples)}"
            )
        logits = self.discriminator(samples)
        if not isinstance(logits, Tensor) or logits.shape != samples.shape[:-1]:
            raise ValueError(
                "Adversarial: discriminator must return a logit for each "
                f"sample, shape {tuple(samples.shape[:-1])}, got "
                f"{_shape(logits)}"
            )
        return logits


def _shape(value: object) -> str:
    """The shape of a tensor, for an error; anything else as it is."""
    return repr(tuple(value.shape) if isinstance(value, Tensor) else value)


def _check_form(owner: str, form: object) -> None:
    if form not in get_args(Form):
        names = ", ".join(get_args(Form))
        raise ValueError(f"{owner}: form must be one of {names}; got {form!r}")


def _check_logits(owner: str, name: str, logits: object) -> None:
    if not isinstance(logits, Tensor) or not logits.is_floating_point():
        raise TypeError(
            f"{owner}: {name} must be a tensor of real floating-point numbers, "
            f"got {logits!r}"
        )
    if logits.dim() == 0 or logits.shape[-1] == 0:
        raise ValueError(
            f"{owner}: {name} must hold logits along its last axis, got shape "
            f"{tuple(logits.shape)}"
        )
