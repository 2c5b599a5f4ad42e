"""Steps by sign.

Sign ascent moves a parameter by η in the direction of its gradient's sign, however
large the gradient is. Where the gradient is zero, the parameter stays. Write the rule,
which remembers nothing: its state is the empty tuple. Then make an optimizer of it. The
base class hands `rule` the uphill gradient and the state of each parameter, and adds
the step.
"""

from gradient_ascent import minitorch


def sign_ascent(gradient, state=(), lr=1e-3):
    """The step to add, and the state."""
    # solution: begin
    return lr * ((gradient > 0) - (gradient < 0)), state
    # solution: end


class SignAscent(minitorch.Optimizer):
    """Every coordinate as far as the next."""

    initial_state = tuple

    def __init__(self, params, eta=0.1, *, maximize=True):
        super().__init__(params, maximize=maximize)
        self.eta = eta

    def rule(self, gradient, state):
        """The step of one parameter, and its new state."""
        # solution: begin
        return sign_ascent(gradient, state, lr=self.eta)
        # solution: end


# check
CHAPTER = "foundations/optimizer"
KIND, LEVEL = "compute", 2
HINT = (
    "A comparison counts as 1 or 0: subtract one from another. In the class, `rule` "
    "passes on what it gets, with `self.eta` for the learning rate."
)

from functools import partial

from gradient_ascent.exercises import Property
from gradient_ascent.exercises.properties import feed


def check(solved):
    """The rule on slopes of all signs, then the class in both directions."""
    for gradient, sign in ((2.0, 1), (-1e-9, -1), (0.0, 0), (-300.0, -1)):
        yield Property(
            f"Step and state for the gradient {gradient:g} (lr=0.25)",
            solved.sign_ascent(gradient, (), lr=0.25),
            (0.25 * sign, ()),
            {
                "That is downhill: a rule gives the step to add.": (-0.25 * sign, ()),
                "The size of the gradient must not matter.": (0.25 * gradient, ()),
                "η is missing.": (sign, ()),
                "Where the slope is zero, the parameter stays.": (-0.25, ()),
                "Zero is neither up nor down: the parameter stays.": (0.25, ()),
                "A rule returns two things: give the state back too.": 0.25 * sign,
            },
        )
    gradients = [2.0, -3.0], [0.1, 4.0], [7.0, 0.0]
    for maximize, end in ((True, (1.75, 1.0)), (False, (0.25, 1.0))):
        make = partial(solved.SignAscent, maximize=maximize)
        yield Property(
            f"Three steps from (1, 1) with eta=0.25 and maximize={maximize}",
            feed(make, gradients, eta=0.25),
            end,
            {
                "The base class turns the sign already.": (2 - end[0], 1.0),
                "The class must take its own η.": (1 + (end[0] - 1) / 250, 1.0),
            },
        )
