"""Take the steps that a source takes, by this book's rules."""

from collections.abc import Callable, Mapping
from typing import Any

from gradient_ascent import rules
from gradient_ascent.conventions.declared import Convention
from gradient_ascent.ops import power, sqrt

Setting = float | Callable[[int], float]
"""A number, or one for each step t = 1, 2, ..."""
Settings = Mapping[str, Setting]


def at(setting: Setting, t: int) -> float:
    """A setting's value in step t."""
    return setting(t) if callable(setting) else setting


def complete(how: Convention, settings: Settings) -> dict[str, Setting]:
    """A source's settings, with its own defaults for what is not given.

    Raises:
        TypeError: a setting that the source lacks, or none for the learning
            rate where it has no default.
    """
    known = {"lr": None, **how.defaults}
    for name in settings:
        if name not in known:
            raise TypeError(
                f"{how.source}'s {how.method} takes {', '.join(known)}; "
                f"got {name!r}"
            )
    full = {**how.defaults, **settings}
    if "lr" not in full:
        raise TypeError(f"{how.source}'s {how.method} needs lr, got none")
    return full


def walk(
    how: Convention,
    uphill: Callable[[Any, int], Any],
    start: Any,
    steps: int,
    /,
    **settings: Setting,
) -> list[Any]:
    """Where a source's method goes.

    Args:
        how: the source's convention.
        uphill: from a parameter and the number of the step, t = 1, 2, ..., to
            the uphill gradient.
        start: the parameter before the first step.
        steps: how many to take.
        **settings: by this book's names, a number each or a function of t; the
            source's defaults stand for the rest.

    Returns:
        The parameter before the first step, and after each.
    """
    full = complete(how, settings)
    theta, visited, state = start, [start], _start(how, full)
    for t in range(1, steps + 1):
        now: dict[str, Any] = {n: at(x, t) for n, x in full.items()}
        gradient = uphill(theta, t)
        decay = now.pop("weight_decay", 0.0)
        share = 0.0
        match how.choices["decay"]:
            case "gradient":
                gradient = rules.decayed(gradient, theta, weight_decay=decay)
            case "beside":
                share = now["lr"] * decay
            case "apart":
                share = decay
        step, state = _step(how, gradient, state, now, t)
        theta = theta + rules.decayed(step, theta, weight_decay=share)
        visited.append(theta)
    return visited


def _start(how: Convention, full: Settings) -> Any:
    match how.method:
        case "adagrad":
            return rules.AdagradState(sum=at(full["start"], 1))
        case "rmsprop":
            return rules.RMSpropState(), rules.MomentumState(0)
        case "momentum":
            return rules.MomentumState()
        case "nesterov":
            return rules.MomentumState(0)
        case "amsgrad":
            return rules.AMSGradState()
    return rules.AdamState()


def _step(
    how: Convention, g: Any, state: Any, now: dict[str, Any], t: int
) -> tuple[Any, Any]:
    """One step of a rule; unchecked, as a translation may ask for much."""
    choices = how.choices
    inside = choices.get("divisor") == "inside"
    in_velocity = choices.get("velocity") == "inside"
    match how.method:
        case "momentum":
            if now["momentum"] == 0:  # torch reads d with a velocity only
                now.pop("dampening", None)
            return rules.momentum.function(
                g, state, **now, lr_in_velocity=in_velocity
            )
        case "nesterov":
            return rules.nesterov.function(
                g, state, **now, lr_in_velocity=in_velocity
            )
        case "adagrad":
            now.pop("start")
            return rules.adagrad.function(g, state, **now, eps_in_sqrt=inside)
        case "rmsprop":
            lr, share = now.pop("lr"), now.pop("momentum", 0.0)
            scaled, squares = rules.rmsprop.function(
                g, state[0], lr=1, **now, eps_in_sqrt=inside
            )
            step, velocity = rules.momentum.function(
                scaled, state[1], lr=lr, momentum=share,
                lr_in_velocity=in_velocity,
            )  # fmt: skip
            return step, (squares, velocity)
    corrects = choices["correction"] == "both"
    if corrects and choices["scale"] == "raw":  # ε̂ in units of the corrected
        now["eps"] = now["eps"] / sqrt(1 - power(now["beta2"], t))
    if how.method != "amsgrad":
        return rules.adam.function(g, state, **now, bias_correction=corrects)
    return rules.amsgrad.function(
        g, state, **now, bias_correction=corrects,
        correct_before_max=choices["largest"] == "corrected",
    )  # fmt: skip
