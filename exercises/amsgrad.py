"""AMSGrad.

Adam forgets a large gradient too soon. Write AMSGrad, which divides by the largest
average so far, as this book writes a rule: from the uphill gradient g of one parameter
and the state (t, m, v, u) it gives the step to add and the new state. All four are 0 at
the start.

    t ← t + 1
    m ← β₁ m + (1 - β₁) g
    v ← β₂ v + (1 - β₂) g²
    u ← max(u, v)
    m̂ = m / (1 - β₁ᵗ)
    û = u / (1 - β₂ᵗ)
    step = η m̂ / (√û + ε)

The paper, Mini-Torch and its course notebook have a variant without the two hats.
"""

import math


def amsgrad(gradient, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """The step to add, and the new state (t, m, v, u)."""
    t, m, v, u = state
    # solution: begin
    t = t + 1
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    u = max(u, v)
    m_hat, u_hat = m / (1 - beta1**t), u / (1 - beta2**t)
    return lr * m_hat / (math.sqrt(u_hat) + eps), (t, m, v, u)
    # solution: end


# check
CHAPTER = "adaptive/amsgrad"
KIND, LEVEL = "compute", 2
HINT = (
    "It is Adam's step with one line more: `max` keeps the scale. The hats go into "
    "names of your own, so that `m` and `u` stay as they are."
)

from gradient_ascent import rules
from gradient_ascent.exercises import same_rule


def downhill(gradient, state, **settings):
    """The step of descent."""
    step, state = rules.amsgrad(gradient, state, **settings)
    return -step, state


def no_maximum(gradient, state, **settings):
    """Adam's step: the scale may shrink."""
    t, m, v, u = state
    step, (t, m, v) = rules.adam(gradient, rules.AdamState(t, m, v), **settings)
    return step, rules.AMSGradState(t, m, v, max(u, v))


def uncorrected(gradient, state, **settings):
    """The paper's."""
    return rules.amsgrad(gradient, state, **settings, bias_correction=False)


def corrected_first(gradient, state, **settings):
    """The maximum of the corrected averages."""
    return rules.amsgrad(gradient, state, **settings, correct_before_max=True)


def without_eps(gradient, state, eps, **settings):
    """ε = 0."""
    return rules.amsgrad(gradient, state, **settings, eps=0)


MISTAKES = {
    "That is downhill: a rule gives the step to add.": downhill,
    "The scale shrinks again: divide by the largest v so far.": no_maximum,
    "The hats are missing, as in the paper: divide by 1 - βᵗ.": uncorrected,
    "v is corrected before the maximum: correct u instead.": corrected_first,
    "ε is missing.": without_eps,
}


def check(solved):
    """Compare with the book's; a short memory lets the scale want to shrink."""
    for lr, beta1, beta2, eps in ((1, 0.9, 0.5, 0.5), (1, 0.9, 0.99, 1e-6)):
        settings = {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps}
        start = rules.AMSGradState()
        yield from same_rule(solved.amsgrad, rules.amsgrad, start, MISTAKES, **settings)
