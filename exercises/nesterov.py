"""Nesterov's momentum.

Write Nesterov's method as this book writes a rule, in the form that needs the gradient
only where the parameter is. The velocity v is 0 at the start.

    v ← μ v + g
    step = η (g + μ v)

The second line uses the new v. Mini-Torch and its course notebook have a variant with η
in the velocity, v ← γ v + η g, and the step γ v + η g, subtracted to descend.
"""


def nesterov(gradient, velocity, lr=1e-3, momentum=0.9):
    """The step to add, and the new velocity."""
    # solution: begin
    velocity = momentum * velocity + gradient
    return lr * (gradient + momentum * velocity), velocity
    # solution: end


# check
CHAPTER = "momentum/nesterov"
KIND, LEVEL = "compute", 2
HINT = "g is used twice: in the new velocity, and once more beside it in the step."

from gradient_ascent import rules
from gradient_ascent.exercises import same_rule


def ours(gradient, velocity, lr, momentum):
    """The book's rule."""
    state = rules.MomentumState(velocity)
    step, new = rules.nesterov(gradient, state, lr=lr, momentum=momentum)
    return step, new.momentum_buffer


def downhill(gradient, velocity, lr, momentum):
    """The step of descent."""
    step, new = ours(gradient, velocity, lr, momentum)
    return -step, new


def heavy_ball(gradient, velocity, lr, momentum):
    """The step of momentum, which the old velocity gives too."""
    new = momentum * velocity + gradient
    return lr * new, new


def forgetful(gradient, velocity, lr, momentum):
    """A velocity that is not kept."""
    return ours(gradient, velocity, lr, momentum)[0], velocity


def inside(gradient, velocity, lr, momentum):
    """The notebook's velocity."""
    push = lr * gradient
    new = momentum * velocity + push
    return push + momentum * new, new


MISTAKES = {
    "That is downhill: a rule gives the step to add.": downhill,
    "This is the step of momentum: use the new v, times μ, plus g.": heavy_ball,
    "The velocity is forgotten: return the new one.": forgetful,
    "η is in the velocity, as in the notebook: here it enters the step.": inside,
}


def check(solved):
    """Compare with the book's."""
    for lr, mu in ((0.05, 0.9), (0.4, 0.5)):
        settings = {"lr": lr, "momentum": mu}
        yield from same_rule(solved.nesterov, ours, 0.0, MISTAKES, **settings)
