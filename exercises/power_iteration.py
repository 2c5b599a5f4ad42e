"""The two ends, without a Hessian.

You can multiply a vector by the Hessian H of a bowl, and no more: `times(v)` gives H v,
as a difference of two gradients would. Multiply again and again: the steepest direction
outgrows all others. Find the largest curvature so. Then find the smallest in the same
way, as the largest one of another matrix. Vectors are lists.
"""


def largest(times, start, steps):
    """The largest curvature, after so many multiplications."""
    # solution: begin
    v = start
    for _ in range(steps):
        length = sum(x * x for x in v) ** 0.5
        v = [x / length for x in v]
        image = times(v)
        curvature = sum(x * y for x, y in zip(v, image))
        v = image
    return curvature
    # solution: end


def smallest(times, start, steps):
    """The smallest curvature, after twice as many multiplications."""
    # solution: begin
    top = largest(times, start, steps)

    def turned_over(v):
        return [top * x - y for x, y in zip(v, times(v))]

    return top - largest(turned_over, start, steps)
    # solution: end


# check
CHAPTER = "first-order/conditioning"
KIND, LEVEL = "compute", 3
HINT = (
    "Keep the vector's length at one, or it overflows. With |v| = 1 the curvature "
    "along v is v · H v. What are the eigenvalues of λ I - H, if λ is the largest of H?"
)

from gradient_ascent.exercises import Property

AXES = ((1 / 3, 2 / 3, 2 / 3), (2 / 3, 1 / 3, -2 / 3), (2 / 3, -2 / 3, 1 / 3))


def bowl(curvatures):
    """H v for a bowl of three coordinates with these curvatures along `AXES`."""

    def times(v):
        along = [h * sum(a * x for a, x in zip(u, v)) for h, u in zip(curvatures, AXES)]
        return [sum(c * u[i] for c, u in zip(along, AXES)) for i in range(3)]

    return times


def check(solved):
    """Bowls of three curvatures, in several orders and units."""
    start = [1.0, 0.3, 0.1]
    for curvatures in ((1.0, 5.0, 20.0), (7.0, 3.0, 0.5), (200.0, 6000.0, 900.0)):
        times, low, high = bowl(curvatures), min(curvatures), max(curvatures)
        length = sum(x * x for x in start)
        first = sum(x * y for x, y in zip(start, times(start)))
        yield Property(
            f"The largest of the curvatures {curvatures}",
            solved.largest(times, start, 200),
            high,
            {
                "That is the curvature along the start: go on from H v.": first
                / length,
                "Divide by the length once more, or keep it at one.": first,
                "That is the smallest.": low,
                "The length of H H v over that of v is its square.": high**2,
            },
        )
        yield Property(
            f"The smallest of the curvatures {curvatures}",
            solved.smallest(times, start, 400),
            low,
            {
                "That is the largest of λ I - H: take it from λ.": high - low,
                "That is minus the curvature.": -low,
                "That is the largest.": high,
            },
        )
