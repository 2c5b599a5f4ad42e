"""What an optimizer knows of a parameter: its rule, its options, its state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer, ParamsT

from gradient_ascent.optim.checkpoint import check_checkpoint
from gradient_ascent.optim.engines import HALF, Slot, own_part
from gradient_ascent.optim.known import Known
from gradient_ascent.optim.options import (
    Group,
    as_python,
    check_betas,
    check_options,
)
from gradient_ascent.rules import UpdateRule

NARROW = torch.float32, *HALF
"""Of which types parameters are whose state may be kept in bfloat16."""


class StatefulOptimizer(Optimizer):
    """A `torch.optim.Optimizer` whose state is the memory of an update rule."""

    counts_steps: ClassVar[bool] = True
    has_kernel: ClassVar[bool] = False
    fixed: ClassVar[Mapping[str, Any]] = {}

    def rule(self, group: Group) -> UpdateRule[..., Any]:
        """The rule that moves the group."""
        raise NotImplementedError

    def hyperparameters(self, group: Group) -> dict[str, Any]:
        """What the rule is called with: options of its names, or of torch's."""
        rule = self.rule(group)
        found = {}
        for name in (each.name for each in rule.hyperparameters):
            option, entry = name, None
            if name not in group:
                option, entry = rule.declaration.place(name)
            if option in group:
                value = group[option]
                found[name] = value if entry is None else value[entry]
        return found

    def fields(self, group: Group) -> Sequence[str]:
        """Names of the state tensors that have their parameter's shape."""
        names = self.rule(group).start._fields
        return [name for name in names if name != "step"]

    def initial(self, group: Group, parameter: Tensor) -> Tensor:
        """A state tensor before the first step."""
        return torch.zeros_like(parameter, memory_format=torch.preserve_format)

    def __init__(self, params: ParamsT, defaults: Group) -> None:
        self._known: dict[int, Known] = {}
        super().__init__(params, as_python(defaults))

    def __setstate__(self, state: dict[str, Any]) -> None:
        if "defaults" not in state:  # a checkpoint's, not a copy's
            check_checkpoint(self, state["param_groups"], state["state"])
        self._known = {}
        defaults = dict(state.get("defaults") or self.defaults)
        super().__setstate__(state)
        self.defaults = defaults  # torch adds an option of its own
        # A checkpoint of torch's may lack an option that only we have; one from
        # before `maximize` descends.
        for group in self.param_groups:
            for name, value in {**self.defaults, "maximize": False}.items():
                group.setdefault(name, value)
            for parameter in group["params"]:
                state = self.state.get(parameter, {})
                if "step" in state:
                    # torch leaves it on the device it is from; once it was a
                    # number.
                    home = self._home_of_count(group, parameter)
                    count = torch.as_tensor(state["step"], dtype=torch.float32)
                    state["step"] = count.to(home)
            self.narrow(group)  # torch has made it the parameter's type

    def narrow(self, group: Group) -> None:
        """Keep the group's state as it asks: see `keep_in_bfloat16`."""
        for p in group["params"] if self._is_narrow(group) else ():
            state = self.state.get(p, {})
            for name in self.fields(group) if p.dtype in NARROW else ():
                if state.get(name) is not None:
                    state[name] = state[name].to(torch.bfloat16)

    def _is_narrow(self, group: Group) -> bool:
        return group.get("rounding") is not None

    def add_param_group(self, param_group: Group) -> None:
        """Add a group, after a look at its values.

        Raises:
            TypeError: a value of the wrong kind.
            ValueError: a number outside the interval it may lie in.
        """
        if isinstance(param_group, dict):
            param_group = as_python(param_group)
            self.check({**self.defaults, **param_group})
        super().add_param_group(param_group)

    def check(self, group: Group) -> None:
        """Raise an error that names the first value that is not allowed."""
        kind = type(self)
        if "betas" in group:
            check_betas(kind.__name__, group["betas"])
        for each in kind.__mro__[: kind.__mro__.index(StatefulOptimizer)]:
            check_options(each, group, kind.__name__)
        chosen = [
            k for k in ("foreach", "fused", "differentiable") if group.get(k)
        ]
        if len(chosen) > 1:
            both = " and ".join(chosen)
            raise ValueError(f"{kind.__name__}: {both} cannot be True together")

    def _slot(
        self, group: Group, parameter: Tensor, fields: Sequence[str]
    ) -> tuple[Slot, bool]:
        """A parameter with its state, and whether that had to be made."""
        state, fresh = self.state.get(parameter, {}), False
        if not state or any(state.get(name) is None for name in fields):
            fresh = self.prepare(group, parameter)
            state = self.state.get(parameter, {})
        kept, steps = {k: state[k] for k in fields}, state.get("step")
        assert parameter.grad is not None
        for name, value in {"grad": parameter.grad, **kept}.items():
            if value.shape != parameter.shape:  # a kernel would read beyond
                raise RuntimeError(
                    f"{type(self).__name__}: {name} of a parameter must have "
                    f"its shape {tuple(parameter.shape)}, "
                    f"got {tuple(value.shape)}"
                )
        here = own_part(parameter, parameter.grad, kept)
        return here._replace(step=steps), fresh

    def prepare(self, group: Group, parameter: Tensor) -> bool:
        """Make what is missing of a parameter's state; say whether any was."""
        fields = self.fields(group)
        if not fields and not self.counts_steps:
            return False
        state = self.state[parameter]
        missing = [name for name in fields if state.get(name) is None]
        for name in missing:
            state[name] = self.initial(group, parameter)
            if self._is_narrow(group) and parameter.dtype in NARROW:
                state[name] = state[name].to(torch.bfloat16)
        if self.counts_steps and "step" not in state:
            home = self._home_of_count(group, parameter)
            state["step"] = torch.zeros((), dtype=torch.float32, device=home)
        return bool(missing)

    def _home_of_count(self, group: Group, parameter: Tensor) -> torch.device:
        """The device of a parameter's step count, as in torch's optimizers."""
        there = group.get("capturable") or (
            self.has_kernel and self._wants_kernel(group)
        )
        there = there and not parameter.is_meta  # a count has a value
        return parameter.device if there else torch.device("cpu")

    def _wants_kernel(self, group: Group) -> bool:
        unasked = group["foreach"] is None and group["fused"] is None
        plain = not group.get("differentiable")
        return plain and (unasked or bool(group["fused"]))
