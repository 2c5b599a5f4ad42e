"""Learning rates on a logarithmic scale.

First: return `count` learning rates from `low` to `high`, both of them included, each
of them the same factor above the one before.

Then: a trial draws its learning rate so that its logarithm is even between those of
`low` and `high`. With which probability does it fall between `a` and `b`, which lie
inside?
"""

import math


def learning_rates(low, high, count):
    """A list, from low to high."""
    # solution: begin
    factor = (high / low) ** (1 / (count - 1))
    return [low * factor**i for i in range(count)]
    # solution: end


def probability(a, b, low, high):
    """Of a draw between a and b."""
    # solution: begin
    return math.log(b / a) / math.log(high / low)
    # solution: end


# check
CHAPTER = "practice/tuning"
KIND, LEVEL = "compute", 1
HINT = (
    "From the first to the last there are count - 1 equal factors. For the second, the "
    "logarithms of a and b cut a piece out of an interval."
)

from gradient_ascent.exercises import Property


def check(solved):
    """Three decades, one, and a part of them."""
    for low, high, count in ((1e-3, 1.0, 4), (0.01, 10.0, 7), (0.1, 0.2, 3)):
        steps = range(count)
        yield Property(
            f"{count} learning rates from {low:g} to {high:g}",
            solved.learning_rates(low, high, count),
            [low * (high / low) ** (i / (count - 1)) for i in steps],
            {
                "These are as far apart as each other; a factor is asked for.": [
                    low + (high - low) * i / (count - 1) for i in steps
                ],
                "The last one is missing: there are count - 1 factors.": [
                    low * (high / low) ** (i / count) for i in steps
                ],
            },
        )
    for a, b, low, high in ((0.1, 1.0, 1e-3, 10.0), (0.02, 0.04, 0.01, 1.0)):
        yield Property(
            f"The probability of {a:g} to {b:g}, drawn from {low:g} to {high:g}",
            solved.probability(a, b, low, high),
            math.log(b / a) / math.log(high / low),
            {
                "That is an even draw; its logarithm is to be even.": (
                    (b - a) / (high - low)
                ),
                "How many decades, but of how many?": math.log10(b / a),
            },
        )
