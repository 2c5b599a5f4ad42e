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
    that matters. It takes a few steps on matrices of float32, on the CPU::

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
        yield from _of_weight_decay(trial, options["weight_decay"])
    if "maximize" in options and not ways:
        yield from _of_groups(trial)
    yield from _of_values(up)


def _of_gradients(up: Path, down: Path) -> Iterator[str]:
    for path, maximize in ((up, True), (down, False)):
        if path.touched:
            yield f"with maximize={maximize} a step {path.touched}"


def _of_ways(trial: Trial, up: Path, down: Path) -> Iterator[str]:
    """Whether it climbs, and by the very steps of the descent on -f."""
    if not up.rises() and not down.rises():
        yield f"no parameter has moved in {STEPS} steps"
        return
    if not up.parts_from(trial.path(False)):
        yield (
            "maximize=True takes the very steps of maximize=False: it is "
            "ignored, or the sign is applied twice"
        )
        return
    if up.rises() < 0:
        other = "uphill" if down.rises() < 0 else "downhill as well"
        yield (
            f"maximize=True goes downhill, and maximize=False {other}: the "
            "sign is on the wrong side"
        )
    if step := up.parts_from(down):
        yield _parting(up, down, step) + _culprits(trial)


def _of_weight_decay(trial: Trial, made_with: Any) -> Iterator[str]:
    options = {} if made_with else _DECAY
    value = options.get("weight_decay", made_with)
    wrong = [
        f"maximize={maximize}"
        for maximize in (True, False)
        if _grows(trial.path(maximize, 1, options, flat))
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
    if step := up.parts_from(down):
        yield f"with weight_decay={value}, " + _parting(up, down, step)


def _of_groups(trial: Trial) -> Iterator[str]:
    """Two groups, one up and one down, made by either default."""
    for default in (True, False):
        params = start()
        ways = [{"params": [p], "maximize": p is params[0]} for p in params]
        try:
            optimizer = trial.optimizer(ways, default)
        except ValueError:  # it takes one group
            return
        path = trial.follow(optimizer, params)
        one, other = (
            Path([[point[i]] for point in path.points], [path.slopes[i]])
            for i in range(2)
        )
        if one.rises() < 0 or other.rises() > 0:
            yield (
                f"made with maximize={default}, it does not heed the maximize "
                "of a group: each group has its own"
            )
            return


def _of_values(up: Path) -> Iterator[str]:
    turned = [
        isinstance(said, Tensor | float) and bool(said == -f) and bool(f != 0)
        for said, f in up.told
    ]
    if any(turned):
        yield (
            "with maximize=True step(closure) returns the negative of what the "
            "closure returned"
        )


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


def _grows(path: Path) -> bool:
    """Whether the first step leads away from zero."""
    start, after = path.points[:2]
    return any(
        bool(((now - then) * then > 0).any()) for now, then in zip(after, start)
    )
