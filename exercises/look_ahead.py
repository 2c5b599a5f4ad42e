"""The look-ahead form.

Nesterov's method as it was first told takes its gradient where the velocity v alone
would carry the parameter θ, and then steps as momentum does:

    v ← μ v + gradient(θ + η μ v)
    θ ← θ + η v

Write that point, and the step. `gradient` is a function that gives the uphill gradient.
"""


def ahead(theta, velocity, lr, momentum):
    """The point at which the gradient is taken."""
    # solution: begin
    return theta + lr * momentum * velocity
    # solution: end


def look_ahead(gradient, theta, velocity, lr, momentum):
    """The new θ, and the new velocity."""
    # solution: begin
    slope = gradient(ahead(theta, velocity, lr, momentum))
    velocity = momentum * velocity + slope
    return theta + lr * velocity, velocity
    # solution: end


# check
CHAPTER = "momentum/nesterov"
KIND, LEVEL = "compute", 1
HINT = "η is not in this velocity, so the way ahead is η μ v."

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def form(shift=1.0, sign=1.0, keep=True):
    """A step of the form, or of one with a mistake."""

    def step(gradient, theta, velocity, lr, momentum):
        slope = sign * gradient(theta + shift * lr * momentum * velocity)
        new = momentum * velocity + slope
        return theta + lr * new, new if keep else velocity

    return step


def walk(step, lr, momentum, steps):
    """Where so many steps lead from 1, on a slope that is no straight line."""
    theta, velocity = 1.0, 0.0
    for _ in range(steps):
        told = step(lambda x: -x / (1 + x**2), theta, velocity, lr, momentum)
        if told is None:
            return None
        theta, velocity = told
    return theta, velocity


def other_form(lr, momentum, steps):
    """Where the form of the package is after as many steps."""
    theta, state = 1.0, rules.MomentumState(0)
    for _ in range(steps):
        slope = -theta / (1 + theta**2)
        step, state = rules.nesterov(slope, state, lr=lr, momentum=momentum)
        theta += step
    return theta


MISTAKES = {
    "The gradient is taken at θ: that is momentum.": form(shift=0.0),
    "That looks back: the way ahead is + η μ v.": form(shift=-1.0),
    "That is downhill: add what the gradient says.": form(sign=-1.0),
    "The velocity is forgotten: return the new one.": form(keep=False),
}


def check(solved):
    """The point, one step and many, and the change of variables."""
    for lr, mu in ((0.1, 0.5), (0.05, 0.9)):
        yield Property(
            f"The point ahead of 3 with velocity -2 (lr={lr:g}, momentum={mu:g})",
            solved.ahead(3.0, -2.0, lr, mu),
            3 - 2 * lr * mu,
            {
                "η is missing: a velocity is no way.": 3 - 2 * mu,
                "Only μ v is left of the velocity when it steps.": 3 - 2 * lr,
                "That looks back: the way ahead is + η μ v.": 3 + 2 * lr * mu,
                "That is the way alone: add it to θ.": -2 * lr * mu,
            },
        )
        for steps in (1, 2, 12):
            yield Property(
                f"θ and v after {steps} steps (lr={lr:g}, momentum={mu:g})",
                walk(solved.look_ahead, lr, mu, steps),
                walk(form(), lr, mu, steps),
                {said: walk(wrong, lr, mu, steps) for said, wrong in MISTAKES.items()},
            )
        theta, velocity = walk(solved.look_ahead, lr, mu, 12) or (1.0, 0.0)
        yield Property(
            f"The point ahead of them, which is the other form's θ (lr={lr:g})",
            solved.ahead(theta, velocity, lr, mu),
            other_form(lr, mu, 12),
        )
