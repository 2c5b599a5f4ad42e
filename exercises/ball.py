"""Projection onto a ball.

To climb within a ball, take a step and then go to the nearest point of the ball. Return
that point: the given one if its distance from the origin is at most `radius`, and
otherwise the point on the sphere in the same direction.

    nearest = x min(1, r / |x|)
"""

import math


def project(point, radius):
    """The point of the ball that is nearest to `point`, as a list."""
    # solution: begin
    length = math.hypot(*point)
    if length <= radius:
        return list(point)
    return [radius / length * x for x in point]
    # solution: end


# check
CHAPTER = "practice/constraints"
KIND, LEVEL = "compute", 2
HINT = (
    "`math.hypot(*point)` is the distance from the origin. Outside, all coordinates "
    "are shortened by one factor, which makes the length `radius`."
)

from gradient_ascent.exercises import Property


def check(solved):
    """Points inside, on the sphere, outside and at the origin, of three dimensions."""
    for point, radius, nearest in (
        ([0.3, -0.4], 1.0, [0.3, -0.4]),
        ([3.0, 4.0], 1.0, [0.6, 0.8]),
        ([3.0, 4.0], 2.0, [1.2, 1.6]),
        ([-7.0], 2.0, [-2.0]),
        ([2.0, -4.0, 4.0], 3.0, [1.0, -2.0, 2.0]),
        ([0.0, 0.0], 1.0, [0.0, 0.0]),
        ([3.0, 4.0], 5.0, [3.0, 4.0]),
    ):
        length = math.hypot(*point) or 1.0
        yield Property(
            f"The nearest point to {point} in the ball of radius {radius:g}",
            solved.project(list(point), radius),
            nearest,
            {
                "A point inside the ball stays where it is.": [
                    radius / length * x for x in point
                ],
                "That is the nearest point of a box: shorten all coordinates alike.": [
                    max(-radius, min(radius, x)) for x in point
                ],
                "The direction is right: now make the length the radius.": [
                    x / length for x in point
                ],
                "A point outside must be moved onto the sphere.": list(point),
            },
        )
