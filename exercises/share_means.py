"""The mean of unequal shares.

Worker k has the mean `means[k]` of the gradients of its `counts[k]` data. Return the
mean gradient of all data.
"""


def joined(means, counts):
    """The mean over all data."""
    # solution: begin
    total = sum(count * mean for count, mean in zip(counts, means))
    return total / sum(counts)
    # solution: end


# check
CHAPTER = "evidence/scaling"
KIND, LEVEL = "compute", 1
HINT = (
    "The sum of a worker's gradients is its mean times its count. Add these up, and "
    "divide by the number of all data."
)

from gradient_ascent.exercises import Property


def check(solved):
    """Equal shares, unequal ones, a single worker."""
    for data in (
        [[1.0, 2.0], [3.0, 6.0]],
        [[1.0, 2.0, 3.0], [6.0]],
        [[-4.0], [0.5, 2.5, 3.0], [8.0, 1.0]],
        [[2.0, 5.0]],
        [[1.0], [2.0], [4.0, 4.0, 4.0, 4.0]],
    ):
        counts = [len(share) for share in data]
        means = [sum(share) / len(share) for share in data]
        numbers = [x for share in data for x in share]
        yield Property(
            f"Means {means} of {counts} data",
            solved.joined(means, counts),
            sum(numbers) / len(numbers),
            {
                "That is the plain mean: a small share counts as much as a large "
                "one.": sum(means) / len(means),
                "That is the sum over all data: divide by their number.": sum(numbers),
                "Divide by the number of data, not of workers.": sum(numbers)
                / len(data),
                "That is the sum of the means.": sum(means),
            },
        )
