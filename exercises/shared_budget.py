"""Restarts that share a budget.

A budget of evaluations is spent on m runs. Each evaluation of f at x gives the height
f(x) and the slope, in one call:

    height, slope = f(x)

Each run takes budget // m of them: the first at its start, and one after each step

    x ← x + η slope

Return the x of the highest point that was evaluated in any of the runs. It need not be
the end of its run.
"""


def climb(f, starts, eta, budget):
    """The highest point that runs from all starts see on one budget."""
    # solution: begin
    highest, best = float("-inf"), None
    for x in starts:
        for _ in range(budget // len(starts)):
            height, slope = f(x)
            if height > highest:
                highest, best = height, x
            x += eta * slope
    return best
    # solution: end


# check
CHAPTER = "practice/escaping"
KIND, LEVEL = "compute", 2
HINT = (
    "Two loops: over the starts, and over the evaluations of one run. Compare each "
    "height with the highest so far, and only then take the step."
)

from gradient_ascent.exercises import Property
from gradient_ascent.ops import cos, sin


def runs(f, starts, eta, steps):
    """The points of a run from each start."""
    for x in starts:
        points = [x]
        for _ in range(steps):
            points.append(points[-1] + eta * f(points[-1])[1])
        yield points


def check(solved):
    """One run and several, one that climbs past a summit, and the evaluations."""
    asked = []

    def rippled(x):
        asked.append(x)
        return cos(3 * x) - 0.1 * x**2, -3 * sin(3 * x) - 0.2 * x

    def highest(points):
        return max(points, key=lambda x: rippled(x)[0])

    for starts, eta, budget in (
        ([2.5], 0.05, 20),
        ([0.5], 0.5, 7),
        ([-4.0, 2.5, 0.4], 0.1, 30),
        ([3.0, -1.5], 0.7, 13),
    ):
        asked.clear()
        each = budget // len(starts)
        got = solved.climb(rippled, list(starts), eta, budget)
        spent = len(asked)
        kept = list(runs(rippled, starts, eta, each))
        seen = [x for points in kept for x in points[:each]]
        told = f"{len(starts)} run(s) with eta = {eta} and {budget} evaluations"
        yield Property(
            f"The best point of {told}",
            got,
            highest(seen),
            {
                "The end of a run need not be its highest point: keep the best.": (
                    highest(points[each - 1] for points in kept)
                ),
                "The last step leads to a point that was not evaluated.": highest(
                    points[each] for points in kept
                ),
                "That is the height: return the point.": rippled(highest(seen))[0],
                "That is downhill: is a sign flipped?": highest(
                    x
                    for points in runs(rippled, starts, -eta, each)
                    for x in points[:each]
                ),
            },
        )
        yield Property(
            f"The evaluations of {told}",
            spent,
            each * len(starts),
            {"The runs share them: budget // m each.": budget * len(starts)},
        )
