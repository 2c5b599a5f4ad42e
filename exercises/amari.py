"""How well unmixed.

W unmixes what A has mixed if P = W A has one number in each row and each column, and
zeros elsewhere. The Amari distance says how far P is from that, from 0 to 1. Take the
sum of each row's sizes, divided by the largest of them, less 1. Do the same with the
columns. Add all up, and divide by 2 k (k - 1), where k is the number of rows.

Write it for matrices of k rows, k above 1, as lists of rows.
"""


def distance(unmixing, mixing):
    """The Amari distance of W from undoing A."""
    # solution: begin
    columns = list(zip(*mixing))
    p = [[abs(sum(x * y for x, y in zip(row, c))) for c in columns] for row in unmixing]
    k = len(p)
    lines = [*p, *zip(*p)]
    return sum(sum(line) / max(line) - 1 for line in lines) / (2 * k * (k - 1))
    # solution: end


# check
CHAPTER = "applications/pca-infomax"
KIND, LEVEL = "compute", 2
HINT = (
    "`zip(*rows)` gives the columns. Multiply first, take sizes, then go through the "
    "rows and the columns in one loop."
)

from gradient_ascent.exercises import Property


def times(w, a):
    """Multiply two matrices."""
    return [[sum(x * y for x, y in zip(row, c)) for c in zip(*a)] for row in w]


def lost(lines):
    """What the lines add to the distance, before it is divided."""
    return sum(sum(line) / max(line) - 1 for line in lines)


def check(solved):
    """Undone but for order and sign, not at all, and in between."""
    eye = [[1.0, 0.0], [0.0, 1.0]]
    for w, a in (
        ([[0.0, -3.0], [0.5, 0.0]], eye),
        ([[1.0, 1.0], [1.0, 1.0]], eye),
        ([[2.0, -0.5], [0.3, 1.0]], eye),
        ([[1.0, 0.2], [-0.4, 1.0]], [[1.0, 0.5], [0.2, 2.0]]),
        (
            [[1.0, 0.1, 0.2], [0.0, -2.0, 0.3], [0.4, 0.0, 1.0]],
            [[1.0, 0.0, 0.1], [0.2, 1.0, 0.0], [0.0, 0.3, 1.0]],
        ),
    ):
        k, product = len(w), times(w, a)
        p = [[abs(x) for x in row] for row in product]
        other = [[abs(x) for x in row] for row in times(a, w)]
        most = 2 * k * (k - 1)
        yield Property(
            f"W = {w}, A = {a}",
            solved.distance(w, a),
            (lost(p) + lost(zip(*p))) / most,
            {
                "P is W A, in this order.": (lost(other) + lost(zip(*other))) / most,
                "The columns count as well.": lost(p) / most,
                "Divide by the largest value, 2 k (k - 1).": lost(p) + lost(zip(*p)),
                "A row that is as it should be adds 1 - 1 = 0.": (
                    lost(p) + lost(zip(*p)) + 2 * k
                )
                / most,
            },
        )
