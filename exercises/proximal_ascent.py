"""Proximal ascent.

Climb f less λ times the sum of the coordinates' sizes. You are given `gradient(x)`, the
gradient g of the smooth part f, as a list. Each step goes along it, and pays for the
penalty:

    x ← S(x + η g)

S is the soft threshold: it brings each coordinate nearer to zero by ηλ, and makes it
zero where no more than that is there.
"""


def climb(gradient, x, lr, weight, steps):
    """Where `steps` proximal steps lead from `x`, as a list."""
    # solution: begin
    for _ in range(steps):
        ahead = [a + lr * g for a, g in zip(x, gradient(x))]
        x = [a - max(-lr * weight, min(a, lr * weight)) for a in ahead]
    return x
    # solution: end


# check
CHAPTER = "applications/sparse-coding"
KIND, LEVEL = "compute", 2
HINT = (
    "First the step along the gradient, for all coordinates. Then the soft threshold "
    "with ηλ: a - max(-ηλ, min(a, ηλ)) is one way to write it."
)

from gradient_ascent.exercises import Property

TOP = [3.0, 0.4]


def slope(x):
    """Of a hill whose two coordinates pull at each other."""
    u, v = TOP[0] - x[0], TOP[1] - x[1]
    return [u + 0.5 * v, 0.5 * u + v]


def ours(x, lr, weight, steps, pays=True, after=True, sign=1.0):
    """The run, and the same with a mistake."""
    for _ in range(steps):
        g = slope(x)
        take = lr * weight if pays else weight
        if not after:  # the slope of the penalty, as if it had one at zero
            kink = [(a > 0) - (a < 0) for a in x]
            x = [a + lr * (b - weight * k) for a, b, k in zip(x, g, kink)]
            continue
        ahead = [a + sign * lr * b for a, b in zip(x, g)]
        x = [a - max(-take, min(a, take)) for a in ahead]
    return x


def check(solved):
    """One step, a few, and many, where one coordinate must be zero to all digits."""
    for start, weight, steps in (
        ([1.0, 1.0], 1.0, 1),
        ([0.0, 0.0], 1.0, 3),
        ([1.0, -1.0], 2.0, 60),
        ([1.0, 1.0], 0.0, 5),
    ):
        yield Property(
            f"{steps} steps from {start}, η = 0.5, λ = {weight:g}",
            solved.climb(slope, list(start), 0.5, weight, steps),
            ours(start, 0.5, weight, steps),
            {
                "The threshold is ηλ, not λ.": ours(start, 0.5, weight, steps, False),
                "That climbs the slope of the penalty; take the soft threshold instead,"
                " after the step.": ours(start, 0.5, weight, steps, after=False),
                "That is downhill: add η times the gradient.": ours(
                    start, 0.5, weight, steps, sign=-1.0
                ),
                "The penalty is not paid.": ours(start, 0.5, 0.0, steps),
            },
        )
