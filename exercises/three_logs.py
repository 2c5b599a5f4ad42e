"""Which run is which?

A check is a tuple (before, after, promised, found): the objective at both ends of one
step, g·Δ there where it begins, and g'·Δ where it ends. A log is a list of them, of a
run that maximizes. Return a list with a word for each of some logs:

- "wrong sign" if the objective changed by minus what half the sum of the two says, to
  a tenth of it, in every check;
- "too high" if it is not that, and every step promised a gain and lost on the mean of
  both ends;
- "healthy" else.
"""


def diagnose(logs):
    """A list with the word for each log."""
    # solution: begin
    words = []
    for checks in logs:
        signs, losses = [], []
        for before, after, promised, found in checks:
            rise = (promised + found) / 2
            signs.append(abs(after - before + rise) <= 0.1 * abs(rise))
            losses.append(promised > 0 > rise)
        bad = "too high" if all(losses) else "healthy"
        words.append("wrong sign" if all(signs) else bad)
    return words
    # solution: end


# check
CHAPTER = "practice/diagnosis"
KIND, LEVEL = "compute", 2
HINT = "Work out (promised + found) / 2 first: both questions are about it."

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def log(lr, told=1.0, steps=6):
    """Checks of plain ascent on -x², telling `told` times the objective."""
    x, checks = 1.0, []
    for _ in range(steps):
        step, _ = rules.plain(-2 * x, lr=lr)
        new = x + step
        heights = -told * x * x, -told * new * new
        checks.append((*heights, -2 * x * step, -2 * new * step))
        x = new
    return checks


def check(solved):
    """Plain runs on one hill, told rightly or with the wrong sign."""
    for lrs, told, right in (
        ((0.1, 0.9), 1.0, "healthy"),
        ((1.05, 1.6), 1.0, "too high"),
        ((0.1, 0.7), -1.0, "wrong sign"),
    ):
        name = f"Plain ascent with η = {lrs[0]} and {lrs[1]}, told {told:+.0f} times f"
        logs = [log(lr, told) for lr in lrs]
        yield Property(name, solved.diagnose(logs), [right, right])
    mixed = [*log(0.1, steps=2), *log(1.6, steps=2)]
    yield Property("Two good steps, two bad", solved.diagnose([mixed]), ["healthy"])
