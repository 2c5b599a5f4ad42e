"""The likelihood of a long series.

The states of a hidden Markov model are 0, 1, ... A chain begins in state j with the
probability `first[j]`, and goes from i to j with `moves[i][j]`. In state j it shows the
symbol y with `shows[j][y]`. Return the logarithm of the probability of a whole series
of symbols. It may be long: the probability itself may be too small for a float.
"""

import math


def log_likelihood(series, first, moves, shows):
    """The logarithm of the probability of the series."""
    # solution: begin
    total, at = 0.0, list(first)
    for t, y in enumerate(series):
        if t > 0:
            at = [sum(p * row[j] for p, row in zip(at, moves)) for j in range(len(at))]
        at = [p * shows[j][y] for j, p in enumerate(at)]
        seen = sum(at)
        total += math.log(seen)
        at = [p / seen for p in at]
    return total
    # solution: end


# check
CHAPTER = "applications/hmm"
KIND, LEVEL = "compute", 2
HINT = (
    "Carry the probability of each state, given what was seen so far. Their sum, "
    "before you divide by it, is the probability of the newest symbol: add its "
    "logarithm up."
)

from itertools import pairwise, product

from gradient_ascent.exercises import Property


def summed(series, first, moves, shows):
    """Over all paths of states."""
    total = 0.0
    for path in product(range(len(first)), repeat=len(series)):
        each = first[path[0]]
        for i, j in pairwise(path):
            each *= moves[i][j]
        for j, y in zip(path, series):
            each *= shows[j][y]
        total += each
    return total


def turned(matrix):
    """Its rows are the other's columns."""
    return [list(column) for column in zip(*matrix)]


def without_start(series, first, moves, shows):
    """With a move before the first symbol."""
    size = range(len(first))
    moved = [sum(first[i] * moves[i][j] for i in size) for j in size]
    return summed(series, moved, moves, shows)


def check(solved):
    """Three tosses, one symbol, three states; then four thousand tosses."""
    coins = [0.5, 0.5], [[0.8, 0.2], [0.2, 0.8]], [[0.5, 0.5], [0.9, 0.1]]
    three = (
        [0.6, 0.3, 0.1],
        [[0.7, 0.2, 0.1], [0.0, 0.9, 0.1], [0.3, 0.3, 0.4]],
        [[0.2, 0.8], [1.0, 0.0], [0.5, 0.5]],
    )
    for series, model in (([1], coins), ([0, 0, 1], coins), ([1, 0, 0, 1, 1], three)):
        right = summed(series, *model)
        first, moves, shows = model
        still = [[float(i == j) for j in range(len(first))] for i in range(len(first))]
        yield Property(
            f"The log-likelihood of {series}",
            solved.log_likelihood(list(series), *model),
            math.log(right),
            {
                "That is the probability: take its logarithm.": right,
                "The first state does not move before it is seen.": math.log(
                    without_start(series, *model)
                ),
                "moves[i][j] leads from i to j: sum over the first index.": math.log(
                    summed(series, first, turned(moves), shows)
                ),
                "The state moves between two symbols.": math.log(
                    summed(series, first, still, shows)
                ),
            },
        )
    series = [0, 0, 1, 0] * 1000
    gained, (at, moves, shows) = 0.0, coins
    for t, y in enumerate(series):
        if t:
            at = [0.8 * at[0] + 0.2 * at[1], 0.2 * at[0] + 0.8 * at[1]]
        at = [p * row[y] for p, row in zip(at, shows)]
        gained += math.log(sum(at))
        at = [p / sum(at) for p in at]
    try:
        found = solved.log_likelihood(series, *coins)
    except ValueError:  # the logarithm of zero
        found = -math.inf
    yield Property(
        "The log-likelihood of four thousand tosses",
        found,
        gained,
        {"The product vanishes: divide by the sum at each symbol.": -math.inf},
    )
