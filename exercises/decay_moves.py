"""The decay moves house.

A paper multiplies the parameter by 1 - λ' in each step. The learning rate η is not in
it. PyTorch's AdamW, and this book's, multiply by 1 - ηλ. You move the paper's run to
PyTorch, and there you climb with the learning rate `lr`. Return the λ that takes the
same share of the parameter away in each step.
"""


def weight_decay(share, lr):
    """PyTorch's λ, where `share` is the paper's λ'."""
    # solution: begin
    return share / lr
    # solution: end


# check
CHAPTER = "adaptive/conventions"
KIND, LEVEL = "compute", 1
HINT = "The two factors must be equal: 1 - λ' = 1 - η λ."

from gradient_ascent.conventions import convention, walk
from gradient_ascent.exercises import Property


def places(source, lr, decay):
    """Five steps from 2 along 1, 1, -3, 0.5 and 1; None where λ is no number."""
    if not isinstance(decay, int | float):
        return None
    gradients = (1.0, 1.0, -3.0, 0.5, 1.0)
    return walk(
        convention("adamw", source),
        lambda theta, t: gradients[t - 1],
        2.0,
        5,
        lr=lr,
        weight_decay=decay,
    )


def check(solved):
    """Small and large learning rates, and no decay."""
    for share, lr in ((1e-5, 1e-3), (0.02, 0.1), (0.3, 0.5), (0.0, 0.1)):
        wrong = {
            "That is the paper's λ': PyTorch multiplies it by η once more.": share,
            "The other way round: ηλ shall be λ'.": share * lr,
            "That is what is left of the parameter.": (1 - share) / lr,
        }
        yield Property(
            f"The places from 2 with λ' = {share:g} and η = {lr:g}",
            places("PyTorch", lr, solved.weight_decay(share, lr)),
            places("paper", lr, share),
            {said: places("PyTorch", lr, each) for said, each in wrong.items()},
        )
