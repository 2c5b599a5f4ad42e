"""The factor of momentum at a saddle.

Along a way out of curvature λ the velocity goes v = μ v + λ c, and then c = c + η v. In
the long run a step multiplies c by the larger root of

    z² = (1 + μ + η λ) z - μ

Find it. Then find how many times as fast as plain ascent that is: the logarithm of this
factor over that of plain ascent's with the same η. Last, the limit of this number as
η λ goes to zero.
"""

import math


def factor(lr, curvature, momentum):
    """By what a step multiplies the distance, in the long run."""
    # solution: begin
    middle = (1 + momentum + lr * curvature) / 2
    return middle + math.sqrt(middle**2 - momentum)
    # solution: end


def speedup(lr, curvature, momentum):
    """Plain ascent's steps for a tenth, over momentum's."""
    # solution: begin
    return math.log(factor(lr, curvature, momentum)) / math.log(1 + lr * curvature)
    # solution: end


def most(momentum):
    """The limit of the speedup as lr * curvature goes to zero."""
    # solution: begin
    return 1 / (1 - momentum)
    # solution: end


# check
CHAPTER = "first-order/saddles"
KIND, LEVEL = "compute", 2
HINT = (
    "Steps go like one over the logarithm of the factor. For small η λ write "
    "z = 1 + x η λ, put it into the equation, and keep what is of first order."
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def measured(lr, curvature, momentum):
    """The factor of a step after a long run."""
    c, state = 1.0, rules.MomentumState()
    for _ in range(2000):
        step, state = rules.momentum(curvature * c, state, lr=lr, momentum=momentum)
        times = (c + step) / c
        c, state = 1.0, rules.MomentumState(state.momentum_buffer / (c + step))
    return times


def check(solved):
    """Factors against runs, speedups, and the limit."""
    for lr, curvature, momentum in (
        (0.05, 2.0, 0.9),
        (0.3, 1.0, 0.5),
        (0.01, 0.5, 0.0),
    ):
        right = measured(lr, curvature, momentum)
        told = f"(lr={lr:g}, curvature={curvature:g}, momentum={momentum:g})"
        product = lr * curvature
        yield Property(
            f"The factor {told}",
            solved.factor(lr, curvature, momentum),
            right,
            {
                "That is the smaller root: it dies away.": momentum / right,
                "That is plain ascent's.": 1 + product,
                "That is only a bound: it holds for tiny η λ.": 1
                + product / (1 - momentum),
            },
        )
        yield Property(
            f"The speedup {told}",
            solved.speedup(lr, curvature, momentum),
            math.log(right) / math.log(1 + product),
            {
                "Take logarithms: factors multiply.": right / (1 + product),
                "The other way round: fewer steps are faster.": math.log(1 + product)
                / math.log(right),
            },
        )
    for momentum in (0.0, 0.5, 0.9, 0.99):
        yield Property(
            f"The most that momentum {momentum:g} can do",
            solved.most(momentum),
            1 / (1 - momentum),
            {
                "That is the share of the newest gradient.": 1 - momentum,
                "Near 1 - μ the velocity has not time to gather.": 1 + momentum,
            },
        )
