"""A velocity handed over.

A program of another kind has trained one parameter. It descends on a loss with the
gradient g, and keeps its learning rate η inside the velocity:

    v ← γ v + η g
    θ ← θ - v

You go on with this book's momentum, which climbs minus the loss, with the same γ as μ
and a learning rate of your choice outside: v ← μ v + g, step = η v. Find the velocity
that it must begin with, to go on just where the other program stopped.
"""


def handed_over(velocity, eta):
    """The velocity for `rules.MomentumState`, from theirs and their η."""
    # solution: begin
    return -velocity / eta
    # solution: end


# check
CHAPTER = "practice/pytorch"
KIND, LEVEL = "compute", 2
HINT = (
    "Theirs is η times a sum of downhill gradients. Ours is a sum of uphill gradients "
    "without any η."
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def theirs(steps, eta, gamma):
    """Place and velocity on the loss x² / 2 after steps of the other program."""
    place, velocity = 4.0, 0.0
    for _ in range(steps):
        velocity = gamma * velocity + eta * place
        place -= velocity
    return place, velocity


def onward(place, velocity, lr, momentum, steps=5):
    """The places of the book's rule, climbing minus the loss."""
    state, places = rules.MomentumState(velocity), []
    for _ in range(steps):
        step, state = rules.momentum(-place, state, lr=lr, momentum=momentum)
        place += step
        places.append(place)
    return places


def check(solved):
    """The same path with the same η; with another, the same sum of gradients."""
    for steps, eta, gamma in ((1, 0.1, 0.9), (7, 0.1, 0.9), (4, 0.5, 0.25)):
        place, velocity = theirs(steps, eta, gamma)
        got = solved.handed_over(velocity, eta)
        told = f"after {steps} steps with eta={eta:g} and gamma={gamma:g}"
        wrong = {
            "Theirs points downhill, ours uphill.": velocity / eta,
            "Ours is without η: divide by theirs.": -velocity,
            "That multiplies by η: divide.": -velocity * eta,
            "Both the sign and η differ.": velocity,
            "With nothing remembered the run begins anew.": 0.0,
        }
        yield Property(
            f"The velocity to begin with, {told}", got, -velocity / eta, wrong
        )
        yield Property(
            f"The next five places, {told}",
            onward(place, got, eta, gamma),
            [theirs(steps + n, eta, gamma)[0] for n in range(1, 6)],
        )
