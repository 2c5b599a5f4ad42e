"""Restart when the velocity points downhill.

Nesterov's schedule, in the form that looks ahead. In step k after a restart, counted
from 1,

    μ = max(0, k - 2) / (k + 1)
    g = gradient(θ + η μ v)
    v ← μ v + g
    θ ← θ + η v

Once this v and this g point opposite ways, so g v < 0, the run has gone too far. Then
the count begins anew: the next step has k = 1, and its μ = 0 forgets the velocity. θ
stays where it is. Return θ after so many steps.
"""


def accelerate(gradient, theta, lr, steps):
    """θ, one number, after so many steps uphill with restarts."""
    # solution: begin
    velocity, k = 0.0, 1
    for _ in range(steps):
        momentum = max(0, k - 2) / (k + 1)
        slope = gradient(theta + lr * momentum * velocity)
        velocity = momentum * velocity + slope
        theta += lr * velocity
        k += 1
        if slope * velocity < 0:
            k = 1
    return theta
    # solution: end


# check
CHAPTER = "momentum/nesterov"
KIND, LEVEL = "compute", 3
HINT = (
    "Keep two things beside θ: v, and k. Test the sign at the end of a step, with the "
    "g and the v of that step; if it is negative, set k back."
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def run(gradient, theta, lr, steps, *, sign=1, when=-1.0, velocity_alone=False):
    """The run, or one with a mistake; `when` is the sign that restarts it."""
    state, k = rules.MomentumState(0.0), 1
    for _ in range(steps):
        how = {"lr": lr, "momentum": max(0, k - 2) / (k + 1)}
        slope = sign * gradient(theta + rules.lookahead(state, **how))
        step, state = rules.momentum(slope, state, **how)
        theta += step
        k += 1
        if when * slope * state.momentum_buffer > 0:
            state = rules.MomentumState(0.0) if velocity_alone else state
            k = k if velocity_alone else 1
    return theta


MISTAKES = {
    "It never restarts: is g v < 0 tested in every step?": {"when": 0.0},
    "It restarts while all is well: g v < 0 is the sign.": {"when": 1.0},
    "The count goes on: a restart sets k back to 1.": {"velocity_alone": True},
    "That is downhill: add what the gradient says.": {"sign": -1},
}


def check(solved):
    """Parabolas and a slope that is no line, for few steps and many."""
    slopes = {
        "-x": lambda x: -x,
        "-0.2 x": lambda x: -0.2 * x,
        "-x / (1 + x**2)": lambda x: -x / (1 + x**2),
    }
    for told, gradient in slopes.items():
        for lr, steps in ((0.1, 3), (0.1, 25), (0.05, 60)):
            yield Property(
                f"θ after {steps} steps from 1 on the slope {told} (lr={lr:g})",
                solved.accelerate(gradient, 1.0, lr, steps),
                run(gradient, 1.0, lr, steps),
                {
                    said: run(gradient, 1.0, lr, steps, **wrong)
                    for said, wrong in MISTAKES.items()
                },
            )
