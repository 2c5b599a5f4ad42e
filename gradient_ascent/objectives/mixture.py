"""The log-likelihood of a mixture of normal distributions."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from gradient_ascent.arguments import NonNegative, check_whole, checked
from gradient_ascent.objectives.likelihood import LogLikelihood
from gradient_ascent.objectives.mixture_parts import (
    Parts,
    check_form,
    free,
    log_weights,
)
from gradient_ascent.objectives.table import table


class GaussianMixture:
    r"""The log-likelihood of a mixture of normal distributions, for `maximize`.

    .. math:: f(\theta) = \sum_i \log \sum_k \pi_k N(x_i; m_k, C_k)

    θ is a dict of K components in d coordinates, whose numbers are free:

    - `"logits"`, shape (K - 1,): the logarithms of :math:`\pi_k / \pi_1`
      for k from 2 to K;
    - `"means"`, shape (K, d): the m;
    - `"log_scales"`, shape (K, d): the logarithms of the scales σ;
    - `"slopes"`, shape (K, d (d - 1) / 2): the b, row by row. Without them b is
      zero, and C the diagonal matrix of the σ².

    A component predicts each coordinate j from those before it, and σ is the
    standard deviation of what is left:

    .. math::
        u_j = \Bigl(x_j - m_j - \sum_{l<j} b_{jl} (x_l - m_l)\Bigr) / \sigma_j,
        \qquad \log N = -\tfrac12 \sum_j u_j^2 - \sum_j \log \sigma_j
        - \tfrac d2 \log 2\pi

    so that :math:`C^{-1} = T^\top D^{-2} T`, a Cholesky factorization, with
    :math:`T = I - B` and :math:`D = \operatorname{diag}(\sigma)`.

    With two components or more f has no upper bound: one may shrink onto a data
    point. A `pseudo_count` ν adds to f, for each component, what ν more samples
    would that lie around its mean with the scale `pseudo_scale`, s:

    .. math:: -\frac{\nu}{2} \sum_k \bigl(\operatorname{tr} (S C_k^{-1}) +
        \log \det C_k\bigr), \qquad S = \operatorname{diag}(s^2)

    >>> f = GaussianMixture([[-1.0], [1.0]])
    >>> theta = f.point([1.0], [[0.0]], [[[1.0]]])
    >>> round(float(f(theta)), 4)  # -1 - log(2 pi)
    -2.8379

    Attributes:
        data: shape (n, d), a sample a row, float64 unless it was a tensor of
            other real numbers.
        pseudo_count: ν.
        pseudo_scale: shape (d,), in the units of the data.

    Source: Pourahmadi (1999) for b and σ; Ciuperca, Ridolfi, Idier (2003) for a
        penalty that bounds f.
    """

    @checked
    def __init__(
        self,
        data: Any,
        pseudo_count: NonNegative = 0.0,
        pseudo_scale: Any = None,
    ) -> None:
        """Keep the data.

        Args:
            data: a table, a sample a row.
            pseudo_count: ν.
            pseudo_scale: s, a number or one for each coordinate; by default a
                tenth of the data's standard deviations.

        Raises:
            TypeError: a `pseudo_count` that is no real number.
            ValueError: data that is no table of finite numbers; a negative
                `pseudo_count`; a `pseudo_scale` that is not above 0, or of
                another length.
        """
        self.data = x = table("GaussianMixture", data)
        self.pseudo_count = float(pseudo_count)
        if pseudo_scale is None:  # without a count any will do
            pseudo_scale = x.std(0, correction=0) / 10 if pseudo_count else 1.0
        scale = torch.as_tensor(pseudo_scale, dtype=x.dtype).to(x)
        if scale.shape not in ((), x.shape[1:]) or not bool((scale > 0).all()):
            raise ValueError(
                "GaussianMixture: pseudo_scale must be above 0, a number or "
                f"{x.shape[1]} of them, got {pseudo_scale}"
            )
        self.pseudo_scale = scale.expand(x.shape[1:])

    def __call__(self, theta: Parts) -> Tensor:
        """f, a number.

        Raises:
            TypeError, ValueError: a θ of another form.
        """
        return self.each(theta).sum() + self._pseudo(theta)

    def each(self, theta: Parts) -> Tensor:
        """The log-density of each sample, shape (n,)."""
        return self.joint(theta).logsumexp(1)

    def joint(self, theta: Parts) -> Tensor:
        """The log of each π times N, shape (n, K)."""
        check_form(theta, self.data.shape[1])
        away = self.data - theta["means"][:, None, :]
        u = away @ self._whitening(theta).mT
        constant = self.data.shape[1] / 2 * math.log(2 * math.pi)
        log_density = -u.square().sum(2).T / 2 - constant
        return log_weights(theta) - theta["log_scales"].sum(1) + log_density

    def responsibilities(self, theta: Parts) -> Tensor:
        """Each component's share in each sample's density, shape (n, K)."""
        return self.joint(theta).softmax(1)

    def scores(self, theta: Parts) -> Tensor:
        """The gradient of each log-density, shape (n, numbers in θ)."""
        return LogLikelihood(self.each).scores(theta)

    def weights(self, theta: Parts) -> Tensor:
        """π, shape (K,)."""
        return log_weights(theta).exp()

    def covariances(self, theta: Parts) -> Tensor:
        """C, shape (K, d, d)."""
        columns = theta["log_scales"].exp().diag_embed()
        root = torch.linalg.solve_triangular(
            self._residual(theta), columns, upper=False, unitriangular=True
        )
        found: Tensor = root @ root.mT
        return found

    def point(
        self, weights: Any, means: Any, covariances: Any
    ) -> dict[str, Tensor]:
        """θ, from what it stands for: the inverse.

        Args:
            weights: π, shape (K,), above 0 and with the sum 1.
            means: m, shape (K, d).
            covariances: C, shape (K, d, d); or (K, d), the variances where
                θ has no slopes.

        Raises:
            ValueError: other shapes, or covariances not positive definite.
        """
        pi, mu, sigma = (
            torch.as_tensor(given, dtype=self.data.dtype).to(self.data)
            for given in (weights, means, covariances)
        )
        k, d = len(pi) if pi.dim() else 0, self.data.shape[1]
        if mu.shape != (k, d) or sigma.shape not in ((k, d), (k, d, d)):
            got = ", ".join(str(tuple(x.shape)) for x in (pi, mu, sigma))
            raise ValueError(
                "GaussianMixture.point: weights, means and covariances must "
                f"have the shapes (K,), (K, {d}) and (K, {d}, {d}) or (K, {d})"
                f", got {got}"
            )
        if sigma.dim() == 2:
            low = sigma.amin(1)
        else:
            low = torch.linalg.eigvalsh(sigma)[:, 0]
        if not bool((pi > 0).all() and (low > 0).all()):
            raise ValueError(
                "GaussianMixture.point: weights must be above 0 and "
                "covariances positive definite, got the weights "
                f"{pi.tolist()} and least eigenvalues {low.tolist()}"
            )
        return free(pi, mu, sigma)

    def em_step(self, theta: Parts) -> dict[str, Tensor]:
        """One step of expectation-maximization, which does not lower f.

        A component without any share in the data keeps its mean, and where ν is
        0 its covariance.

        Source: Dempster, Laird, Rubin (1977).
        """
        shares = self.responsibilities(theta)
        least = torch.finfo(shares.dtype).tiny
        counts = shares.sum(0)
        empty = (counts < least)[:, None]
        counts = counts.clamp(min=least)
        means = shares.T @ self.data / counts[:, None]
        means = torch.where(empty, theta["means"], means)
        away = self.data[:, None, :] - means
        spread = torch.einsum("nk,nki,nkj->kij", shares, away, away)
        extra = self.pseudo_count * self.pseudo_scale.square().diag()
        found = (spread + extra) / (counts + self.pseudo_count)[:, None, None]
        if self.pseudo_count == 0:
            found = torch.where(empty[:, None], self.covariances(theta), found)
        if "slopes" not in theta:
            found = found.diagonal(dim1=1, dim2=2)
        return free(counts / len(shares), means, found)

    def starts(
        self, components: int, count: int, *, full: bool = True, seed: int = 0
    ) -> dict[str, Tensor]:
        """Draw starts, a row of each part of θ for each: for `batched` runs.

        The means are samples, no two of one start from the same row of the
        data; all weights are equal, and all covariances that of the data.

        Args:
            components: K, how many.
            count: how many starts.
            full: whether θ has slopes.
            seed: of the draws.

        Raises:
            TypeError: a number that is not whole.
            ValueError: more components than samples, none of either, or data
                without spread.
        """
        check_whole("GaussianMixture.starts", "components", components, least=1)
        check_whole("GaussianMixture.starts", "count", count, least=1)
        n, x = len(self.data), self.data
        if components > n:
            raise ValueError(
                f"GaussianMixture.starts: components must be {n} at most, one "
                f"a sample, got {components}"
            )
        generator = torch.Generator("cpu").manual_seed(seed)
        draws = [torch.randperm(n, generator=generator) for _ in range(count)]
        rows = torch.stack(draws)[:, :components].to(x.device)
        away = x - x.mean(0)
        one = away.T @ away / n if full else away.square().mean(0)
        same = one.expand(components, *one.shape)
        equal = torch.full((components,), 1 / components)
        theta = self.point(equal, x[rows[0]], same)
        repeated = {
            name: part.expand(count, *part.shape).clone()
            for name, part in theta.items()
        }
        return {**repeated, "means": x[rows]}

    def sorted(self, theta: Parts, by: int = 0) -> dict[str, Tensor]:
        """The same mixture, with its components in the order of their means.

        Args:
            theta: θ.
            by: the coordinate of the means that orders them.
        """
        order = theta["means"][:, by].argsort(stable=True)
        logits = log_weights(theta)[order]
        parts = {name: theta[name][order] for name in theta if name != "logits"}
        return {"logits": logits[1:] - logits[0], **parts}

    def _pseudo(self, theta: Parts) -> Tensor | float:
        """What the pseudo-samples add; tr(S T' D^-2 T) is a sum of squares."""
        if not self.pseudo_count:
            return 0.0
        u = self._whitening(theta) * self.pseudo_scale
        halves = u.square().sum() / 2 + theta["log_scales"].sum()
        return -self.pseudo_count * halves

    def _whitening(self, theta: Parts) -> Tensor:
        """D^-1 T, shape (K, d, d): it makes each component round."""
        return self._residual(theta) / theta["log_scales"].exp()[:, :, None]

    def _residual(self, theta: Parts) -> Tensor:
        """T, shape (K, d, d): from what is measured to what is left of it."""
        like, d = theta["means"], self.data.shape[1]
        one = torch.eye(d, dtype=like.dtype, device=like.device)
        if "slopes" not in theta:
            return one.expand(len(like), d, d)
        rows, columns = torch.tril_indices(d, d, -1, device=like.device)
        places = (one[rows, :, None] * one[columns, None, :]).flatten(1)
        return one - (theta["slopes"] @ places).reshape(-1, d, d)
