"""Hold `maximize`, with nothing but f and a start, beside the methods of SciPy.

python -m tools.beside_scipy [starts] [problem ...]

For each problem and scale: how often each ends at a top, in percent, and how often it
says so falsely; the median of its evaluations where it was right; and the ratio to the
best of SciPy's (the most often right, then the quickest). A method of SciPy's is
stopped after a hundred times our evaluations, or 10,000, and judged where it is.
BFGS and SLSQP, which work on a whole matrix, are asked in up to 100 dimensions.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from scipy.optimize import minimize  # type: ignore[import-untyped]
from torch import Tensor

from gradient_ascent import landscapes, maximize

METHODS = ("BFGS", "SLSQP", "L-BFGS-B", "CG", "TNC", "Newton-CG")
WITHOUT_A_MATRIX = METHODS[2:]
SCALES = ((1.0, 1.0), (1e-8, 1.0), (1e8, 1.0), (1.0, 1e-8), (1.0, 1e8))
Objective = Callable[[Tensor], Tensor]
F64 = torch.float64


class Problem(NamedTuple):
    """What to climb, in how many dimensions, and how far out the runs start."""

    f: Objective
    dimension: int
    width: float = 2.0


class Score(NamedTuple):
    """How the runs of one method went."""

    right: float
    evaluations: float
    false: int


def quadratic(dimension: int, condition: float) -> Objective:
    """A bowl upside down whose curvatures are spread over a range."""
    h = torch.logspace(0, math.log10(condition), dimension, dtype=F64)
    return lambda x: -(h * (x - 3) ** 2).sum()


def rosenbrock(x: Tensor) -> Tensor:
    """SciPy's `rosen`, negated."""
    valley, way = x[1:] - x[:-1] ** 2, 1 - x[:-1]
    height: Tensor = -(100 * valley @ valley + way @ way)
    return height


def asymmetric(x: Tensor) -> Tensor:
    """The asymmetric quadratic of SciPy's benchmarks, negated."""
    return -(x @ x) - x[0]


def booth(x: Tensor) -> Tensor:
    """Booth's function, negated."""
    return -((x[0] + 2 * x[1] - 7) ** 2) - (2 * x[0] + x[1] - 5) ** 2


def levi(x: Tensor) -> Tensor:
    """Lévi's function number 13, negated: many hills on a bowl."""
    a, b, c = (torch.sin(math.pi * t) ** 2 for t in (3 * x[0], 3 * x[1], 2 * x[1]))
    return -a - (x[0] - 1) ** 2 * (1 + b) - (x[1] - 1) ** 2 * (1 + c)


def lennard_jones(x: Tensor) -> Tensor:
    """The potential of Lennard and Jones between atoms, negated."""
    atoms = x.reshape(-1, 3)
    i, j = torch.triu_indices(len(atoms), len(atoms), 1)
    sixth = ((atoms[i] - atoms[j]) ** 2).sum(1) ** -3
    return -4 * (sixth**2 - sixth).sum()


def powell(x: Tensor) -> Tensor:
    """Powell's singular function, negated: its Hessian vanishes at the top."""
    a, b, c, d = x.reshape(-1, 4).T
    squares = (a + 10 * b) ** 2 + 5 * (c - d) ** 2
    height: Tensor = -(squares + (b - 2 * c) ** 4 + 10 * (a - d) ** 4).sum()
    return height


def _design(rows: int, columns: int) -> tuple[Tensor, Tensor, torch.Generator]:
    generator = torch.Generator().manual_seed(rows)
    x = torch.randn(rows, columns, generator=generator, dtype=F64)
    return x, torch.randn(columns, generator=generator, dtype=F64) / 2, generator


def logistic(rows: int, columns: int) -> Objective:
    """The log-likelihood of logistic regression on drawn data."""
    x, beta, generator = _design(rows, columns)
    y = torch.bernoulli(torch.sigmoid(x @ beta), generator=generator)
    return lambda b: (y * (x @ b) - torch.nn.functional.softplus(x @ b)).sum()


def poisson(rows: int, columns: int) -> Objective:
    """The log-likelihood of Poisson regression on drawn data."""
    x, beta, generator = _design(rows, columns)
    y = torch.poisson(torch.exp(x @ beta), generator=generator)
    return lambda b: (y * (x @ b) - torch.exp(x @ b)).sum()


def landscape(name: str) -> Problem:
    """One of the book's, turned so that it has a top."""
    place: landscapes.Landscape = getattr(landscapes, name)
    width = max(high - low for low, high in place.domain) / 4
    sign = 1 if place.maximize else -1
    return Problem(lambda x: sign * place(*x), place.dimension, width)


PROBLEMS = {
    "parabola 2": Problem(quadratic(2, 1), 2),
    "parabola 1000": Problem(quadratic(1000, 1), 1000),
    "quadratic 100, 1e4": Problem(quadratic(100, 1e4), 100),
    "quadratic 1000, 1e3": Problem(quadratic(1000, 1e3), 1000),
    "asymmetric 3": Problem(asymmetric, 3),
    "sine 1": Problem(lambda x: -torch.sin(x).sum(), 1),
    "Booth": Problem(booth, 2, 5.0),
    "Rosenbrock 2": Problem(rosenbrock, 2),
    "Rosenbrock 10": Problem(rosenbrock, 10),
    "Rosenbrock 100": Problem(rosenbrock, 100, 1.0),
    "Rosenbrock 1000": Problem(rosenbrock, 1000, 1.0),
    "Lévi": Problem(levi, 2, 5.0),
    "Lennard-Jones 39": Problem(lennard_jones, 39, 1.5),
    "Powell 40": Problem(powell, 40),
    "logistic 5": Problem(logistic(200, 5), 5, 1.0),
    "logistic 50": Problem(logistic(1000, 50), 50, 1.0),
    "Poisson 5": Problem(poisson(200, 5), 5, 1.0),
}
for _name in ("ravine", "bowl", "himmelblau", "rastrigin", "beale", "ackley", "peaks"):
    PROBLEMS[_name] = landscape(_name)


def starts(problem: Problem, count: int) -> list[Tensor]:
    """Normal draws about the origin, the same at each call."""
    generator = torch.Generator().manual_seed(problem.dimension)
    draws = torch.randn(count, problem.dimension, generator=generator, dtype=F64)
    return list(problem.width * draws)


def at_a_top(f: Objective, x: Tensor, x0: Tensor) -> bool:
    """Whether Newton's method from x soon ends at a top, hardly higher than x.

    Within a hundredth of the length of x, and a millionth of the rise from the start.
    """
    if not (x.isfinite().all() and f(x).isfinite()):
        return False
    top = x.clone()
    for _ in range(60):
        g, h = torch.func.grad(f)(top), torch.func.hessian(f)(top)
        if not (g.isfinite().all() and h.isfinite().all()):
            return False
        step = torch.linalg.pinv(h, rtol=1e-12, hermitian=True) @ g
        top = top - step
        if step.norm() <= 1e-12 * top.norm():
            break
    curves = torch.linalg.eigvalsh(torch.func.hessian(f)(top))
    near = (top - x).norm() <= 0.01 * (1 + top.norm())
    high = f(top) - f(x) <= 1e-6 * (f(top) - f(x0)) + 1e-14 * f(top).abs()
    return bool(near and high and curves[-1] <= 1e-6 * curves.abs().max())


def ours(f: Objective, x0: Tensor) -> tuple[Tensor, bool, int]:
    """Where `maximize` ends, whether it says success, and its evaluations."""
    found = maximize(f, x0)
    return found.x, found.success, found.evaluations


def scipys(
    method: str, most: float
) -> Callable[[Objective, Tensor], tuple[Tensor, bool, int]]:
    """The same for a method of SciPy, on -f with its gradient."""

    def run(f: Objective, x0: Tensor) -> tuple[Tensor, bool, int]:
        evaluations = 0
        best = (math.inf, x0)

        def descend(at: Any) -> tuple[float, Any]:
            nonlocal evaluations, best
            if evaluations >= most:
                raise StopIteration
            evaluations += 1
            x = torch.tensor(at, requires_grad=True)
            value = f(x)
            (g,) = torch.autograd.grad(value, x)
            height = -float(value.detach())
            best = min(best, (height, x.detach()), key=lambda seen: seen[0])
            return height, -g.numpy()

        try:
            found = minimize(descend, x0.numpy(), jac=True, method=method)
        except StopIteration:
            return best[1], False, evaluations
        return torch.tensor(found.x), bool(found.success), evaluations

    return run


def score(
    run: Callable[[Objective, Tensor], tuple[Tensor, bool, int]],
    problem: Problem,
    scale: tuple[float, float],
    count: int,
) -> Score:
    """Run from all starts, with f and x in other units."""
    of_f, of_x = scale
    right: list[bool] = []
    evaluations: list[int] = []
    false = 0
    for x0 in starts(problem, count):
        x, success, needed = run(lambda x: of_f * problem.f(x / of_x), of_x * x0)
        right.append(at_a_top(problem.f, x / of_x, x0))
        evaluations.append(needed)
        false += success and not right[-1]
    useful = [n for n, yes in zip(evaluations, right) if yes]
    median = float(np.median(useful)) if useful else math.nan
    return Score(100 * float(np.mean(right)), median, false)


def best_of_scipy(
    problem: Problem, scale: tuple[float, float], count: int, most: float
) -> tuple[str, Score]:
    """The method that is most often right; of those, the quickest."""
    methods = METHODS if problem.dimension <= 100 else WITHOUT_A_MATRIX
    scores = {m: score(scipys(m, most), problem, scale, count) for m in methods}
    best = max(scores, key=lambda m: (scores[m].right, -scores[m].evaluations))
    return best, scores[best]


def main(count: int, names: list[str]) -> None:
    """Print the table."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    print(f"{'':20} f and x times  {'ours':17}SciPy's best")
    for name in names or PROBLEMS:
        problem = PROBLEMS[name]
        fewer = max(3, count // 10) if problem.dimension == 1000 else count
        for scale in SCALES:
            own = score(ours, problem, scale, fewer)
            most = np.nanmax([100 * own.evaluations, 10_000])
            method, best = best_of_scipy(problem, scale, fewer, most)
            print(
                f"{name:20} {scale[0]:<6g} {scale[1]:<6g} {row(own)}   "
                f"{method:9} {row(best)}   {own.evaluations / best.evaluations:5.2f}",
                flush=True,
            )


def row(score: Score) -> str:
    """A score in a line."""
    return f"{score.right:3.0f} % {score.evaluations:5.0f} {score.false:2}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30, sys.argv[2:])
