"""A step of extragradient.

Two players climb, each its own payoff. `field(theta, psi)` gives both slopes where they
stand. In extragradient play both make a trial step, look at the slopes where it leads,
and take these slopes for the step that they make from where they stood.
"""


def step(field, theta, psi, lr):
    """Where both stand after one step."""
    # solution: begin
    up, across = field(theta, psi)
    up, across = field(theta + lr * up, psi + lr * across)
    return theta + lr * up, psi + lr * across
    # solution: end


# check
CHAPTER = "applications/gan"
KIND, LEVEL = "compute", 1
HINT = "Call `field` twice: the second time at the trial's end."

from gradient_ascent.diagrams.dirac import field as slopes
from gradient_ascent.diagrams.dirac import play
from gradient_ascent.exercises import Property


def once(field, theta, psi, lr):
    """Simultaneous play."""
    up, across = field(theta, psi)
    return theta + lr * up, psi + lr * across


def from_the_trial(field, theta, psi, lr):
    """The second step is added to the first."""
    return once(field, *once(field, theta, psi, lr), lr)


def in_turn(field, theta, psi, lr):
    """Alternating play."""
    moved = theta + lr * field(theta, psi)[0]
    return moved, psi + lr * field(moved, psi)[1]


def downhill(field, theta, psi, lr):
    """Both slopes are taken the other way."""
    ahead = once(field, theta, psi, lr)
    up, across = field(*ahead)
    return theta - lr * up, psi - lr * across


MISTAKES = {
    "That is simultaneous play: look again at the trial's end.": once,
    "Step from where they stood, not from the trial's end.": from_the_trial,
    "That is alternating play: here both try at once.": in_turn,
    "Both players climb: add the slopes.": downhill,
}


def check(solved):
    """In the game of this chapter, with both payoffs and a penalty."""
    for form, penalty in (("minimax", 0.0), ("non-saturating", 0.5)):

        def field(theta, psi, form=form, penalty=penalty):
            return slopes((theta, psi), form, penalty)

        for theta, psi, lr in ((1.0, 0.0, 1.0), (-0.7, 1.2, 0.4)):
            yield Property(
                f"From ({theta:g}, {psi:g}), {form}, γ = {penalty:g}, η = {lr:g}",
                solved.step(field, theta, psi, lr),
                play("extragradient", (theta, psi), lr, form, penalty, 1)[1],
                {said: do(field, theta, psi, lr) for said, do in MISTAKES.items()},
            )
