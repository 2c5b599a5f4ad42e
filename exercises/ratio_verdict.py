"""How far is a step?

A layer has the weights `before` a step and `after` it, lists of numbers. Its ratio is
the length of the step over the length of the weights after it, and 0 without a step.
Then give a word to each of several layers, pairs (before, after): "still" if the ratio
is below 1e-5, "wild" if it is above 1e-1, "usual" else.
"""


def ratio(before, after):
    """The update ratio of one layer."""
    # solution: begin
    step = sum((b - a) ** 2 for a, b in zip(before, after)) ** 0.5
    size = sum(b**2 for b in after) ** 0.5
    return step / size if step else 0.0
    # solution: end


def words(layers):
    """A list with the word for each pair."""
    # solution: begin
    ratios = [ratio(before, after) for before, after in layers]
    return ["still" if r < 1e-5 else "wild" if r > 1e-1 else "usual" for r in ratios]
    # solution: end


# check
CHAPTER = "practice/diagnosis"
KIND, LEVEL = "compute", 1
HINT = "Two Euclidean lengths and a quotient. Ask for the step of length zero first."

from gradient_ascent.exercises import Property

CASES = (
    ([3.0, 3.5], [3.0, 4.0]),
    ([3.0, 3.9], [3.0, 4.0]),
    ([1.0, 2.0, 2.0], [1.0, 2.0, 2.000003]),
    ([1.0, -1.0], [-1.0, 1.0]),
    ([0.0, 0.0], [0.0, 0.0]),
)


def check(solved):
    """Usual steps, a tiny one, a leap, and none."""
    for before, after in CASES:
        step = [b - a for a, b in zip(before, after)]
        length = sum(x * x for x in step) ** 0.5
        size = sum(x * x for x in after) ** 0.5
        right = length / size if length else 0.0
        yield Property(
            f"The ratio from {before} to {after}",
            solved.ratio(before, after),
            right,
            {
                "That is the length of the step: divide by the weights'.": length,
                "That is its square: take both roots.": right**2,
            },
        )
    yield Property(
        "The words for the same layers",
        solved.words(CASES[1:]),
        ["usual", "still", "wild", "still"],
    )
