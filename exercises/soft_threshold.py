"""The soft threshold.

A proximal step to x ends at the point z that is near to x and cheap, where a unit of
|z| costs λ:

    z = sign(x) max(|x| - η λ, 0)

Return that point for each coordinate of `x`: nearer to zero by ηλ, and zero itself if
there is no more to take.
"""


def soft_threshold(x, lr, weight):
    """The proximal map of the weighted l1 norm, as a list."""
    # solution: begin
    take = lr * weight
    return [max(each - take, 0.0) if each > 0 else min(each + take, 0.0) for each in x]
    # solution: end


# check
CHAPTER = "applications/sparse-coding"
KIND, LEVEL = "compute", 1
HINT = (
    "Take ηλ from the size of each coordinate, not from the coordinate: a negative one "
    "comes up to zero. If less than ηλ is there, nothing is left."
)

from gradient_ascent.exercises import Property


def check(solved):
    """Coordinates of both signs, on the threshold, below it, and zero."""
    for x, lr, weight in (
        ([3.0, -3.0], 0.5, 2.0),
        ([0.25, -0.75, 1.0], 0.5, 2.0),
        ([0.0, 5.0], 2.0, 1.5),
        ([1.5, -0.5], 0.5, 0.0),
    ):
        take = lr * weight
        size = [max(abs(each) - take, 0.0) for each in x]
        right = [part if each > 0 else -part + 0.0 for each, part in zip(x, size)]
        yield Property(
            f"The soft threshold of {x} for η = {lr:g}, λ = {weight:g}",
            solved.soft_threshold(list(x), lr, weight),
            right,
            {
                "A size below ηλ becomes zero; it does not pass to the other side.": [
                    each - take if each > 0 else each + take if each < 0 else 0.0
                    for each in x
                ],
                "A negative coordinate moves up, toward zero.": [
                    max(each - take, 0.0) for each in x
                ],
                "Small ones become zero, but the others are brought nearer as well.": [
                    each if abs(each) > take else 0.0 for each in x
                ],
                "How much is taken is ηλ: the learning rate counts.": [
                    max(abs(each) - weight, 0.0) * (1 if each > 0 else -1) + 0.0
                    for each in x
                ],
                "These are the sizes. Give each its sign back.": size,
            },
        )
