"""An epsilon that settles.

Near the minimum of a parabola of curvature λ, Adam's gradients fade and v̂ with them,
until only ε is left below. Adam stays there if it is stable even then. Find the ε at
the border, for a fixed learning rate η.

The cure has a price: it takes the curvature to know this ε, and gradients smaller than
it no longer get full steps.
"""


def smallest_epsilon(lr, curvature, beta1=0.9):
    """The ε at the border, for the learning rate η and the curvature λ."""
    # solution: begin
    return (1 - beta1) / (2 * (1 + beta1)) * lr * curvature
    # solution: end


# check
CHAPTER = "adaptive/adam-steps"
KIND, LEVEL = "compute", 2
HINT = (
    "Adam with a denominator that does not change is momentum with the learning rate "
    "(1 - β₁) η / ε. It is stable while that times λ is below 2 + 2 β₁."
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def grows(eps, lr, curvature, beta1):
    """Whether Adam leaves the minimum, from close by, once v̂ has faded."""
    x, state = 1e-9, rules.AdamState(step=10**5)
    for t in range(400):
        if t == 200:
            before = abs(x)
        step, state = rules.adam(
            -curvature * x, state, lr=lr, beta1=beta1, beta2=0.9, eps=eps
        )
        x += step
    return abs(x) > before > 0 or abs(x) > 1e-6


def check(solved):
    """Formulas, and runs on either side of the border."""
    for lr, curvature, beta1 in ((0.1, 2.0, 0.9), (0.02, 50.0, 0.9), (0.1, 2.0, 0.5)):
        told = f"(lr={lr:g}, curvature={curvature:g}, beta1={beta1:g})"
        border = (1 - beta1) / (2 * (1 + beta1)) * lr * curvature
        got = solved.smallest_epsilon(lr, curvature, beta1)
        yield Property(
            f"The smallest ε {told}",
            got,
            border,
            {
                "The factor 1 - β₁ of the new gradient is missing.": border
                / (1 - beta1),
                "Plain descent is stable below 2, momentum below 2 + 2 β₁.": border
                * (1 + beta1),
                "The steepness counts as well.": border / curvature,
                "That is upside down.": 1 / border,
            },
        )
        yield Property(
            f"Whether Adam leaves the minimum with 0.9 and 1.1 of it {told}",
            [grows(share * got, lr, curvature, beta1) for share in (0.9, 1.1)],
            [True, False],
        )
