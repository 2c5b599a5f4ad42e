"""RMSProp.

AdaGrad never forgets, so its steps die out. Write RMSProp as this book writes a rule:
it replaces the sum by a moving average s, which is 0 at the start and of which the
share α survives a step.

    s ← α s + (1 - α) g²
    step = η g / (√s + ε)

Mini-Torch and its course notebook have a variant: γ for α, and ε inside the root.
"""

import math


def rmsprop(gradient, average, lr=1e-2, alpha=0.99, eps=1e-8):
    """The step to add, and the new average."""
    # solution: begin
    average = alpha * average + (1 - alpha) * gradient**2
    return lr * gradient / (math.sqrt(average) + eps), average
    # solution: end


# check
CHAPTER = "adaptive/rmsprop"
KIND, LEVEL = "compute", 1
HINT = (
    "It is AdaGrad's step with another first line: the old average keeps the share α."
)

from gradient_ascent import rules
from gradient_ascent.exercises import same_rule


def ours(gradient, average, lr, alpha, eps):
    """The book's rule."""
    state = rules.RMSpropState(square_avg=average)
    step, new = rules.rmsprop(gradient, state, lr=lr, alpha=alpha, eps=eps)
    return step, new.square_avg


def downhill(gradient, average, lr, alpha, eps):
    """The step of descent."""
    step, average = ours(gradient, average, lr, alpha, eps)
    return -step, average


def without_eps(gradient, average, lr, alpha, eps):
    """ε = 0."""
    return ours(gradient, average, lr, alpha, 0)


def inside(gradient, average, lr, alpha, eps):
    """ε under the root."""
    average = alpha * average + (1 - alpha) * gradient**2
    return lr * gradient / math.sqrt(average + eps), average


def fading_sum(gradient, average, lr, alpha, eps):
    """A sum that fades, where the average should be."""
    average = alpha * average + gradient**2
    return lr * gradient / (math.sqrt(average) + eps), average


def swapped(gradient, average, lr, alpha, eps):
    """α and 1 - α the wrong way round."""
    return ours(gradient, average, lr, 1 - alpha, eps)


def forgetful(gradient, average, lr, alpha, eps):
    """An average that is not kept."""
    return ours(gradient, average, lr, alpha, eps)[0], average


MISTAKES = {
    "That is downhill: a rule gives the step to add.": downhill,
    "ε is missing beside the root.": without_eps,
    "ε stands inside the root, as in the notebook; here it is beside it.": inside,
    "g² counts in full: in an average it counts 1 - α.": fading_sum,
    "α keeps the old average, 1 - α takes in g²: they are swapped.": swapped,
    "The average is forgotten: return the new one.": forgetful,
}


def check(solved):
    """Compare with the book's; an ε of 0.5 shows where it stands."""
    for alpha, eps in ((0.9, 0.5), (0.75, 1e-6)):
        settings = {"lr": 0.4, "alpha": alpha, "eps": eps}
        yield from same_rule(solved.rmsprop, ours, 0.0, MISTAKES, **settings)
