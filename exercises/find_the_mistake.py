"""Find the mistake.

You are handed a rule that you did not write, as in this book with η = 1 already set:
`step, *state = rule(gradient, *state)`, where `state` is empty at first. Return the
list of those tests that it fails, in this order:

- `"odd"`: fed the negatives of the gradients 3, -1, 2, one after the other, it takes
  the negatives of its steps.
- `"line"`: on a gradient of 1, all of the first twenty steps are 1, up to 0.001.
- `"flat"`: its first step on a gradient of 0 is 0.
- `"scale"`: on the gradients 3, -1, 2 it takes the steps that it takes on 3000, -1000,
  2000, up to 0.001.
"""


def fails(rule):
    """The names of the tests that a rule does not pass."""

    # solution: begin
    def steps(gradients):
        taken, state = [], ()
        for g in gradients:
            step, *state = rule(g, *state)
            taken.append(step)
        return taken

    def far(ones, others, by):
        return any(abs(a - b) > by for a, b in zip(ones, others))

    plain = steps([3.0, -1.0, 2.0])
    mirrored = [-step for step in steps([-3.0, 1.0, -2.0])]
    found = {
        "odd": far(mirrored, plain, 1e-9),
        "line": far(steps([1.0] * 20), [1.0] * 20, 1e-3),
        "flat": steps([0.0]) != [0.0],
        "scale": far(steps([3000.0, -1000.0, 2000.0]), plain, 1e-3),
    }
    return [name for name, failed in found.items() if failed]
    # solution: end


# check
CHAPTER = "reference/errata"
KIND, LEVEL = "compute", 3
HINT = (
    "First write a helper that feeds a rule a list of gradients, hands its state on, "
    "and returns the steps. Begin each test with an empty state."
)

from functools import partial

from gradient_ascent import ops, rules
from gradient_ascent.exercises import Property

ADAM = partial(rules.adam, lr=1.0)


def beside(gradient, *state):
    """Adam with something added to its step, whichever way it goes."""
    step, *state = ADAM(gradient, *state)
    return step + 5e-4, *state


def frozen(gradient, m=0.0, v=0.0):
    """Adam whose step count stays 1."""
    m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
    return (m / 0.1) / (ops.sqrt(v / 0.001) + 1e-8), m, v


def rootless(gradient, v=0.0):
    """A gradient in units of its average square, not the root of it."""
    v = 0.5 * v + 0.5 * gradient**2
    return gradient / (v + 1e-8), v


def sizes(gradient, *state):
    """The size of a gradient, where its sign is due."""
    return abs(gradient) / (abs(gradient) + 1e-8), *state


RULES = (
    ("Adam", ADAM, ""),
    ("The sign of the gradient", lambda g, *state: (ops.sign(g), *state), ""),
    ("Plain ascent", partial(rules.plain, lr=1.0), "scale"),
    ("Momentum", partial(rules.momentum, lr=1.0, momentum=0.9), "line scale"),
    ("Adam with ε beside the fraction", beside, "odd flat"),
    ("Adam whose step count stays 1", frozen, "line"),
    ("A root that is missing", rootless, "line scale"),
    ("The size for the sign", sizes, "odd"),
    ("The published rule", partial(rules.legacy, lr=1.0), "line"),
)
TESTS = "odd", "line", "flat", "scale"


def check(solved):
    """Rules that pass all tests, and some that each test finds."""
    for what, rule, failed in RULES:
        right, helps = failed.split(), {}
        for test in TESTS:
            one_off = set(right) ^ {test}
            sentence = (
                f'It fails "{test}": is every step looked at?'
                if test in right
                else f'It passes "{test}": do all tests begin with an empty state?'
            )
            helps[sentence] = [name for name in TESTS if name in one_off]
        found = solved.fails(rule)
        yield Property(f"{what}: the tests that it fails", found, right, helps)
