"""Adam as a rule.

Write Adam as this book writes a rule: from the uphill gradient g of one parameter and
the state (t, m, v) it gives the step d to add, and the new state. All three numbers of
the state are 0 at the start.

    t ← t + 1
    m ← β₁ m + (1 - β₁) g
    v ← β₂ v + (1 - β₂) g²
    m̂ = m / (1 - β₁ᵗ)
    v̂ = v / (1 - β₂ᵗ)
    d = η m̂ / (√v̂ + ε)
"""

import math


def adam(gradient, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """The step to add, and the new state (t, m, v)."""
    t, m, v = state
    # solution: begin
    t = t + 1
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return lr * m_hat / (math.sqrt(v_hat) + eps), (t, m, v)
    # solution: end


# check
CHAPTER = "adaptive/adam"
KIND = "compute"
LEVEL = 2
HINT = "Go through the lines above, and ask of each name if the next step needs it."

from gradient_ascent import rules
from gradient_ascent.exercises import same_rule


def downhill(gradient, state, **settings):
    """The step of descent."""
    step, state = rules.adam(gradient, state, **settings)
    return -step, state


def uncorrected(gradient, state, **settings):
    """Averages as they are."""
    return rules.adam(gradient, state, **settings, bias_correction=False)


def without_eps(gradient, state, eps, **settings):
    """ε = 0."""
    return rules.adam(gradient, state, **settings, eps=0)


def inside(gradient, state, lr, beta1, beta2, eps):
    """ε under the root."""
    _, state = rules.adam(gradient, state, lr=lr, beta1=beta1, beta2=beta2)
    t, m, v = state
    root = math.sqrt(v / (1 - beta2**t) + eps)
    return lr * m / (1 - beta1**t) / root, state


def corrected_twice(gradient, state, **settings):
    """The corrected averages are stored."""
    step, (t, m, v) = rules.adam(gradient, state, **settings)
    weights = (1 - settings[beta] ** t for beta in ("beta1", "beta2"))
    return step, rules.AdamState(t, m / next(weights), v / next(weights))


MISTAKES = {
    "That is downhill: a rule gives the step to add.": downhill,
    "The bias corrections are missing: divide by 1 - βᵗ.": uncorrected,
    "ε is missing.": without_eps,
    "ε stands inside the root; here it belongs beside it.": inside,
    "Store m and v as they are; the hats are for the step alone.": corrected_twice,
}


def check(solved):
    """Compare with the book's; an ε of 0.5 shows where it stands."""
    for lr, beta1, beta2, eps in ((0.8, 0.9, 0.99, 0.5), (1, 0.5, 0.75, 1e-6)):
        settings = {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps}
        start = rules.AdamState()
        yield from same_rule(solved.adam, rules.adam, start, MISTAKES, **settings)
