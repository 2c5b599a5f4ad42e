"""Projection onto the simplex.

Probabilities are at least zero and sum to one: they form the simplex. The point of it
nearest to x is x lowered by one number τ in all coordinates and cut off at zero,

    nearest = max(x - τ, 0)

where τ makes the sum one. To find τ, sort x from the largest down. For k = 1, 2, ...
take the k largest, with the sum S, and let τ = (S - 1) / k. The last k whose k-th
largest number is still above its τ gives the right one.
"""


def project(point):
    """The point of the simplex that is nearest to `point`, as a list."""
    # solution: begin
    total, threshold = 0.0, 0.0
    for k, x in enumerate(sorted(point, reverse=True), start=1):
        total += x
        if x > (total - 1) / k:
            threshold = (total - 1) / k
    return [max(x - threshold, 0.0) for x in point]
    # solution: end


# check
CHAPTER = "practice/constraints"
KIND, LEVEL = "compute", 3
HINT = (
    "Go through the sorted numbers with a running sum. Keep τ whenever the number at "
    "hand is above it; what you kept last is right."
)

from gradient_ascent.exercises import Property


def rescaled(point):
    """The positive part, divided by its sum."""
    positive = [max(x, 0.0) for x in point]
    return [x / (sum(positive) or 1.0) for x in positive]


def shifted(point):
    """All coordinates lowered alike until the sum is one, cut off or not."""
    return [x - (sum(point) - 1) / len(point) for x in point]


def check(solved):
    """Points of the simplex, below it, above it, and such that are cut off."""
    for point, nearest in (
        ([0.2, 0.3, 0.5], [0.2, 0.3, 0.5]),
        ([0.5, 0.5, 0.9], [0.2, 0.2, 0.6]),
        ([2.0, 0.0], [1.0, 0.0]),
        ([1.0, 0.8, -3.0], [0.6, 0.4, 0.0]),
        ([-1.0, -1.0, -1.0, -1.0], [0.25, 0.25, 0.25, 0.25]),
        ([-5.0], [1.0]),
        ([0.1, 2.0, 1.5, 0.2], [0.0, 0.75, 0.25, 0.0]),
    ):
        yield Property(
            f"The nearest point to {point}",
            solved.project(list(point)),
            nearest,
            {
                "To divide by the sum does not lead to the nearest point: subtract "
                "one number from all.": rescaled(point),
                "What falls below zero must be cut off, and τ be taken from the rest "
                "alone.": shifted(point),
                "Cut off at zero only once τ is right: the sum must be one.": [
                    max(x, 0.0) for x in shifted(point)
                ],
                "This point is not on the simplex yet.": list(point),
            },
        )
