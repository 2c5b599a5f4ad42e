"""The learning rate for a floor.

Near an optimum of curvature λ the gradient of one datum has errors of standard
deviation σ. You want a run on batches of B to hover at a typical distance, the root of
the mean square. Return the constant learning rate that does so.
"""


def learning_rate(distance, curvature, sigma, size):
    """The η whose floor is the square of the distance."""
    # solution: begin
    m = distance**2
    return 2 * curvature * m * size / (sigma**2 + curvature**2 * m * size)
    # solution: end


# check
CHAPTER = "first-order/stochastic"
KIND, LEVEL = "compute", 2
HINT = "Write m for the square of the distance, and solve m B λ (2 - η λ) = η σ² for η."

from gradient_ascent.exercises import Property


def check(solved):
    """The floor of what comes back is looked at, and compared with what was asked."""
    for distance, curvature, sigma, size in (
        (0.5, 1.0, 1.0, 1),
        (0.1, 4.0, 2.0, 1),
        (0.1, 4.0, 2.0, 16),
        (2.0, 0.5, 3.0, 5),
        (1.0, 2.0, 1.0, 8),
    ):
        m = distance**2
        noise = sigma**2 / size
        yield Property(
            f"The η for the distance {distance:g}, with λ = {curvature:g}, "
            f"σ = {sigma:g}, B = {size}",
            solved.learning_rate(distance, curvature, sigma, size),
            2 * curvature * m / (noise + curvature**2 * m),
            {
                "That holds for small η λ only: keep the 2 - η λ.": 2
                * curvature
                * m
                / noise,
                "The floor is the square of the distance.": 2
                * curvature
                * distance
                / (noise + curvature**2 * distance),
                "The variance is σ²/B.": 2
                * curvature
                * m
                / (sigma**2 + curvature**2 * m),
                "σ² is a variance, σ is not: square it.": 2
                * curvature
                * m
                / (sigma / size + curvature**2 * m),
            },
        )
