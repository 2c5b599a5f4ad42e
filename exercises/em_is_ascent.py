"""The learning rate of EM.

A component of a mixture on a line has the mean m and the scale σ (the variance is σ²).
`points` are the data, and `shares` its responsibility for each. Return two numbers: the
slope of the log-likelihood by m, and the learning rate with which a step of plain
ascent is EM's step for m. What must m plus their product be?
"""


def slope_and_learning_rate(points, shares, m, scale):
    """The slope by the mean, and the learning rate of EM."""
    # solution: begin
    slope = sum(r * (x - m) for x, r in zip(points, shares)) / scale**2
    return slope, scale**2 / sum(shares)
    # solution: end


# check
CHAPTER = "applications/mixtures"
KIND, LEVEL = "compute", 2
HINT = (
    "EM goes to the mean of the points, weighted by the shares. Subtract m, and "
    "compare what is left with the slope."
)

from gradient_ascent.exercises import Property


def check(solved):
    """Shares of all kinds; the step must lead to the weighted mean."""
    for points, shares, m, scale in (
        ([1.0, 3.0], [1.0, 1.0], 0.0, 1.0),
        ([1.0, 3.0], [1.0, 0.5], 0.0, 1.0),
        ([-2.0, 0.5, 4.0], [0.2, 0.9, 0.4], 1.0, 0.5),
        ([-2.0, 0.5, 4.0, 4.5], [0.01, 0.1, 0.6, 0.9], 3.0, 2.0),
    ):
        held = sum(shares)
        pull = sum(r * (x - m) for x, r in zip(points, shares))
        found = solved.slope_and_learning_rate(list(points), list(shares), m, scale)
        slope, learning_rate = found or (None, None)
        where = f"for the shares {shares} at m = {m}, σ = {scale}"
        yield Property(
            f"The slope {where}",
            slope,
            pull / scale**2,
            {
                "The slope is divided by the variance, σ².": pull,
                "The variance is σ², not σ.": pull / scale,
                "Each point counts by its share.": sum(x - m for x in points)
                / scale**2,
                "Uphill is toward the points.": -pull / scale**2,
            },
        )
        yield Property(
            f"The learning rate {where}",
            learning_rate,
            scale**2 / held,
            {
                "It must cancel the variance in the slope.": 1 / held,
                "The variance is σ², not σ.": scale / held,
                "The component does not hold all n points: it holds the sum of its "
                "shares.": scale**2 / len(points),
                "That is upside down.": held / scale**2,
            },
        )
