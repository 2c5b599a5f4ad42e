"""Two libraries on p²: one set of numbers copied to another, and translated."""

from collections.abc import Sequence
from typing import Annotated, Any

from gradient_ascent.arguments import Interval
from gradient_ascent.conventions import (
    UntranslatableError,
    convention,
    translate,
    walk,
)
from gradient_ascent.conventions.walking import Setting, at, complete
from gradient_ascent.rules.declaration import Control

from .kinds import Axis, Curve, Drawing, Handle, Layer, Panel, diagram

STEPS, CHANGE, WIDE = 40, 8, 1.2
TAUGHT = ("momentum", "adagrad", "rmsprop", "adam", "amsgrad")
LIBRARIES = ("PyTorch", "Optax", "Keras")
TITLES = ("Momentum", "AdaGrad", "RMSProp", "Adam", "AMSGrad")
LRS, EPS = (0.05, 0.4, 0.02, 0.1, 0.1), 0.3
WORDS = {
    "lr": "η", "momentum": "μ", "eps": "ε", "start": "the start of s",
}  # fmt: skip


def _which(label: str, names: Sequence[str]) -> Control:
    told = ", ".join(f"{i} {name}" for i, name in enumerate(names, start=1))
    return Control(f"{label}: {told}", range=(1, len(names)), whole=True)


Method = Annotated[
    float, Interval(1, 5, open_high=False), _which("method", TITLES)
]
Library = Interval(1, 3, open_high=False)
FromLibrary = Annotated[float, Library, _which("from", LIBRARIES)]
ToLibrary = Annotated[float, Library, _which("to", LIBRARIES)]
After = Annotated[
    float,
    Interval(0.05, 1.2, open_high=False),
    Control("factor of η from step 9 on", "times", (0.05, 1.2)),
]


def downhill(theta: float, t: int) -> float:
    """The uphill gradient of -p², of curvature 2."""
    return -2 * theta


def settings(method: str, after: float) -> dict[str, Any]:
    """What the first library is given; its defaults stand for the rest."""
    lr = LRS[TAUGHT.index(method)]
    given: dict[str, Any] = {"lr": lr}
    if after != 1:
        given["lr"] = lambda t: lr if t <= CHANGE else lr * after
    if method in ("momentum", "rmsprop"):
        given["momentum"] = 0.9
    if method in ("adam", "amsgrad"):
        given |= {"beta1": 0.9, "beta2": 0.95}
    return given if method == "momentum" else given | {"eps": EPS}


def path(method: str, library: str, given: dict[str, Setting]) -> list[float]:
    """Where a library goes from 1 with these settings."""
    return walk(convention(method, library), downhill, 1.0, STEPS, **given)


def _panels() -> dict[str, Panel]:
    return {
        "path": Panel(
            Axis("step", 0, STEPS),
            Axis("$p$", -WIDE, WIDE),
            [Curve([(0, 0), (STEPS, 0)], color=None)],
        ),
        "factor": Panel(
            Axis("step", 0, STEPS), Axis(r"$\eta$ / the first", 0, 1.3)
        ),
    }


@diagram(_panels, [*["path"] * 5, *["factor"] * 2], 4.2)
def translation(
    method: Method = 1,
    source: FromLibrary = 1,
    target: ToLibrary = 3,
    after: After = 0.2,
) -> Drawing:
    """A run of one library, and two of another: numbers copied, translated."""
    name = TAUGHT[round(method) - 1]
    first, second = (LIBRARIES[round(x) - 1] for x in (source, target))
    given = settings(name, after)
    ours = path(name, first, given)
    layers: list[Layer] = [Curve(list(enumerate(ours)), color=0)]
    copied = path(name, second, given)
    layers.append(Curve(list(enumerate(copied)), color=1, dashed=True))
    try:
        theirs = translate(name, first, second, **given)
        same = path(name, second, theirs)
        layers.append(Curve(list(enumerate(same)), color=0, mark=0, line=False))
        full = complete(convention(name, first), given)
        said = f"Translated: {changed(full, theirs)}."
    except UntranslatableError as error:
        said = f"No translation: {error}."
    apart = max(abs(a - b) for a, b in zip(ours, copied))
    factors = [(0, 1), (CHANGE, 1), (CHANGE, after), (STEPS, after)]
    return Drawing(
        {
            "path": layers,
            "factor": [
                Curve(factors, color=0),
                Handle((30, after), "The later learning rate", (None, "after")),
            ],
        },
        f"{TITLES[round(method) - 1]} from {first} to {second}. With the same "
        f"numbers the paths are up to {apart:.3f} apart. {said}",
    )


def changed(given: dict[str, Setting], theirs: dict[str, Setting]) -> str:
    """Which settings are others now, in words."""
    steps = range(1, STEPS + 1)
    told = []
    for name, word in WORDS.items():
        if name not in theirs:
            continue
        values = [at(theirs[name], t) for t in steps]
        if values != [at(given.get(name, 0.0), t) for t in steps]:
            told.append(f"{word} {_over(values)}")
    return "; ".join(told) if told else "nothing is to change"


def _over(values: list[float]) -> str:
    usual = values[-1]
    others = [t for t, x in enumerate(values, start=1) if x != usual]
    if not others:
        return f"{usual:.3g}"
    if len(others) == 1:
        return (
            f"{usual:.3g}, but {values[others[0] - 1]:.3g} in step {others[0]}"
        )
    return f"from {values[0]:.3g} in step 1 to {usual:.3g} in step {STEPS}"
