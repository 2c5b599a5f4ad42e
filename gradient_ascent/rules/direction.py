"""Which way is up: the one place where a direction turns into a sign."""

from gradient_ascent.arguments import NonNegative
from gradient_ascent.ops import Number


def uphill(gradient: Number, *, maximize: bool = True) -> Number:
    """The gradient of what is to grow: f if maximizing f, -f if minimizing f.

    Every rule ascends along what it is given. Negating a float is exact, so
    maximizing f and minimizing -f take the same steps to the last bit. The
    gradient itself is not changed.
    """
    return gradient if maximize else -gradient


def decayed(
    vector: Number, parameter: Number, *, weight_decay: NonNegative
) -> Number:
    r"""Weight decay: what it makes of a gradient, or of a step.

    .. math:: g \leftarrow g - \lambda \theta

    Of the uphill gradient of f it makes that of the penalized objective,
    f(θ) - (λ/2) |θ|². Of a rule's step, with ηλ for λ, it makes that of
    decoupled decay, where the rule does not see the pull. As it comes after
    `uphill`, it shrinks the parameter in both directions.
    """
    return vector - weight_decay * parameter
