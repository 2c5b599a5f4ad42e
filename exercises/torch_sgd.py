"""A step of torch's SGD.

Write what `torch.optim.SGD` does to one parameter θ with the gradient g that `backward`
has left, b being what it remembers, at first None:

1. With `maximize` the sign of g is turned.
2. The penalty is added: g ← g + λ θ.
3. b becomes g the first time, and μ b + (1 - d) g from then on.
4. θ ← θ - η b

λ is `weight_decay`, d is `dampening`. The order matters: the penalty pulls to zero in
both directions.
"""


def sgd(theta, g, b, *, lr, momentum, dampening, weight_decay, maximize):
    """The new parameter, and what is remembered now."""
    # solution: begin
    if maximize:
        g = -g
    g = g + weight_decay * theta
    b = g if b is None else momentum * b + (1 - dampening) * g
    return theta - lr * b, b
    # solution: end


# check
CHAPTER = "practice/pytorch"
KIND, LEVEL = "compute", 2
HINT = "The four lines in their order; only the third asks what there was before."

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def path(step, gradients, settings):
    """The places from 2; None if nothing comes back."""
    place, buffer, places = 2.0, None, []
    for gradient in gradients:
        given = step(place, gradient, buffer, **settings)
        if given is None:
            return None
        place, buffer = given
        places.append(place)
    return places


def by_the_book(way, first="whole", turned="first"):
    """The step with the book's rule, right or with one mistake."""

    def step(place, gradient, buffer, lr, momentum, dampening, weight_decay, maximize):
        flip = 1 if maximize else -1
        penalty = weight_decay * place
        up = flip * gradient - (flip * -penalty if turned == "last" else penalty)
        start = 0.0 if first == "dampened" and buffer is None else buffer
        settings = {"lr": lr, "momentum": momentum, "dampening": dampening}
        moved, state = rules.momentum(way * up, rules.MomentumState(start), **settings)
        return place + moved, state.momentum_buffer

    return step


MISTAKES = {
    "That is the other direction: is a sign flipped?": by_the_book(-1),
    "The first gradient counts in full; dampening begins with the second.": by_the_book(
        1, first="dampened"
    ),
    "Turn the sign before the penalty, or the weights are pushed away from zero.": (
        by_the_book(1, turned="last")
    ),
}


def check(solved):
    """Each option alone, then all at once."""
    options = {"lr": 0.1, "momentum": 0.5, "dampening": 0.0, "weight_decay": 0.0}
    for changed in (
        {},
        {"maximize": True},
        {"dampening": 0.25},
        {"weight_decay": 0.5},
        {"dampening": 0.5, "weight_decay": 0.25, "maximize": True},
    ):
        settings = {**options, "maximize": False, **changed}
        for gradients in ([4.0], [4.0, -1.0, 0.5]):
            yield Property(
                f"The places from 2 with the gradients {gradients} ({settings})",
                path(solved.sgd, gradients, settings),
                path(by_the_book(1), gradients, settings),
                {
                    said: path(wrong, gradients, settings)
                    for said, wrong in MISTAKES.items()
                },
            )
