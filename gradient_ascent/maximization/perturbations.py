"""Random moves for leaving saddles and local maxima."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from gradient_ascent.arguments import Factor, NonNegative, Positive, check
from gradient_ascent.maximization.rows import norm, spread
from gradient_ascent.maximization.starts import normal


@dataclass(frozen=True)
class Noise:
    r"""Annealed noise: a normal draw after each step, smaller every time.

    .. math:: \theta_t \leftarrow \theta_t + \sigma \gamma^t z_t,
        \qquad z_t \sim \mathcal N(0, I)

    Attributes:
        scale: σ, in parameter units.
        decay: γ in (0, 1], the factor that each step puts on the scale.

    Raises:
        TypeError: an argument that is not a real number.
        ValueError: an argument outside its interval.

    Source: Langevin's equation, cooled; the geometric schedule of Kirkpatrick,
        Gelatt, Vecchi (1983).
    """

    scale: NonNegative
    decay: Factor = 0.99

    def __post_init__(self) -> None:
        check(Noise, vars(self))

    def draw(
        self, rows: Sequence[Tensor], step: int, generator: torch.Generator
    ) -> list[Tensor]:
        """What to add to `rows` after step `step`."""
        size = self.scale * self.decay**step
        return [size * normal(x, generator) for x in rows]


@dataclass(frozen=True)
class Kick:
    r"""Perturbed ascent: a kick wherever the run would stop.

    Where gradient and step have become small there may be a maximum, or a
    saddle. A kick tells them apart:

    .. math:: \theta_t \leftarrow \theta_t + r \, u^{1/d} \,
        z / \lVert z \rVert, \qquad
        z \sim \mathcal N(0, I), \; u \sim \mathcal U(0, 1)

    which is uniform in the ball of radius r, in d dimensions. From a saddle the
    run climbs away. A run that comes to rest again, no higher than before its
    kick, has converged.

    Attributes:
        radius: r, in parameter units: small to leave saddles, as wide as a hill
            to leave local maxima.
        patience: steps that a run has, at least, from a kick to the verdict.

    Raises:
        TypeError: an argument that is not a real number.
        ValueError: an argument outside its interval.

    Source: Jin, Ge, Netrapalli, Kakade, Jordan (2017).
    """

    radius: Positive
    patience: NonNegative = 100

    def __post_init__(self) -> None:
        check(Kick, vars(self))

    def draw(
        self, rows: Sequence[Tensor], generator: torch.Generator
    ) -> list[Tensor]:
        """What to add to `rows`."""
        directions = [normal(x, generator) for x in rows]
        runs = len(rows[0])
        dimension = sum(x[0].numel() * (1 + x.is_complex()) for x in rows)
        share = torch.rand(
            runs, generator=generator, dtype=torch.float64, device="cpu"
        )
        length = self.radius * share ** (1 / dimension) / norm(directions)
        return [spread(length, x) * x for x in directions]


class Kicks:
    """Which runs were kicked when, and how high they had been; for `Kick`."""

    def __init__(self, runs: int) -> None:
        self.height = torch.full(
            (runs,), -torch.inf, dtype=torch.float64, device="cpu"
        )
        self.step = self.height.clone()

    def judge(
        self,
        settled: Tensor,
        best: Tensor,
        enough: Tensor,
        *,
        step: int,
        patience: float,
    ) -> tuple[Tensor, Tensor]:
        """Of the settled runs, those to kick, and those that have converged.

        Args:
            settled: which runs are at rest.
            best: the highest objective of each.
            enough: the gain that is worth another kick.
            step: the number of this step.
            patience: how many steps a kick has before it is judged.
        """
        due = settled & (self.step + patience <= step)
        higher = best > self.height + enough
        kicked = due & higher
        self.height = torch.where(kicked, best, self.height)
        self.step = torch.where(kicked, float(step), self.step)
        return kicked, due & ~higher
