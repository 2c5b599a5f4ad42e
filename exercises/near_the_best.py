"""How often a method is near the best.

`costs` has a list for each problem: what each method took to the target, `math.inf`
where it did not get there. Return the performance profile of one method at `ratio`: the
share of the problems on which it took at most `ratio` times what the best one took. On
a problem that nobody solved, nobody was near.
"""

import math


def profile(costs, method, ratio):
    """The share of problems where a method, an index, is that near the best."""
    # solution: begin
    near = 0
    for problem in costs:
        best = min(problem)
        if best < math.inf and problem[method] <= ratio * best:
            near += 1
    return near / len(costs)
    # solution: end


# check
CHAPTER = "evidence/benchmarks"
KIND, LEVEL = "compute", 2
HINT = (
    "Go through the problems. The best is the least of a problem's costs. inf <= inf "
    "is true, so ask first whether anyone arrived."
)

from gradient_ascent.exercises import Property


def share(costs, near):
    """The share of problems of which something holds."""
    return sum(map(near, costs)) / len(costs)


def check(solved):
    """The fastest, one that is often near, one that fails, a problem unsolved."""
    costs = [
        [10.0, 15.0, 200.0],
        [30.0, 20.0, math.inf],
        [math.inf, 50.0, 40.0],
        [math.inf, math.inf, math.inf],
        [7.0, 7.0, 9.0],
    ]
    solvable = [problem for problem in costs if min(problem) < math.inf]
    for method in range(3):
        for ratio in (1.0, 1.5, 3.0, 100.0):

            def near(problem, method=method, ratio=ratio):
                return problem[method] <= ratio * min(problem)

            def strictly(problem, method=method, ratio=ratio):
                return problem[method] < ratio * min(problem)

            right = share(solvable, near) * len(solvable) / len(costs)
            yield Property(
                f"The profile of method {method} at {ratio:g}",
                solved.profile(costs, method, ratio),
                right,
                {
                    "Where nobody arrived, nobody was near.": share(costs, near),
                    "A problem that nobody solved counts as one, too.": share(
                        solvable, near
                    ),
                    "At most: the best itself is within the ratio 1.": (
                        share(solvable, strictly) * len(solvable) / len(costs)
                    ),
                    "Return a share of the problems, not their number.": (
                        right * len(costs)
                    ),
                },
            )
