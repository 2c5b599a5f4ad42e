"""From one source's settings to those with which another goes the same way."""

from collections.abc import Callable
from operator import mul, truediv

from gradient_ascent.conventions.declared import SOURCES, Convention, convention
from gradient_ascent.conventions.walking import Setting, Settings, at, complete
from gradient_ascent.ops import power, sqrt

Full = dict[str, Setting]


class UntranslatableError(ValueError):
    """There is no translation, for the reason that is told.

    Attributes:
        nearest: settings that are near, if some are; None if none are known.
    """

    def __init__(self, why: str, nearest: Settings | None = None) -> None:
        super().__init__(why)
        self.nearest = nearest


def translate(
    method: str, source: str, target: str, **settings: Setting
) -> dict[str, Setting]:
    """Settings with which `target` takes the steps that `source` takes.

    >>> translate("adamw", "paper", "PyTorch", lr=0.5, weight_decay=0.25)[
    ...     "weight_decay"
    ... ]
    0.5

    Args:
        method: key of `METHODS`.
        source: whose settings are given, a key of `SOURCES`.
        target: whose settings are wanted.
        **settings: by this book's names, each a number or a function of the
            step t = 1, 2, ...; the source's defaults stand for the rest.

    Returns:
        All settings of the target, by this book's names.

    Raises:
        UntranslatableError: there are none, as the message says: no numbers,
            and no schedules of the kind that is returned.
        ValueError: a method or source that is not there.
        TypeError: a setting that the source lacks.
    """
    ours, theirs = convention(method, source), convention(method, target)
    full = complete(ours, settings)
    for change in (_decay, _new, _velocity, _divisor, _moments):
        full = change(ours, theirs, full)
    known = {"lr", *theirs.defaults}
    for name in full.keys() - known:
        if full[name] != 0:
            raise UntranslatableError(f"{target} has no {name}")
        del full[name]
    return dict.fromkeys(theirs.defaults, 0.0) | full


def _differ(ours: Convention, theirs: Convention, question: str) -> bool:
    return ours.choices.get(question) != theirs.choices.get(question)


def _decay(ours: Convention, theirs: Convention, full: Full) -> Full:
    """λ of a step (1 - ηλ), from λ' of one that η is not in; and back."""
    if not full.get("weight_decay") or not _differ(ours, theirs, "decay"):
        return full
    lr, decay = full["lr"], full["weight_decay"]
    kinds = ours.choices["decay"], theirs.choices["decay"]
    if "none" in kinds:
        raise UntranslatableError(f"{theirs.source} has no weight decay there")
    if "gradient" in kinds:
        if ours.method == "momentum" and full["momentum"] == 0:
            return full
        raise UntranslatableError(
            "what enters by the gradient is averaged or rescaled with it"
        )
    if kinds == ("apart", "beside"):
        return full | {"weight_decay": combined(decay, lr, truediv)}
    return full | {"weight_decay": combined(decay, lr, mul)}


def _new(ours: Convention, theirs: Convention, full: Full) -> Full:
    """Dampening: η (1 - d) for each gradient but the first, which is whole."""
    if not _differ(ours, theirs, "new"):
        return full
    if ours.choices["new"] == "whole":
        return full | {"dampening": 0.0}
    share, lr, kept = full.pop("dampening"), full["lr"], full["momentum"]
    if share == 0 or kept == 0:  # torch reads d with a velocity only
        return full
    if at(share, 2) == 1:
        raise UntranslatableError("no gradient but the first enters")

    def dampened(t: int) -> float:
        return at(lr, t) * (1 if t == 1 else 1 - at(share, t))

    def momentum(t: int) -> float:
        return at(kept, t) / (1 - at(share, t) if t == 2 else 1)

    return full | {"lr": dampened, "momentum": momentum}


def _velocity(ours: Convention, theirs: Convention, full: Full) -> Full:
    """η outside the velocity or inside: μ makes good for the last change."""
    if not _differ(ours, theirs, "velocity"):
        return full
    if "velocity" not in theirs.choices:
        return full
    lr, share = full["lr"], full.get("momentum", 0.0)
    if not callable(lr) or share == 0 or "velocity" not in ours.choices:
        return full
    if ours.method == "nesterov":
        raise UntranslatableError(
            "μ stands in two places, of which one would have to change"
        )
    return full | {
        "momentum": corrected_momentum(
            share, lr, inward=theirs.choices["velocity"] == "inside"
        )
    }


def corrected_momentum(share: Setting, lr: Setting, *, inward: bool) -> Setting:
    r"""The momentum that makes good for a changing learning rate.

    .. math:: \mu'_t = \mu_t \left(\eta_t / \eta_{t-1}\right)^{\pm 1}

    with plus to bring η from outside the velocity to its inside.
    """

    def momentum(t: int) -> float:
        if t == 1:
            return at(share, t)
        grown = at(lr, t) / at(lr, t - 1)
        return at(share, t) * (grown if inward else 1 / grown)

    return momentum


def _divisor(ours: Convention, theirs: Convention, full: Full) -> Full:
    """AdaGrad's ε inside the root is a start of its sum, and the reverse."""
    if "divisor" not in ours.choices:
        return full
    eps, start = float(at(full["eps"], 1)), float(at(full.get("start", 0.0), 1))
    inside = [each.choices["divisor"] == "inside" for each in (ours, theirs)]
    fixed = theirs.choices.get("start") != "argument"
    if inside[0] and start + eps > 0 and ours.method == "adagrad":
        if inside[1]:
            return full | ({"start": 0.0, "eps": start + eps} if fixed else {})
        if not fixed:
            return full | {"start": start + eps, "eps": 0.0}
    elif eps == 0 and inside[1] and ours.method == "adagrad":
        return full | ({"start": 0.0, "eps": start} if fixed else {})
    elif start > 0 and fixed:
        raise UntranslatableError(f"{theirs.source}'s sum starts at 0")
    if inside[0] == inside[1] or eps == start == 0:
        return full
    near = sqrt(start + eps) if inside[0] else eps * eps
    raise UntranslatableError(
        "ε inside the root and ε outside agree at two values of s at most",
        full | {"eps": near} | ({"start": 0.0} if fixed and start else {}),
    )


def _moments(ours: Convention, theirs: Convention, full: Full) -> Full:
    """Adam's ε before or after the correction, and no correction at all."""
    if "scale" not in ours.choices:
        return full
    if _differ(ours, theirs, "largest"):
        raise UntranslatableError(
            "a maximum of corrected averages is no corrected maximum"
        )
    if not any(_differ(ours, theirs, each) for each in ("scale", "correction")):
        return full
    lr, eps, b1, b2 = (full[name] for name in ("lr", "eps", "beta1", "beta2"))
    root = combined(_weight(b2), 0.0, lambda w, _: sqrt(w))
    for each, less, more in (
        (ours, truediv, mul), (theirs, mul, truediv),
    ):  # fmt: skip
        if each.choices["scale"] == "raw":
            eps = combined(eps, root, less)
        if each.choices["correction"] == "none":
            lr = combined(combined(lr, _weight(b1), more), root, less)
    return full | {"lr": lr, "eps": eps}


def _weight(beta: Setting) -> Setting:
    """What an average from zero has gathered: 1 - β^t."""
    return lambda t: 1 - power(at(beta, t), t)


def combined(x: Setting, y: Setting, how: Callable[..., float]) -> Setting:
    """A setting made from two: a number if both are, else one for each step."""
    if callable(x) or callable(y):
        return lambda t: how(at(x, t), at(y, t))
    return how(x, y)


def spelled(method: str, source: str, settings: Settings) -> str:
    """The call, by the source's own names; "..." for what changes by step."""
    how, names = convention(method, source), SOURCES[source].names
    told: dict[str, str] = {}
    for name, value in settings.items():
        option, _, entry = names.get(name, name).partition("[")
        text = "..." if callable(value) else f"{value:.6g}"
        told[option] = f"{told[option]}, {text}" if option in told else text
        if entry and entry != "0]":
            told[option] = f"({told[option]})"
    inner = ", ".join(f"{name}={text}" for name, text in told.items())
    return f"{how.call or how.source + ' ' + method}({inner})"
