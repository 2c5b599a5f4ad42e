"""How far off the gradient of a batch is.

The gradients of all data are in a list of numbers. A batch of `size` of them is drawn,
with replacement or without, and its mean is taken for the mean of all. Return the mean
square of its error.
"""


def mean_square_error(gradients, size, replacement):
    """The mean square of (mean of a batch) - (mean of all)."""
    # solution: begin
    n = len(gradients)
    mean = sum(gradients) / n
    variance = sum((g - mean) ** 2 for g in gradients) / n
    if replacement:
        return variance / size
    return variance / size * (n - size) / (n - 1)
    # solution: end


# check
CHAPTER = "first-order/stochastic"
KIND, LEVEL = "compute", 1
HINT = (
    "All data are there, so the variance divides by n. Without replacement there is a "
    "further factor, which is zero if the batch is all of the data."
)

from itertools import combinations, product

from gradient_ascent.exercises import Property


def counted(gradients, size, replacement):
    """Over all batches there are."""
    batches = (
        product(gradients, repeat=size)
        if replacement
        else combinations(gradients, size)
    )
    mean = sum(gradients) / len(gradients)
    squares = [(sum(batch) / size - mean) ** 2 for batch in batches]
    return sum(squares) / len(squares)


def check(solved):
    """Batches of one, of some, of all, with replacement and without."""
    data = [1.0, 2.0, 3.0, 6.0]
    for gradients, size, replacement in (
        (data, 1, True),
        (data, 3, True),
        (data, 2, False),
        (data, 4, False),
        ([-2.0, 0.5, 7.0, 7.0, 1.0], 3, False),
    ):
        n = len(gradients)
        right = counted(gradients, size, replacement)
        single = counted(gradients, 1, True)
        how = "with" if replacement else "without"
        yield Property(
            f"The error of {size} of {gradients}, {how} replacement",
            solved.mean_square_error(gradients, size, replacement),
            right,
            {
                "That is with replacement.": single / size,
                "That is without replacement.": single / size * (n - size) / (n - 1),
                "That is the typical error: square it.": right**0.5,
                "All data are known: divide by n, not by n - 1.": right * n / (n - 1),
                "That is the error of one datum: divide by the batch size.": single,
                "The variance falls with B itself, not with its root.": single
                / size**0.5,
            },
        )
