"""Descent by an uphill rule.

Write plain ascent as this book writes a rule: from the uphill gradient g of one
parameter it gives the step to add, and its state, which is empty and stays so.

    step = η g

Then descend with it. Of a function f, `slope(x)` is f'(x). The rule climbs along what
it is given, so give it the gradient of -f, and add the step:

    θ ← θ + step
"""


def plain(gradient, state=(), lr=1e-3):
    """The step to add, and the state."""
    # solution: begin
    return lr * gradient, state
    # solution: end


def descend(slope, x, lr, steps):
    """Where so many steps of `plain` lead from x, downhill."""
    # solution: begin
    for _ in range(steps):
        step, _ = plain(-slope(x), lr=lr)
        x = x + step
    return x
    # solution: end


# check
CHAPTER = "first-order/learning-rate"
KIND, LEVEL = "compute", 1
HINT = (
    "The sign changes once, before the rule is called. `plain` returns two things: "
    "take the step out of them."
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property, same_rule


def ours(gradient, state, lr):
    """The book's rule."""
    return rules.plain(gradient, lr=lr)[0], state


def downhill(gradient, state, lr):
    """The step of descent."""
    return -lr * gradient, state


def without_rate(gradient, state, lr):
    """A step of the whole gradient."""
    return gradient, state


MISTAKES = {
    "That is downhill: a rule gives the step to add, up along g.": downhill,
    "η is missing.": without_rate,
}


def check(solved):
    """Compare the rule with the book's, and the descent on a x² with (1 - 2 η a)ᵗ x."""
    for lr in (0.4, 0.1):
        yield from same_rule(solved.plain, ours, (), MISTAKES, lr=lr)
    for a, lr, steps in ((1, 0.1, 1), (1, 0.1, 3), (2, 0.3, 5)):
        up, down = (10 * (1 + way * 2 * lr * a) ** steps for way in (1, -1))
        yield Property(
            f"From 10 downhill on {a} x**2 (lr={lr}, steps={steps})",
            solved.descend(lambda x, a=a: 2 * a * x, 10.0, lr, steps),
            down,
            {
                "That is uphill: give the rule the gradient of -f.": up,
                "x has not moved: add the step to it.": 10.0,
                "One step is not enough: repeat it.": 10 * (1 - 2 * lr * a),
            },
        )
