"""Problems from `objectives`: a mixture of normals, a largest eigenvalue."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

from gradient_ascent.benchmarks.missing import extra
from gradient_ascent.benchmarks.problem import Problem, Task, generator
from gradient_ascent.objectives import GaussianMixture, Rayleigh

COMPONENTS = 2
MIXTURE_OPTIMUM = -1.32778480623275
SIZE = 50
RATIO = 0.9
"""Of each eigenvalue to the one before; the largest is 1."""


@cache
def petals() -> GaussianMixture:
    """A mixture's log-likelihood for the lengths of 150 iris petals."""
    datasets = extra("sklearn.datasets", "scikit-learn", "this problem")
    numbers = torch.from_numpy(datasets.load_iris(return_X_y=True)[0])
    return GaussianMixture(numbers[:, 2:3], pseudo_count=1.0)


def _mixture(seed: int) -> Task:
    f = petals()
    drawn = f.starts(COMPONENTS, 1, full=False, seed=seed)
    theta = {name: part[0].requires_grad_() for name, part in drawn.items()}
    n = len(f.data)
    return Task([*theta.values()], lambda: f(theta) / n, MIXTURE_OPTIMUM)


@cache
def matrix() -> Tensor:
    """Eigenvalues 1, 0.9, 0.81, ..., whose eigenvectors lie askew."""
    draws = generator(0)
    square = torch.randn(SIZE, SIZE, generator=draws, dtype=torch.float64)
    turned, _ = torch.linalg.qr(square)
    values = RATIO ** torch.arange(SIZE, dtype=torch.float64)
    product: Tensor = turned * values @ turned.T
    return (product + product.T) / 2


def _eigenvalue(seed: int) -> Task:
    f = Rayleigh(matrix())
    draws = generator(seed)
    x = torch.randn(SIZE, generator=draws, dtype=torch.float64)
    x.requires_grad_()
    return Task([x], lambda: f(x / torch.linalg.vector_norm(x)), 1.0)


PROBLEMS = [
    Problem(
        "mixture",
        f"log-likelihood a sample of {COMPONENTS} normals, 150 iris petals",
        random="which samples the means start at",
        steps=200,
        target=1e-4,
        source="expectation-maximization from many starts, in a test",
        make=_mixture,
    ),
    Problem(
        "eigenvalue",
        f"Rayleigh quotient of a {SIZE} x {SIZE} matrix, eigenvalues 0.9^k",
        random="the start, in every direction alike",
        steps=200,
        target=1e-6,
        source="closed form: the matrix is made with the eigenvalue 1",
        make=_eigenvalue,
    ),
]
