"""Densities of what a hidden state emits, for `HiddenMarkov`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import torch
from torch import Tensor

Theta = Mapping[str, Tensor]
Emission = Callable[[Tensor, Theta], Tensor]
"""From a series of T values and θ to its log-densities, shape (T, states)."""


def poisson(y: Tensor, theta: Theta) -> Tensor:
    r"""Counts, with a mean for each state.

    .. math:: \log p(y \mid j) = y\,\ell_j - e^{\ell_j} - \log y!

    Args:
        y: counts, shape (T,).
        theta: has "log_mean", the :math:`\ell_j`, shape (states,).

    Raises:
        ValueError: y holds what is no count.
    """
    if bool(((y < 0) | (y != y.round())).any()):
        raise ValueError("poisson: y must hold counts 0, 1, 2, ..., got others")
    log_mean = theta["log_mean"]
    y = y.to(log_mean)[:, None]
    return y * log_mean - log_mean.exp() - torch.lgamma(y + 1)


def gaussian(y: Tensor, theta: Theta) -> Tensor:
    r"""Real numbers, with a mean and a standard deviation for each state.

    .. math:: \log p(y \mid j) = -\tfrac12 z^2 - \log \sigma_j
        - \tfrac12 \log 2\pi, \qquad z = (y - c_j) / \sigma_j

    It has no upper bound: it grows forever where a state's mean is one of the
    numbers and its deviation shrinks to zero.

    Args:
        y: shape (T,).
        theta: has "mean" and "log_sd", both of shape (states,).
    """
    mean, log_sd = theta["mean"], theta["log_sd"]
    z = (y.to(mean)[:, None] - mean) * (-log_sd).exp()
    return -(z**2) / 2 - log_sd - math.log(2 * math.pi) / 2


def categorical(y: Tensor, theta: Theta) -> Tensor:
    r"""Symbols 0 to k - 1, with probabilities for each state.

    .. math:: \log p(y \mid j) = z_{jy} - \log \sum_s e^{z_{js}}, \qquad
        z_{j0} = 0

    Args:
        y: shape (T,).
        theta: has "symbols", the other z, shape (states, k - 1). One of -inf
            makes the probability of its symbol zero.

    Raises:
        ValueError: y holds what is no symbol.
    """
    logits = theta["symbols"]
    symbols = logits.shape[-1] + 1
    if bool(((y < 0) | (y >= symbols) | (y != y.round())).any()):
        raise ValueError(
            f"categorical: y must hold whole numbers from 0 to {symbols - 1}, "
            "got others"
        )
    return first_is_zero(logits).log_softmax(-1).T[y.long()]


def first_is_zero(logits: Tensor) -> Tensor:
    """Put a zero before the logits of each row."""
    zero = logits.new_zeros((*logits.shape[:-1], 1))
    return torch.cat([zero, logits], -1)
