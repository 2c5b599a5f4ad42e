"""Which run is which?

A check is a tuple (before, after, promised, found): the objective at both ends of one
step, g·Δ there where it begins, and g'·Δ where it ends. The run maximizes. Return

- "wrong sign" if the objective changed by minus what half the sum of the two says, to
  a tenth of it, in every check;
- "too high" if it is not that, and every step promised a gain and lost on the mean of
  both ends;
- "healthy" else.
"""


def diagnose(checks):
    """The word for one log."""
    # solution: begin
    signs, losses = [], []
    for before, after, promised, found in checks:
        rise = (promised + found) / 2
        signs.append(abs(after - before + rise) <= 0.1 * abs(rise))
        losses.append(promised > 0 > rise)
    if all(signs):
        return "wrong sign"
    return "too high" if all(losses) else "healthy"
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
    for lr, told, right in (
        (0.1, 1.0, "healthy"),
        (0.9, 1.0, "healthy"),
        (1.05, 1.0, "too high"),
        (1.6, 1.0, "too high"),
        (0.1, -1.0, "wrong sign"),
        (0.7, -1.0, "wrong sign"),
    ):
        name = f"Plain ascent with η = {lr}, told {told:+.0f} times its objective"
        yield Property(name, solved.diagnose(log(lr, told)), right)
    mixed = [*log(0.1, steps=2), *log(1.6, steps=2)]
    yield Property("Two good steps and two bad", solved.diagnose(mixed), "healthy")
