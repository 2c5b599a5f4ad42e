"""Two tests for a rule.

You meet an optimizer that you did not write. Put it to two tests, each a function that
says True or False. A rule is called as in this book, with η = 1 already set:
`step, *state = rule(gradient, *state)`, where `state` is empty at first.

`keeps_length`: on a constant gradient of 1 all of the first hundred steps are as long
as a learning rate, up to a thousandth. `comes_to_rest`: after ten gradients of 1 the
gradient is 0, and two hundred steps later a step is shorter than 1e-6.
"""


def keeps_length(rule):
    """Whether a step on the gradient 1 is always one learning rate."""
    # solution: begin
    state = ()
    for _ in range(100):
        step, *state = rule(1.0, *state)
        if abs(step - 1) > 1e-3:
            return False
    return True
    # solution: end


def comes_to_rest(rule):
    """Whether the steps die out where the slope is zero."""
    # solution: begin
    state = ()
    for t in range(210):
        step, *state = rule(1.0 if t < 10 else 0.0, *state)
    return abs(step) < 1e-6
    # solution: end


# check
CHAPTER = "practice/published"
KIND, LEVEL = "compute", 3
HINT = (
    "Hand the state on from call to call: `*state` holds what the rule remembers. Look "
    "at every step in the first test, at the last one in the second."
)

from functools import partial

from gradient_ascent import rules
from gradient_ascent.exercises import Property

DOUBLED = partial(rules.legacy, lr=1.0, momentum=0.9, nesterov=True)
RULES = (
    ("The repaired rule", partial(rules.gradient_ascent, lr=1.0), True, True),
    ("Plain ascent", partial(rules.plain, lr=1.0), True, True),
    ("Adam without its corrections",
     partial(rules.adam, lr=1.0, bias_correction=False), False, True),
    ("Adagrad, which slows down", partial(rules.adagrad, lr=1.0), False, True),
    ("Momentum, whose first step is right",
     partial(rules.momentum, lr=1.0, momentum=0.9), False, True),
    ("The published rule", partial(rules.legacy, lr=1.0), False, True),
    ("The published rule with Nesterov", DOUBLED, False, False),
    ("The same, slowly growing", partial(DOUBLED, momentum=0.502), False, False),
)  # fmt: skip


def check(solved):
    """Rules that pass both tests, one of them, and none."""
    for what, rule, steady, resting in RULES:
        blind = (
            "This rule fails: hand its state on, look at all hundred steps, and at "
            "their length in both directions."
        )
        strict = "This rule passes: do you allow for rounding?"
        yield Property(
            f"{what}: does it keep its length",
            solved.keeps_length(rule),
            steady,
            {strict: False} if steady else {blind: True},
        )
        blind = "This rule never rests: hand its state on, and wait the 200 steps."
        strict = "This rule comes to rest: wait the 200 steps, and allow 1e-6."
        yield Property(
            f"{what}: does it come to rest",
            solved.comes_to_rest(rule),
            resting,
            {strict: False} if resting else {blind: True},
        )
