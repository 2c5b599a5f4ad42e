"""Momentum.

Write momentum as this book writes a rule: from the uphill gradient g of one parameter
and its velocity v, which is 0 at the start, it gives the step to add and the new
velocity. The share μ of the velocity survives a step.

    v ← μ v + g
    step = η v

Mini-Torch and its course notebook have a variant: v ← γ v + η g, with γ for μ, and the
step is v, which is subtracted to descend.
"""


def momentum(gradient, velocity, lr=1e-3, momentum=0.9):
    """The step to add, and the new velocity."""
    # solution: begin
    velocity = momentum * velocity + gradient
    return lr * velocity, velocity
    # solution: end


# check
CHAPTER = "momentum/momentum"
KIND, LEVEL = "compute", 1
HINT = "The step takes the new velocity: find that first, then return both."

from gradient_ascent import rules
from gradient_ascent.exercises import same_rule


def ours(gradient, velocity, lr, momentum):
    """The book's rule."""
    state = rules.MomentumState(velocity)
    step, new = rules.momentum(gradient, state, lr=lr, momentum=momentum)
    return step, new.momentum_buffer


def downhill(gradient, velocity, lr, momentum):
    """The step of descent, along a velocity that points up."""
    step, velocity = ours(gradient, velocity, lr, momentum)
    return -step, velocity


def average(gradient, velocity, lr, momentum):
    """A velocity that is a moving average."""
    return ours((1 - momentum) * gradient, velocity, lr, momentum)


def forgetful(gradient, velocity, lr, momentum):
    """A velocity that is not kept."""
    return ours(gradient, velocity, lr, momentum)[0], velocity


def old(gradient, velocity, lr, momentum):
    """A step along the velocity before it is updated."""
    return lr * velocity, ours(gradient, velocity, lr, momentum)[1]


def ahead(gradient, velocity, lr, momentum):
    """Nesterov's step."""
    velocity = momentum * velocity + gradient
    return lr * (gradient + momentum * velocity), velocity


def inside(gradient, velocity, lr, momentum):
    """The notebook's velocity."""
    velocity = momentum * velocity + lr * gradient
    return velocity, velocity


MISTAKES = {
    "That is downhill: a rule gives the step to add, up along v.": downhill,
    "The velocity is a sum here: g enters whole, not with 1 - μ.": average,
    "Only η g is left: step along the velocity, and return the new one.": forgetful,
    "That is a step along the old velocity: update it first.": old,
    "This is Nesterov's step: take η v itself.": ahead,
    "η is in the velocity, as in the notebook: here it enters the step.": inside,
}


def check(solved):
    """Compare with the book's."""
    for lr, mu in ((0.4, 0.5), (0.05, 0.9)):
        settings = {"lr": lr, "momentum": mu}
        yield from same_rule(solved.momentum, ours, 0.0, MISTAKES, **settings)
