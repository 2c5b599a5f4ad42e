"""Take the steps within backward: a gradient is used, and gone."""

from __future__ import annotations

from types import TracebackType
from typing import Any
from weakref import WeakSet

from torch import Tensor
from torch.optim.optimizer import Optimizer

from gradient_ascent.optim.optimizer import RuleOptimizer
from gradient_ascent.optim.options import parameter_name

_moving: WeakSet[Optimizer] = WeakSet()


def step_in_backward(optimizer: RuleOptimizer) -> StepInBackward:
    """Move each parameter within `backward`, as soon as its gradient is there.

    Its gradient is freed at once, so that they are never all in memory. The
    training loop stays as it is, and the parameters end where they would:
    `optimizer.step()` finds no gradient left, and begins the next step. So
    schedulers and projections after a step work as before::

        optim.step_in_backward(optimizer)
        for batch in data:
            optimizer.zero_grad()
            objective(model, batch).backward()  # the parameters move here
            optimizer.step()

    What looks at all gradients before a step finds none: do not clip their
    common norm, scale them (`GradScaler`), or average them over machines
    (`DistributedDataParallel`, whose sum comes later than the step). A
    parameter that is added later, or gets its gradient elsewhere, is moved by
    `step`, as ever. A state in bfloat16 is rounded by other random numbers than
    when all move together, so there the last bits differ.

    Args:
        optimizer: one of ours that follows a rule; a rule moves each parameter
            by its own gradient.

    Returns:
        What ends it: `remove()`, or the end of its `with` block.

    Raises:
        TypeError: another optimizer, such as `LBFGS`, which needs all
            gradients, and several times.
        ValueError: it looks at all gradients before it moves (`nonfinite`, or
            metrics that are written), autograd is to see its steps, a
            gradient is there already, or it is done already.
        RuntimeError: at the second `backward` before `step`. A sum of
            gradients is no more to be had.

    Source: the hooks are those of torch's tutorial "How to save memory by
        fusing the optimizer step into the backward pass".
    """
    _refuse(optimizer)
    return StepInBackward(optimizer)


class StepInBackward:
    """The hooks that `step_in_backward` has set."""

    def __init__(self, optimizer: RuleOptimizer) -> None:
        self._optimizer = optimizer
        self._moved: set[int] = set()
        places = [
            (p, index, number)
            for index, group in enumerate(optimizer.param_groups)
            for number, p in enumerate(group["params"])
            if p.requires_grad
        ]
        self._place = {id(p): place for p, *place in places}
        self._hooks: list[Any] = [
            p.register_post_accumulate_grad_hook(self._move)
            for p, _, _ in places
        ]
        self._hooks.append(optimizer.register_step_post_hook(self._stepped))
        _moving.add(optimizer)

    def _move(self, parameter: Tensor) -> None:
        index, number = self._place[id(parameter)]
        group = self._optimizer.param_groups[index]
        if id(parameter) in self._moved:
            raise RuntimeError(
                f"step_in_backward: {parameter_name(group, number)} has moved, "
                "and a second gradient came before optimizer.step(): gradients "
                "cannot be added up when each is used at once"
            )
        self._optimizer.move_alone(group, number)
        parameter.grad = None
        self._moved.add(id(parameter))

    def _stepped(self, *_: Any) -> None:
        self._moved.clear()

    def remove(self) -> None:
        """Leave the steps to `step` again."""
        for hook in self._hooks:
            hook.remove()
        _moving.discard(self._optimizer)

    def __enter__(self) -> StepInBackward:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.remove()


def _refuse(optimizer: Any) -> None:
    """Raise if the steps cannot be taken one by one."""
    name = type(optimizer).__name__
    if not isinstance(optimizer, RuleOptimizer):
        raise TypeError(
            "step_in_backward: optimizer must follow a rule, which moves each "
            f"parameter by its own gradient, as optim.Adam; got {name}"
        )
    if optimizer in _moving:
        raise ValueError(
            f"step_in_backward: this {name} steps in backward already"
        )
    nonfinite = getattr(optimizer, "nonfinite", "pass")
    if nonfinite != "pass":
        raise ValueError(
            f"step_in_backward: {name} with nonfinite={nonfinite!r} looks at "
            "all gradients before it moves; it takes nonfinite='pass'"
        )
    if getattr(getattr(optimizer, "metrics", None), "writers", ()):
        raise ValueError(
            f"step_in_backward: the metrics that this {name} writes are of all "
            "gradients; it takes one without log_to"
        )
    for group in optimizer.param_groups:
        if group.get("differentiable"):
            raise ValueError(
                "step_in_backward: differentiable must be False, got True: "
                "backward cannot see the step that it takes"
            )
        for number, p in enumerate(group["params"]):
            if p.grad is not None:
                raise ValueError(
                    f"step_in_backward: {parameter_name(group, number)} has a "
                    "gradient, to which the next would be added; zero_grad() "
                    "first"
                )
