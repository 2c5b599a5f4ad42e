"""AdaGrad.

Write AdaGrad as this book writes a rule: from the uphill gradient g of one parameter
and the sum s of its squared gradients, which is 0 at the start, it gives the step to
add and the new sum.

    s ← s + g²
    step = η g / (√s + ε)

Mini-Torch and its course notebook have a variant with ε inside the root, √(s + ε).
"""

import math


def adagrad(gradient, total, lr=1e-2, eps=1e-10):
    """The step to add, and the new sum."""
    # solution: begin
    total = total + gradient**2
    return lr * gradient / (math.sqrt(total) + eps), total
    # solution: end


# check
CHAPTER = "adaptive/adagrad"
KIND, LEVEL = "compute", 1
HINT = "Add to the sum first: the step divides by the root of the new one."

from gradient_ascent import rules
from gradient_ascent.exercises import same_rule


def ours(gradient, total, lr, eps):
    """The book's rule."""
    state = rules.AdagradState(sum=total)
    step, new = rules.adagrad(gradient, state, lr=lr, eps=eps)
    return step, new.sum


def downhill(gradient, total, lr, eps):
    """The step of descent."""
    step, total = ours(gradient, total, lr, eps)
    return -step, total


def without_eps(gradient, total, lr, eps):
    """ε = 0."""
    return ours(gradient, total, lr, 0)


def inside(gradient, total, lr, eps):
    """ε under the root."""
    total = total + gradient**2
    return lr * gradient / math.sqrt(total + eps), total


def forgetful(gradient, total, lr, eps):
    """A sum that is not kept."""
    return ours(gradient, total, lr, eps)[0], total


def without_root(gradient, total, lr, eps):
    """The sum itself below."""
    total = total + gradient**2
    return lr * gradient / (total + eps), total


MISTAKES = {
    "That is downhill: a rule gives the step to add.": downhill,
    "ε is missing beside the root.": without_eps,
    "ε stands inside the root, as in the notebook; here it is beside it.": inside,
    "The sum is forgotten: return the new one.": forgetful,
    "The root is missing.": without_root,
}


def check(solved):
    """Compare with the book's; an ε of 0.5 shows where it stands."""
    for lr, eps in ((0.4, 0.5), (2, 1e-6)):
        settings = {"lr": lr, "eps": eps}
        yield from same_rule(solved.adagrad, ours, 0.0, MISTAKES, **settings)
