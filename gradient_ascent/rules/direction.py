"""Which way is up: how a direction turns into a sign."""

from gradient_ascent.ops import N, Number


def uphill(gradient: N, *, maximize: bool = True) -> N:
    """The gradient of what is to grow: f if maximizing f, -f if minimizing f.

    Every rule ascends along what it is given. Negating a float is exact, so
    maximizing f and minimizing -f take the same steps to the last bit. The
    gradient itself is not changed.

    Runs and Mini-Torch add the rule's step. The engines of `optim` keep torch's
    state, which averages the gradient of what is to shrink: they ask for the
    other way, and subtract the step.
    """
    return gradient if maximize else -gradient


def decayed(
    vector: Number, parameter: Number, *, weight_decay: Number
) -> Number:
    r"""Weight decay: what it makes of a gradient, or of a step.

    .. math:: g \leftarrow g - \lambda \theta

    Of the uphill gradient of f it makes that of the penalized objective,
    f(θ) - (λ/2) ‖θ‖². Of a rule's step, with ηλ for λ, it makes that of
    decoupled decay, where the rule does not see the pull. As it comes after
    `uphill`, it shrinks the parameter in both directions.
    """
    return vector - weight_decay * parameter
