"""Does an optimizer climb as faithfully as it descends?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import Tensor

from gradient_ascent.optim.watched import (
    STEPS,
    Maker,
    Path,
    Trial,
    flat,
    start,
)

_DECAY = {"weight_decay": 0.1}


def check_direction(make_optimizer: Maker, *, sparse: bool = False) -> None:
    """Hold an optimizer to the direction contract.

    - Maximizing f and minimizing -f give the same parameters, bit for bit, and
      maximizing goes uphill.
    - Weight decay shrinks the parameters in both directions.
    - A step leaves `p.grad` alone: the same tensor, the same bits.
    - A parameter group goes the way of its own `maximize`.
    - `step(closure)` returns f in both directions.

    Groups and weight decay are looked at where the optimizer's `param_groups`
    have such an option, and options of its own as they are made: check each
    that matters. It takes a few steps on matrices of float32, on the CPU, with
    the same draws of torch and of Python's `random` in both directions::

        check_direction(Mine)
        check_direction(functools.partial(Mine, nesterov=True))

    Args:
        make_optimizer: called as `make_optimizer(params, maximize=True)`; a
            class, or a function.
        sparse: feed it sparse gradients, as an `nn.Embedding` can.

    Raises:
        AssertionError: it breaks the contract; every fault that is found is
            named.
        TypeError: what it makes is no `torch.optim.Optimizer`.
        ValueError: what it makes is differentiable, or refuses the gradients
            that it is fed.
    """
    if faults := list(_faults(Trial(make_optimizer, sparse))):
        name = getattr(make_optimizer, "__name__", repr(make_optimizer))
        listed = "".join(f"\n- {fault}" for fault in faults)
        raise AssertionError(f"{name} breaks the direction contract:{listed}")


def _faults(trial: Trial) -> Iterator[str]:
    """What is wrong, in sentences."""
    try:
        optimizer = trial.optimizer(start(), True)
    except TypeError as error:
        if "maximize" not in str(error):
            raise
        yield (
            f"it takes no maximize ({error}); gradient_ascent.uphill makes it "
            "climb as it is"
        )
        return
    up, down = trial.path(True), trial.path(False, -1)
    yield from _of_gradients(up, down)
    ways = list(_of_ways(trial, up, down))
    yield from ways
    options = optimizer.param_groups[0]
    if "weight_decay" in options and not ways:
        touched = bool(up.touched or down.touched)
        yield from _of_weight_decay(trial, options["weight_decay"], touched)
    if "maximize" in options and not ways:
        yield from _of_groups(trial)
    yield from _of_values(up, down)


def _of_gradients(up: Path, down: Path, beside: str = "") -> Iterator[str]:
    for path, maximize in ((up, True), (down, False)):
        if path.touched:
            yield f"with maximize={maximize}{beside} a step {path.touched}"


def _of_ways(trial: Trial, up: Path, down: Path) -> Iterator[str]:
    """Whether it climbs, and by the very steps of the descent on -f."""
    if not up.rises() and not down.rises():
        yield f"no parameter has moved in {STEPS} steps"
        return
    mirror = trial.path(False)
    if not up.parts_from(mirror):
        yield (
            "maximize=True takes the very steps of maximize=False: it is "
            "ignored, or the sign is applied twice"
        )
        return
    if up.rises() < 0 and up.rises(mirror) < 0:
        other = "uphill" if down.rises() < 0 else "downhill as well"
        yield (
            f"maximize=True goes downhill, and maximize=False {other}: the "
            "sign is on the wrong side"
        )
    if step := up.parts_from(down):
        yield _parting(up, down, step) + _culprits(trial)


def _of_weight_decay(
    trial: Trial, made_with: Any, touched: bool
) -> Iterator[str]:
    options = {} if made_with else _DECAY
    value = options.get("weight_decay", made_with)
    wrong = [
        f"maximize={maximize}"
        for maximize in (True, False)
        if _grows(
            trial.path(maximize, 1, options, flat),
            trial.path(maximize, 1, {"weight_decay": 0.0}, flat),
        )
    ]
    if wrong:
        yield (
            f"where the gradient is zero, weight_decay={value} makes the "
            f"parameters grow with {' and '.join(wrong)}: it must shrink them "
            "in both directions, so it is no part of what is negated"
        )
        return
    up = trial.path(True, 1, options)
    down = trial.path(False, -1, options)
    if not touched:
        yield from _of_gradients(up, down, f" and weight_decay={value}")
    if step := up.parts_from(down):
        yield f"with weight_decay={value}, " + _parting(up, down, step)


def _of_groups(trial: Trial) -> Iterator[str]:
    """Two groups, one up and one down, made by either default."""
    for default in (True, False):
        try:
            mixed = _grouped(trial, default, (True, False), (1, 1))
        except ValueError:  # it takes one group
            return
        down = _grouped(trial, default, (False, False), (-1, 1))
        if step := mixed.parts_from(down):
            yield (
                f"made with maximize={default}, it does not heed the maximize "
                f"of a group, from step {step} on: each group has its own"
            )
            return


def _grouped(
    trial: Trial,
    default: bool,
    ways: tuple[bool, bool],
    signs: tuple[float, float],
) -> Path:
    """The path of two parameters that go their own ways."""
    params = start()
    groups = [{"params": [p], "maximize": w} for p, w in zip(params, ways)]
    return trial.follow(trial.optimizer(groups, default), params, signs)


def _of_values(up: Path, down: Path) -> Iterator[str]:
    for path, maximize in ((up, True), (down, False)):
        others = [(said, f) for said, f in path.told if not _equal(said, f)]
        if not others:
            continue
        said, f = others[0]
        turned = _equal(said, -f)
        what = "the negative of what" if turned else f"{said!r}, not what"
        yield (
            f"with maximize={maximize} step(closure) returns {what} the "
            "closure returned"
        )


def _equal(said: Any, f: Tensor) -> bool:
    return isinstance(said, Tensor | float) and bool(said == f)


def _parting(up: Path, down: Path, step: int) -> str:
    pairs = zip(up.points[step], down.points[step])
    most = max(float((a - b).abs().max()) for a, b in pairs)
    return (
        "maximizing f and minimizing -f part ways at step "
        f"{step}, by up to {most:.2g}"
    )


def _culprits(trial: Trial) -> str:
    """The options without which the two paths are one, as a sentence."""
    optimizer = trial.optimizer(start(), True)
    mended = []
    for name, value in optimizer.param_groups[0].items():
        for off in _off(name, value):
            try:
                up = trial.path(True, 1, {name: off})
                down = trial.path(False, -1, {name: off})
            except Exception:  # it needs the option
                continue
            if up.rises() > 0 and not up.parts_from(down):
                mended.append(f"{name}={off}")
                break
    return f"; with {' or '.join(mended)} they do not" if mended else ""


def _off(name: str, value: Any) -> tuple[Any, ...]:
    """What may switch an option off."""
    if name in ("params", "lr", "maximize") or not value:
        return ()
    if value is True:
        return (False,)
    if isinstance(value, tuple):
        return (tuple(0.0 for _ in value),)
    return (0, None) if isinstance(value, int | float) else ()


def _grows(path: Path, without: Path) -> bool:
    """Whether a step leads further from zero than the one without decay.

    What has come past zero is not asked any more.
    """
    for i, first in enumerate(path.points[0]):
        ours, others = ([p[i] for p in each.points] for each in (path, without))
        asked = first != 0
        for t in range(STEPS):
            asked &= ours[t] * first > 0
            moved, other = (x[t + 1] - x[t] for x in (ours, others))
            rounding = 1e-6 * (ours[t + 1].abs() + others[t + 1].abs())
            if (asked & ((moved - other) * first.sign() > rounding)).any():
                return True
    return False
