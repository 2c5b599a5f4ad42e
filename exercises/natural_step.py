"""A step of infomax.

Write one step along the natural gradient of infomax, for the density sech²(u) / 2. Its
ψ(u) is 2 tanh(u). W is a list of rows, and each sample x a list of k numbers; their
mean is zero. With u = W x, add to W η times the product of two matrices: the identity
less the mean of ψ(u) uᵀ, and W.
"""

import math


def step(samples, w, lr):
    """The matrix after the step, as a list of rows."""
    # solution: begin
    k, n = len(w), len(samples)
    signals = [[sum(a * b for a, b in zip(row, x)) for row in w] for x in samples]
    push = [
        [
            (i == j) - sum(2 * math.tanh(u[i]) * u[j] for u in signals) / n
            for j in range(k)
        ]
        for i in range(k)
    ]
    return [
        [w[i][c] + lr * sum(push[i][j] * w[j][c] for j in range(k)) for c in range(k)]
        for i in range(k)
    ]
    # solution: end


# check
CHAPTER = "applications/pca-infomax"
KIND, LEVEL = "compute", 3
HINT = (
    "First all u. Then the matrix in the bracket. In its row i and column j is the "
    "mean of 2 tanh(u_i) u_j, taken from 1 on the diagonal and from 0 elsewhere. W "
    "stands to its right."
)

from gradient_ascent.exercises import Property


def product(a, b):
    """Multiply two matrices."""
    return [[sum(x * y for x, y in zip(row, c)) for c in zip(*b)] for row in a]


def bracket(samples, w, psi=lambda u: 2 * math.tanh(u)):
    """I less the mean of psi(u) times u."""
    k = len(w)
    signals = [[sum(a * b for a, b in zip(row, x)) for row in w] for x in samples]
    return [
        [
            (i == j) - sum(psi(u[i]) * u[j] for u in signals) / len(samples)
            for j in range(k)
        ]
        for i in range(k)
    ]


def moved(w, lr, push):
    """W after a step."""
    return [[a + lr * b for a, b in zip(*rows)] for rows in zip(w, push)]


def check(solved):
    """Two and three signals, near and far."""
    two = [[1.0, 0.5], [-2.0, 0.1], [0.3, -1.2], [0.7, 0.6]]
    three = [[1.0, 0.0, 2.0], [-1.0, 0.5, 0.0], [0.0, -0.5, -2.0]]
    for samples, w, lr in (
        (two, [[1.0, 0.0], [0.0, 1.0]], 0.1),
        (two, [[1.0, 0.4], [-0.3, 0.8]], 0.5),
        (two, [[-2.0, 0.5], [0.1, 3.0]], 0.05),
        (three, [[0.5, 0.1, 0.0], [0.2, 1.0, -0.3], [0.0, 0.4, 0.7]], 0.2),
    ):
        push = bracket(samples, w)
        turned = [list(row) for row in zip(*push)]
        yield Property(
            f"A step of {lr:g} from {w}",
            solved.step([*map(list, samples)], [*map(list, w)], lr),
            moved(w, lr, product(push, w)),
            {
                "That is downhill.": moved(w, -lr, product(push, w)),
                "The bracket is multiplied by W.": moved(w, lr, push),
                "W stands to the right of the bracket.": moved(w, lr, product(w, push)),
                "ψ belongs to the row: the mean of ψ(u_i) u_j.": (
                    moved(w, lr, product(turned, w))
                ),
                "ψ is twice the tanh.": moved(
                    w, lr, product(bracket(samples, w, math.tanh), w)
                ),
                "That is the step alone: add it to W.": [
                    [lr * x for x in row] for row in product(push, w)
                ],
            },
        )
