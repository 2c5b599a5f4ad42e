"""The parts of a mixture's θ: their form, and what they stand for."""

from collections.abc import Mapping
from typing import TypeAlias

import torch
from torch import Tensor

Parts: TypeAlias = Mapping[str, Tensor]
_NEEDED = {"logits", "means", "log_scales"}


def check_form(theta: Parts, d: int) -> None:
    """Raise an error unless θ is that of a mixture in d coordinates."""
    if not isinstance(theta, Mapping) or not theta.keys() >= _NEEDED:
        got = [*theta] if isinstance(theta, Mapping) else theta
        raise TypeError(
            "GaussianMixture: theta must be a dict with logits, means, "
            f"log_scales and, unless diagonal, slopes; got {got!r}"
        )
    k = theta["means"].shape[0]
    shapes = {"logits": (k - 1,), "means": (k, d), "log_scales": (k, d)}
    if "slopes" in theta:
        shapes["slopes"] = (k, d * (d - 1) // 2)
    for name, shape in shapes.items():
        if theta[name].shape != shape:
            raise ValueError(
                f"GaussianMixture: theta[{name!r}] must have the shape "
                f"{shape}, got {tuple(theta[name].shape)}"
            )


def free(pi: Tensor, mu: Tensor, sigma: Tensor) -> dict[str, Tensor]:
    """θ from weights, means and covariances, or variances."""
    logs = pi.clamp(min=torch.finfo(pi.dtype).tiny).log()
    theta = {"logits": logs[1:] - logs[0], "means": mu}
    if sigma.dim() == 2:
        return {**theta, "log_scales": sigma.log() / 2}
    root, _ = torch.linalg.cholesky_ex(sigma)
    scales, d = root.diagonal(dim1=1, dim2=2), mu.shape[1]
    residual = scales[:, :, None] * torch.linalg.inv_ex(root).inverse
    rows, columns = torch.tril_indices(d, d, -1, device=mu.device)
    slopes = -residual[:, rows, columns]
    return {**theta, "log_scales": scales.log(), "slopes": slopes}


def log_weights(theta: Parts) -> Tensor:
    """The logarithms of π, shape (K,)."""
    logits = theta["logits"]
    return torch.cat([logits.new_zeros(1), logits]).log_softmax(0)
