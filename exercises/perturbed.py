"""Perturbed ascent.

Write plain ascent that gets itself off a ridge. Before each step look at the gradient.
If its length is at most `small`, and no kick was given in the last `patience` steps,
add `kick()` to the point, and take the gradient there. `kick()` gives a list of small
numbers, one a coordinate. Return the point after so many steps. Points and gradients
are lists.
"""


def climb(gradient, theta, lr, steps, small, patience, kick):
    """Plain ascent with kicks, where the gradient is small."""
    # solution: begin
    last = None
    for t in range(steps):
        g = gradient(theta)
        length = sum(x * x for x in g) ** 0.5
        if length <= small and (last is None or t - last > patience):
            theta = [x + move for x, move in zip(theta, kick())]
            g, last = gradient(theta), t
        theta = [x + lr * slope for x, slope in zip(theta, g)]
    return theta
    # solution: end


# check
CHAPTER = "first-order/saddles"
KIND, LEVEL = "compute", 3
HINT = (
    "Keep the number of the step of the last kick, and let there be none at first. "
    "With a kick in step t the next one may come in step t + patience + 1."
)

from gradient_ascent.exercises import Property


def run(gradient, theta, lr, steps, small, patience, kick, *, wrong=""):
    """The run, or one with a mistake."""
    last = None
    for t in range(steps):
        g = gradient(theta)
        due = sum(x * x for x in g) ** 0.5 <= small
        waited = last is None or t - last > patience or wrong == "impatient"
        if due and waited and wrong != "never":
            moves = kick()
            if wrong != "lost":
                theta = [x + move for x, move in zip(theta, moves)]
            g = g if wrong == "old gradient" else gradient(theta)
            last = t
        sign = -1 if wrong == "down" else 1
        theta = [x + sign * lr * slope for x, slope in zip(theta, g)]
    return theta


MISTAKES = {
    "No kick was given: is the length of the gradient compared with `small`?": "never",
    "It kicks at every step near the saddle: wait `patience` steps.": "impatient",
    "The step took the gradient from before the kick: take it anew.": "old gradient",
    "That is downhill: add what the gradient says.": "down",
    "The kick was drawn, but the point has not moved.": "lost",
}


def check(solved):
    """From on the ridge, with kicks that are told in advance."""

    def gradient(p):
        """Of -x² + y² - y⁴: two summits, and a saddle between them."""
        x, y = p
        return [-2 * x, 2 * y - 4 * y**3]

    def kicks():
        """The same kicks for everyone."""
        sizes = iter([1e-3, -2e-3, 5e-4] * 200)
        return lambda: [next(sizes), next(sizes)]

    for start, lr, steps, patience in (
        ([1.0, 0.0], 0.1, 20, 10),
        ([1.0, 0.0], 0.1, 34, 3),
        ([0.0, 0.0], 0.05, 12, 5),
        ([0.3, 0.0], 0.2, 200, 50),
    ):
        given = [gradient, start, lr, steps, 0.05, patience]
        right = run(*given, kicks())
        yield Property(
            f"The point after {steps} steps from {start} (patience {patience})",
            solved.climb(*given, kicks()),
            right,
            {said: run(*given, kicks(), wrong=what) for said, what in MISTAKES.items()},
        )
