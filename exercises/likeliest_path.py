"""The likeliest path of hidden states.

The states are 0, 1, ... A chain begins in state j with the probability `first[j]`, and
goes from i to j with `moves[i][j]`. In state j it shows the symbol y with
`shows[j][y]`. Return the path of states, as a list, that has the highest probability
together with the series.
"""


def likeliest(series, first, moves, shows):
    """The path of states, by Viterbi's algorithm."""
    # solution: begin
    states = range(len(first))
    best = [first[j] * shows[j][series[0]] for j in states]
    came = []
    for y in series[1:]:
        origin = [max(states, key=lambda i: best[i] * moves[i][j]) for j in states]
        best = [best[i] * moves[i][j] * shows[j][y] for j, i in enumerate(origin)]
        came.append(origin)
    path = [max(states, key=lambda j: best[j])]
    for origin in reversed(came):
        path.append(origin[path[-1]])
    return path[::-1]
    # solution: end


# check
CHAPTER = "applications/hmm"
KIND, LEVEL = "compute", 3
HINT = (
    "For each state keep the probability of the best path that ends there, and the "
    "state before the last on it. At the end begin with the best state and walk back."
)

from itertools import pairwise, product

from gradient_ascent.exercises import Property


def joint(path, series, first, moves, shows):
    """The probability of a path and the series together."""
    each = first[path[0]]
    for i, j in pairwise(path):
        each *= moves[i][j]
    for j, y in zip(path, series):
        each *= shows[j][y]
    return each


def one_by_one(series, *model):
    """The likeliest state at each time, given the whole series."""
    size, times = range(len(model[0])), range(len(series))
    weights = [[0.0 for _ in size] for _ in times]
    for path in product(size, repeat=len(series)):
        for t, j in enumerate(path):
            weights[t][j] += joint(path, series, *model)
    return [row.index(max(row)) for row in weights]


def greedy(series, first, moves, shows):
    """Each state the likeliest after the one before."""
    path = []
    for y in series:
        chances = moves[path[-1]] if path else first
        scores = [p * row[y] for p, row in zip(chances, shows)]
        path.append(scores.index(max(scores)))
    return path


def check(solved):
    """Coins, three states, a move that is impossible; against all paths."""
    coins = [0.5, 0.5], [[0.8, 0.2], [0.2, 0.8]], [[0.5, 0.5], [0.9, 0.1]]
    three = (
        [0.4, 0.3, 0.3],
        [[0.9, 0.1, 0.0], [0.0, 0.1, 0.9], [0.1, 0.0, 0.9]],
        [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]],
    )
    for series, model in (
        ([0], coins),
        ([0, 0, 1, 1, 0, 0], coins),
        ([0, 0, 0, 0, 0, 1, 1], coins),
        ([0, 1], three),
        ([0, 0, 1, 0], three),
    ):
        size = range(len(model[0]))
        paths = map(list, product(size, repeat=len(series)))
        right = max(paths, key=lambda path: joint(path, series, *model))
        yield Property(
            f"The likeliest path behind {series} with {len(size)} states",
            solved.likeliest(list(series), *model),
            right,
            {
                "Those are the likeliest states, each by itself: their path need not "
                "be likely.": one_by_one(series, *model),
                "A state that looks best now may lead to a worse path.": greedy(
                    series, *model
                ),
                "The path runs the other way: turn it around.": right[::-1],
            },
        )
