"""The look-ahead's weights.

The numerator of a step of `GradientAscent` is a weighted sum of all gradients so far,
before the correction. Without look-ahead it is the velocity

    v ← μ v + (1 - μ) g

and with it μ v + (1 - μ) g, with the new v. Return the weights of the newest gradients,
the newest first, long after the start.
"""


def weights(momentum, nesterov, count):
    """The weights of the `count` newest gradients, the newest first."""
    # solution: begin
    plain = [(1 - momentum) * momentum**age for age in range(count)]
    if not nesterov:
        return plain
    ahead = [momentum * weight for weight in plain]
    return [ahead[0] + 1 - momentum, *ahead[1:]]
    # solution: end


# check
CHAPTER = "practice/gradient-ascent"
KIND, LEVEL = "compute", 2
HINT = (
    "Write v as a sum over all gradients first. The look-ahead multiplies all of it by "
    "μ, and only the newest gradient enters once more."
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def measured(momentum, nesterov, count):
    """How the rule's step answers to a single gradient of 1, so many steps later."""
    settings = {"lr": 1, "adaptive": False, "bias_correction": False}
    settings |= {"momentum": momentum, "nesterov": nesterov}
    found, state = [], rules.GradientAscentState()
    for age in range(count):
        step, state = rules.gradient_ascent(float(age == 0), state, **settings)
        found.append(step)
    return found


def check(solved):
    """With and without look-ahead, for two momenta."""
    for momentum in (0.9, 0.5):
        powers = [momentum**age for age in range(4)]
        for nesterov in (False, True):
            yield Property(
                f"Four weights for momentum={momentum} and nesterov={nesterov}",
                solved.weights(momentum, nesterov, 4),
                measured(momentum, nesterov, 4),
                {
                    "These are the weights of a sum; here it is an average.": powers,
                    "That is plain momentum: the look-ahead counts the newest again.": (
                        measured(momentum, False, 4)
                    ),
                    "The newest gradient enters once more, with 1 - μ.": [
                        momentum * each for each in measured(momentum, False, 4)
                    ],
                    "The newest first: is the list turned round?": measured(
                        momentum, nesterov, 4
                    )[::-1],
                },
            )
