"""Signum.

Write Signum as this book writes a rule: from the uphill gradient g of one parameter and
its velocity v, which is 0 at the start, it gives the step to add and the new velocity.
Leave weight decay out.

    v ← μ v + (1 - μ) g
    step = η sign(v)

The sign of 0 is 0.
"""

from gradient_ascent.ops import sign


def signum(gradient, velocity, lr=1e-3, momentum=0.9):
    """The step to add, and the new velocity."""
    # solution: begin
    velocity = momentum * velocity + (1 - momentum) * gradient
    return lr * sign(velocity), velocity
    # solution: end


# check
CHAPTER = "adaptive/sign"
KIND, LEVEL = "compute", 1
HINT = "Average first, then take the sign; and keep the average, not its sign."

from gradient_ascent import rules
from gradient_ascent.exercises import same_rule


def ours(gradient, velocity, lr, momentum):
    """The book's rule."""
    state, settings = rules.SignumState(velocity), {"lr": lr, "momentum": momentum}
    step, new = rules.signum(gradient, state, parameter=0.0, **settings)
    return step, new.momentum_buffer


def downhill(gradient, velocity, lr, momentum):
    """The step of descent."""
    step, velocity = ours(gradient, velocity, lr, momentum)
    return -step, velocity


def of_gradient(gradient, velocity, lr, momentum):
    """The sign of the gradient alone."""
    return lr * sign(gradient), ours(gradient, velocity, lr, momentum)[1]


def summed(gradient, velocity, lr, momentum):
    """A velocity that is a sum."""
    velocity = momentum * velocity + gradient
    return lr * sign(velocity), velocity


def whole(gradient, velocity, lr, momentum):
    """The velocity itself."""
    velocity = ours(gradient, velocity, lr, momentum)[1]
    return lr * velocity, velocity


MISTAKES = {
    "That is downhill: a rule gives the step to add.": downhill,
    "That is the sign of the gradient: take that of the velocity.": of_gradient,
    "The velocity is an average here: the gradient enters with 1 - μ.": summed,
    "Step by the sign of the velocity alone.": whole,
}


def check(solved):
    """Compare with the book's."""
    for lr, mu in ((0.5, 0.9), (0.1, 0.5)):
        settings = {"lr": lr, "momentum": mu}
        yield from same_rule(solved.signum, ours, 0.0, MISTAKES, **settings)
