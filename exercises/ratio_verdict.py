"""How far is a step?

A layer has the weights `before` a step and `after` it, lists of numbers. Return the
length of the step over the length of the weights after it, and a word: "still" if that
is below 1e-5, "wild" if it is above 1e-1, "usual" else. Weights that are all zero, with
no step, are still.
"""


def verdict(before, after):
    """The pair (ratio, word)."""
    # solution: begin
    step = sum((b - a) ** 2 for a, b in zip(before, after)) ** 0.5
    size = sum(b**2 for b in after) ** 0.5
    ratio = step / size if step else 0.0
    word = "still" if ratio < 1e-5 else "wild" if ratio > 1e-1 else "usual"
    return ratio, word
    # solution: end


# check
CHAPTER = "practice/diagnosis"
KIND, LEVEL = "compute", 1
HINT = "Two Euclidean lengths and a quotient. Ask for the step of length zero first."

from gradient_ascent.exercises import Property

CASES = (
    ([3.0, 3.9], [3.0, 4.0]),
    ([1.0, 2.0, 2.0], [1.0, 2.0, 2.000003]),
    ([1.0, -1.0], [-1.0, 1.0]),
    ([0.0, 0.0], [0.0, 0.0]),
    ([0.5], [0.5]),
)


def check(solved):
    """A usual step, a tiny one, a leap, and none."""
    for before, after in CASES:
        step = [b - a for a, b in zip(before, after)]
        length = sum(x * x for x in step) ** 0.5
        size = sum(x * x for x in after) ** 0.5
        largest = max(map(abs, step))
        right = length / size if length else 0.0
        ratio, word = solved.verdict(before, after)
        yield Property(
            f"The ratio from {before} to {after}",
            ratio,
            right,
            {
                "That is the length of the step: divide by the weights'.": length,
                "That is its square: take both roots.": right**2,
                "That is the largest element, not the length.": largest,
            },
        )
        known = "still" if right < 1e-5 else "wild" if right > 0.1 else "usual"
        yield Property(f"The word for {right:.3g}", word, known)
