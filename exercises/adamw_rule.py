"""Decay beside the step.

Write AdamW as this book writes a rule. `rules.adam(gradient, state, lr=lr)` gives you
Adam's step and the new state. The decay takes the share η λ of the parameter away,
where λ is `weight_decay`; it does not go through Adam's averages.
"""

from gradient_ascent import rules


def adamw(gradient, state, parameter, lr=1e-3, weight_decay=0.01):
    """The step to add to `parameter`, and the new state."""
    # solution: begin
    step, state = rules.adam(gradient, state, lr=lr)
    return step - lr * weight_decay * parameter, state
    # solution: end


# check
CHAPTER = "adaptive/adamw"
KIND, LEVEL = "compute", 1
HINT = "A decay shrinks: its step points from the parameter to zero."

from gradient_ascent.exercises import Property


def l2(gradient, state, parameter, lr, weight_decay):
    """The decay in the gradient."""
    return rules.adam(gradient - weight_decay * parameter, state, lr=lr)


def grows(gradient, state, parameter, lr, weight_decay):
    """The decay with the wrong sign."""
    step, state = rules.adam(gradient, state, lr=lr)
    return step + lr * weight_decay * parameter, state


def without_lr(gradient, state, parameter, lr, weight_decay):
    """A decay that the learning rate does not scale."""
    step, state = rules.adam(gradient, state, lr=lr)
    return step - weight_decay * parameter, state


def afterwards(gradient, state, parameter, lr, weight_decay):
    """The decay of the new place."""
    step, state = rules.adam(gradient, state, lr=lr)
    return step - lr * weight_decay * (parameter + step), state


def nothing(gradient, state, parameter, lr, weight_decay):
    """No decay."""
    return rules.adam(gradient, state, lr=lr)


def ours(gradient, state, parameter, lr, weight_decay):
    """The book's rule."""
    settings = {"lr": lr, "weight_decay": weight_decay}
    return rules.adamw(gradient, state, parameter=parameter, **settings)


MISTAKES = {
    "That is an L2 penalty: it goes through the averages.": l2,
    "The parameter grows: a decay points to zero.": grows,
    "The decay carries the learning rate: η λ θ.": without_lr,
    "Take the share of the parameter as it was, before the step.": afterwards,
    "The decay is missing.": nothing,
}


def places(rule, gradients, **settings):
    """The places from 3; None if the rule gives nothing."""
    place, state, visited = 3.0, rules.AdamState(), []
    for gradient in gradients:
        given = rule(gradient, state, place, **settings)
        if given is None:
            return None
        step, state = given
        place += step
        visited.append(place)
    return visited


def check(solved):
    """Paths from 3 on slopes of one sign, on none, and on slopes that turn."""
    for lr, weight_decay in ((0.5, 0.1), (0.1, 2.0)):
        settings = {"lr": lr, "weight_decay": weight_decay}
        for gradients in ([2.0], [7.0] * 5, [0.0, 0.0], [4.0, -1.0, 0.5, -2.0]):
            yield Property(
                f"The places from 3 with the gradients {gradients} ({settings})",
                places(solved.adamw, gradients, **settings),
                places(ours, gradients, **settings),
                {
                    said: places(wrong, gradients, **settings)
                    for said, wrong in MISTAKES.items()
                },
            )
