"""What a machine of several arms pays on average, and gradients of one pull."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from numbers import Real

import torch
from torch import Tensor


@dataclass(frozen=True)
class Bandit:
    r"""The expected reward of a softmax policy, an f for `maximize`.

    .. math:: f(\theta) = \sum_a \pi_a r_a + \beta H(\pi), \quad
        \pi = \operatorname{softmax} \theta, \quad
        H(\pi) = -\sum_a \pi_a \log \pi_a

    >>> machine = Bandit(torch.tensor([1.0, 0.0]))
    >>> float(machine(torch.zeros(2)))
    0.5

    Points may be many: θ of shape (..., k) gives what it says for each row.

    Args:
        rewards: what each arm pays, shape (k,), in units of reward.
        entropy: β, in units of reward per nat. With β = 0 there is no maximum,
            only a supremum; with β > 0 the maximum is at softmax(r/β).

    Raises:
        TypeError: rewards that are no tensor of real numbers, or an entropy
            that is no real number.
        ValueError: rewards of another shape, none, or numbers that are not
            finite.

    Source: Sutton and Barto (2018), section 2.8; Williams and Peng (1991) for
        the entropy.
    """

    rewards: Tensor
    entropy: float = 0.0

    def __post_init__(self) -> None:
        r, beta = self.rewards, self.entropy
        if not isinstance(r, Tensor) or not r.is_floating_point():
            kind = r.dtype if isinstance(r, Tensor) else type(r).__name__
            raise TypeError(
                f"Bandit: rewards must be a tensor of real numbers, got {kind}"
            )
        if r.dim() != 1 or len(r) == 0 or not r.isfinite().all():
            got = f"shape {tuple(r.shape)}" if r.isfinite().all() else r
            raise ValueError(
                "Bandit: rewards must be finite numbers of shape (k,), one or "
                f"more, got {got}"
            )
        if isinstance(beta, bool) or not isinstance(beta, Real):
            raise TypeError(
                f"Bandit: entropy must be a real number, got {beta!r}"
            )
        if not isfinite(beta):
            raise ValueError(f"Bandit: entropy must be finite, got {beta!r}")

    def __call__(self, theta: Tensor) -> Tensor:
        """The expected reward, with β times the entropy, shape (...)."""
        return (self.policy(theta) * self.worth(theta)).sum(-1)

    def policy(self, theta: Tensor) -> Tensor:
        """The probability of each arm, shape (..., k)."""
        return self._checked(theta).softmax(-1)

    def worth(self, theta: Tensor) -> Tensor:
        r"""What a pull is worth, :math:`r_a - \beta \log \pi_a`: (..., k)."""
        worth = self.rewards.expand(self._checked(theta).shape)
        if self.entropy == 0:
            return worth
        return worth - self.entropy * theta.log_softmax(-1)

    def gradient(self, theta: Tensor) -> Tensor:
        r"""The exact gradient in closed form, shape (..., k).

        .. math:: \frac{\partial f}{\partial \theta_a} = \pi_a (q_a - f),
            \qquad q_a = r_a - \beta \log \pi_a
        """
        f = self(theta)[..., None]
        return self.policy(theta) * (self.worth(theta) - f)

    def natural_gradient(self, theta: Tensor) -> Tensor:
        r"""The gradient divided by the Fisher information, shape (..., k).

        .. math:: F^+ \nabla f = q - \bar q, \qquad
            F = \operatorname{diag} \pi - \pi \pi^\mathsf{T}

        with the mean of all q taken off, which the policy does not see.

        Source: Kakade (2001).
        """
        worth = self.worth(theta)
        return worth - worth.mean(-1, keepdim=True)

    def scores(self, theta: Tensor) -> Tensor:
        r"""The gradient of each arm's log-probability, shape (..., k, k).

        .. math:: \nabla \log \pi_a = e_a - \pi

        Row a is that of arm a.
        """
        pi = self.policy(theta)
        eye = torch.eye(len(self.rewards), dtype=pi.dtype, device=pi.device)
        return eye - pi[..., None, :]

    def variance(self, theta: Tensor, baseline: Tensor | float = 0.0) -> Tensor:
        r"""The variance of the gradient of one pull, by going through all arms.

        .. math:: \sum_a \pi_a (q_a - b)^2 \lVert \nabla \log \pi_a \rVert^2
            - \lVert \nabla f \rVert^2

        It is the sum of the variances of all entries of :math:`(q_a - b) \nabla
        \log \pi_a`, of which the mean is the gradient for every b.

        Args:
            theta: shape (..., k).
            baseline: b, a number or of shape (...), in units of reward.

        Returns:
            Shape (...), in squared units of reward.
        """
        b = torch.as_tensor(baseline, dtype=self.rewards.dtype)[..., None]
        squares = (self.worth(theta) - b) ** 2 * self._lengths(theta)
        mean = (self.policy(theta) * squares).sum(-1)
        return mean - self.gradient(theta).square().sum(-1)

    def best_baseline(self, theta: Tensor) -> Tensor:
        r"""The b for which the variance is least, shape (...).

        .. math:: b^* = \frac{\sum_a \pi_a \lVert \nabla \log \pi_a \rVert^2
            q_a} {\sum_a \pi_a \lVert \nabla \log \pi_a \rVert^2}

        Where all scores are zero every b will do, and it is f.

        Source: Greensmith, Bartlett and Baxter (2004).
        """
        weights = self.policy(theta) * self._lengths(theta)
        total = weights.sum(-1)
        best = (weights * self.worth(theta)).sum(-1) / total
        return torch.where(total > 0, best, self(theta))

    def _lengths(self, theta: Tensor) -> Tensor:
        return self.scores(theta).square().sum(-1)

    def _checked(self, theta: Tensor) -> Tensor:
        k = len(self.rewards)
        if not isinstance(theta, Tensor) or theta.shape[-1:] != (k,):
            got = tuple(theta.shape) if isinstance(theta, Tensor) else theta
            raise ValueError(
                f"Bandit: theta must be a tensor of shape (..., {k}), got {got}"
            )
        return theta
