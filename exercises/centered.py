"""Centered RMSProp.

Graves' RMSProp keeps two averages, s of the squared gradients and m of the gradients,
both zero at the start, and divides by how much the gradients vary:

    s ← α s + (1 - α) g²
    m ← α m + (1 - α) g
    step = η g / (√(s - m²) + ε)

In exact arithmetic s - m² is never negative. In a computer it can be: where it is,
take zero in its place.
"""

import math


def centered(gradient, averages, lr=1e-2, alpha=0.99, eps=1e-8):
    """The step to add, and the new averages (s, m)."""
    s, m = averages
    # solution: begin
    s = alpha * s + (1 - alpha) * gradient**2
    m = alpha * m + (1 - alpha) * gradient
    variance = max(s - m**2, 0.0)
    return lr * gradient / (math.sqrt(variance) + eps), (s, m)
    # solution: end


# check
CHAPTER = "adaptive/rmsprop"
KIND, LEVEL = "compute", 2
HINT = (
    "Both averages are taken before the step. The greater of s - m² and 0 goes under "
    "the root, ε beside it."
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property, same_rule


def ours(gradient, averages, lr, alpha, eps):
    """The book's rule."""
    state = rules.RMSpropState(*averages)
    settings = {"lr": lr, "alpha": alpha, "eps": eps}
    step, new = rules.rmsprop(gradient, state, centered=True, **settings)
    return step, (new.square_avg, new.grad_avg)


def downhill(gradient, averages, lr, alpha, eps):
    """The step of descent."""
    step, averages = ours(gradient, averages, lr, alpha, eps)
    return -step, averages


def uncentered(gradient, averages, lr, alpha, eps):
    """A divisor without the mean."""
    _, (s, m) = ours(gradient, averages, lr, alpha, eps)
    return lr * gradient / (math.sqrt(s) + eps), (s, m)


def unsquared(gradient, averages, lr, alpha, eps):
    """The mean, where its square should be."""
    _, (s, m) = ours(gradient, averages, lr, alpha, eps)
    return lr * gradient / (math.sqrt(max(s - m, 0.0)) + eps), (s, m)


def inside(gradient, averages, lr, alpha, eps):
    """ε under the root."""
    _, (s, m) = ours(gradient, averages, lr, alpha, eps)
    return lr * gradient / math.sqrt(max(s - m**2, 0.0) + eps), (s, m)


MISTAKES = {
    "That is downhill: a rule gives the step to add.": downhill,
    "That is RMSProp without the mean: subtract m², with the new m.": uncentered,
    "Subtract the square of m, not m.": unsquared,
    "ε stands inside the root, as in Graves' paper; here it is beside it.": inside,
}


def check(solved):
    """Compare with the book's, then averages that rounding has spoiled."""
    for alpha, eps in ((0.9, 0.5), (0.75, 1e-3)):
        settings = {"lr": 0.4, "alpha": alpha, "eps": eps}
        yield from same_rule(solved.centered, ours, (0.0, 0.0), MISTAKES, **settings)
    spoiled, settings = (1 - 1e-12, 1.0), {"lr": 0.4, "alpha": 0.9, "eps": 0.5}
    try:
        step, _ = solved.centered(1.0, spoiled, **settings)
    except ValueError:
        step = "the root of a negative number"
    yield Property(
        "The step where rounding has made s - m² negative",
        step,
        0.4 / 0.5,
        {
            "Below zero take zero, not the size: max, not abs.": (
                0.4 / (math.sqrt(0.9e-12) + 0.5)
            )
        },
    )
