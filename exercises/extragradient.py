"""Extragradient.

Two players go uphill, each on slopes of its own: `slopes(x, y)` returns both. Take one
step of extragradient: look where a step of both would lead, and move from where they
stood, with the slopes that they would have there. A step adds `lr` times the slopes.
"""


def step(x, y, slopes, lr):
    """Where both stand after the step, as a pair."""
    # solution: begin
    u, v = slopes(x, y)
    u, v = slopes(x + lr * u, y + lr * v)
    return x + lr * u, y + lr * v
    # solution: end


# check
CHAPTER = "applications/games"
KIND, LEVEL = "compute", 1
HINT = (
    "Call `slopes` twice: at the place, and where a step from there leads. Only the "
    "second pair of slopes moves the players."
)

from gradient_ascent.exercises import Property


def turning(x, y):
    """The slopes of xy, for a player who goes down and one who goes up."""
    return -y, x


def pulled(x, y):
    """Those of a game that pulls as well."""
    return -2 * x - y, x - 2 * y


def check(solved):
    """Two games, some places, some learning rates."""
    for name, slopes in (("xy", turning), ("a game with a pull", pulled)):
        for x, y, lr in ((1.0, 0.0, 0.5), (0.5, -2.0, 0.1), (-3.0, 1.5, 1.0)):
            u, v = slopes(x, y)
            there = x + lr * u, y + lr * v
            du, dv = slopes(*there)
            su, sv = slopes(there[0], y)
            yield Property(
                f"A step on {name} from ({x:g}, {y:g}) with lr {lr:g}",
                solved.step(x, y, slopes, lr),
                (x + lr * du, y + lr * dv),
                {
                    "That is the place looked at: the players move with the slopes "
                    "that they have there.": there,
                    "Move from where the players stood, not from where they looked.": (
                        there[0] + lr * du,
                        there[1] + lr * dv,
                    ),
                    "Both must look at once: neither knows yet where the other goes.": (
                        x + lr * su,
                        y + lr * sv,
                    ),
                },
            )
