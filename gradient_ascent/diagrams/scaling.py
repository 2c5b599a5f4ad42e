"""What a step costs that n workers share: a model, and its best n."""

from math import log2, log10, sqrt
from typing import Annotated, NamedTuple

from gradient_ascent.arguments import Interval
from gradient_ascent.rules.declaration import Control

from .kinds import Axis, Curve, Drawing, Handle, Panel, Points, diagram

MOST = 14
"""Doublings of the workers that are drawn."""

SPEED, BATCH, BYTES, MEMORY, LATENCY = 2e14, 1e6, 2.0, 3e12, 1e-5
"""A worker's operations a second; the data of a batch; bytes of a number in the
gradient; bytes a second of a worker's memory; seconds of any message."""

FASTEST, SLOWEST = -3.0, 3.0  # powers of ten, seconds
Doublings = Annotated[
    float,
    Interval(0, MOST, open_high=False),
    Control("doublings of the workers, log₂ n", "", (0, MOST), whole=True),
]
Size = Annotated[
    float,
    Interval(10, 10_000, open_high=False),
    Control("parameters, P", "millions", (10, 10_000)),
]
Bandwidth = Annotated[
    float,
    Interval(0.1, 1000, open_high=False),
    Control("bandwidth, β", "GB a second", (0.1, 1000)),
]


class Cost(NamedTuple):
    """What a step costs whose batch is shared by n workers, in seconds.

    Attributes:
        compute: c, one worker's time for the gradient of the whole batch.
        update: m, for the step of the optimizer, which each takes.
        latency: α, of a message, however short.
        size: S, the bytes of the gradient.
        bandwidth: β, the bytes that a worker sends in a second.
    """

    compute: float
    update: float
    latency: float
    size: float
    bandwidth: float

    def sharing(self, n: float) -> float:
        """Of the ring all-reduce: 2 (n - 1) messages of S / n bytes."""
        each = self.latency + self.size / n / self.bandwidth
        return 2 * (n - 1) * each

    def step(self, n: float) -> float:
        """Of all of it: c / n + m, and the ring."""
        return self.compute / n + self.update + self.sharing(n)

    def grown(self, n: float) -> float:
        """Of a step whose batch is n times as large: c + m, and the ring."""
        return self.compute + self.update + self.sharing(n)

    def best(self) -> float:
        """The n at which a step is shortest, were n any number from 1."""
        shared = self.compute - 2 * self.size / self.bandwidth
        return sqrt(max(shared / (2 * self.latency), 1.0))


def planned(size: float, bandwidth: float) -> Cost:
    """The cost for so many parameters, with this file's numbers."""
    return Cost(
        compute=6 * size * BATCH / SPEED,
        update=28 * size / MEMORY,  # seven numbers: p, g, m, v, three anew
        latency=LATENCY,
        size=BYTES * size,
        bandwidth=bandwidth,
    )


def ten(seconds: float) -> float:
    """The power of ten, without its last bits, which vary."""
    return round(log10(seconds), 9)


def efficiency(cost: Cost, n: float) -> float:
    """The share of n workers' work that n workers do."""
    return cost.step(1) / (n * cost.step(n))


def _panels() -> dict[str, Panel]:
    workers = Axis(r"$\log_2 n$", 0, MOST)
    return {
        "time": Panel(
            workers,
            Axis("seconds a step", FASTEST, SLOWEST, powers=True),
        ),
        "efficiency": Panel(workers, Axis("efficiency", 0, 1.05)),
    }


@diagram(_panels, ["time", "efficiency"], 5.2)
def scaling(
    doublings: Doublings = 6.0, size: Size = 1000.0, bandwidth: Bandwidth = 10.0
) -> Drawing:
    """A step's time and efficiency over the workers, and where it is best."""
    cost, n = planned(1e6 * size, 1e9 * bandwidth), 2 ** round(doublings)
    places = [k / 4 for k in range(4 * MOST + 1)]
    best = min(cost.best(), 2.0**MOST)

    def over(values: dict[float, float]) -> Points:
        low = 10**FASTEST  # what takes less is left out
        return [(k, ten(v)) if v >= low else None for k, v in values.items()]

    alone = {k: cost.compute / 2**k for k in places}
    shared = {k: cost.sharing(2**k) for k in places}
    whole = {k: cost.step(2**k) for k in places}
    lost = [(k, efficiency(cost, 2**k)) for k in places]
    step, share = cost.step(n), efficiency(cost, n)
    at = round(log2(best), 9)
    return Drawing(
        {
            "time": [
                Curve(over(alone), color=1, dashed=True),
                Curve(over(shared), color=2, dashed=True),
                Curve(over(whole), color=0),
                Curve([(at, ten(cost.step(best)))], mark=1, line=False),
                Handle(
                    (doublings, ten(step)), "The workers", ("doublings", None)
                ),
            ],
            "efficiency": [
                Curve(lost, color=0),
                Curve([(at, efficiency(cost, best))], mark=1, line=False),
                Handle((doublings, share), "The workers", ("doublings", None)),
            ],
        },
        f"{n} workers take {step:.3g} seconds a step, {cost.sharing(n):.3g} of "
        f"them to add up the gradients; their efficiency is {100 * share:.0f} "
        f"percent. A step is shortest with {best:.0f}.",
    )  # fmt: skip
