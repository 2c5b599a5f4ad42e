"""What every optimizer here shares: a step that an update rule takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Literal, TypeAlias

import torch
from torch import Tensor

from gradient_ascent.optim import engines, on_gpu, written
from gradient_ascent.optim.engines import (
    Slot,
    StepOptions,
    as_number,
    count,
)
from gradient_ascent.optim.known import Known
from gradient_ascent.optim.launch import Launch, are_plain
from gradient_ascent.optim.options import (
    Group,
    parameter_name,
)
from gradient_ascent.optim.program import KernelError
from gradient_ascent.optim.stateful import StatefulOptimizer
from gradient_ascent.optim.tensor_list import TensorList
from gradient_ascent.optim.torch_private import disable_dynamo

Engine: TypeAlias = Literal["reference", "foreach", "kernel", "written"]


class RuleOptimizer(StatefulOptimizer):
    """A `torch.optim.Optimizer` whose step is an update rule.

    A subclass says which rule moves a parameter group and with which
    hyperparameters. Where torch has a kernel for the rule, the subclass brings
    it as `kernel`. Options that make it what it is are `fixed`.
    """

    def kernel(self, group: Group, slots: Sequence[Slot], fresh: bool) -> None:
        """Take the step by torch's own fused kernel; the steps are counted."""
        raise NotImplementedError

    # A compiled training loop calls the step as it is: its kernels are fused
    # already, and the compiler would guard on every gradient and start anew.
    @disable_dynamo
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every parameter that has a gradient.

        Args:
            closure: computes the objective anew, calls `backward` and returns
                the objective.

        Returns:
            What the closure returned; None without one.

        Raises:
            RuntimeError: a gradient is sparse. Nothing has moved then.
        """
        value = self._evaluate(closure)
        self._move_groups(self._recalled())
        return value

    @staticmethod
    def _evaluate(closure: Callable[[], Any] | None) -> Any:
        """What the closure of a step returns; None without one."""
        if closure is None:
            return None
        with torch.enable_grad():
            return closure()

    def _recalled(self) -> list[Known | None]:
        """What is known of each group's memory, if it still holds.

        Raises:
            RuntimeError: a gradient is sparse.
        """
        ready = [self._recall(group) for group in self.param_groups]
        for group, known in zip(self.param_groups, ready):
            if not known:
                self._refuse_sparse(group)
        return ready

    def _recall(self, group: Group) -> Known | None:
        if len(self._known) > len(self.param_groups):
            self._known.clear()  # of groups that are gone
        known = self._known.pop(id(group), None)
        if not known or not self._wants_kernel(group):
            return None
        parameters = group["params"]
        gradients = [g for p in parameters if (g := p.grad) is not None]
        if len(gradients) < len(parameters):
            parameters = [p for p in parameters if p.grad is not None]
        fields = self.fields(group)
        if not known.holds(parameters, gradients, self.state, fields):
            return None
        self._known[id(group)] = known
        return known

    def _refuse_sparse(self, group: Group, only: int | None = None) -> None:
        for index, p in enumerate(group["params"]):
            g = p.grad if only in (None, index) else None
            if g is not None and g.layout != torch.strided:
                name = type(self).__name__
                raise RuntimeError(
                    f"{name} takes dense gradients, but that of "
                    f"{parameter_name(group, index)} is {g.layout}"
                )

    def move_alone(self, group: Group, index: int) -> None:
        """Move one parameter of a group by its gradient, and no other.

        Raises:
            RuntimeError: the gradient is sparse. Nothing has moved then.
        """
        self._refuse_sparse(group, index)
        alone = {**group, "params": [group["params"][index]]}
        with torch.no_grad():
            self._move_group(alone)
        self._known.pop(id(alone), None)  # it is gone
        if self._is_narrow(group):
            group["rounding"] = alone["rounding"]

    def _count_rounding(self, group: Group) -> None:
        """Draw other random numbers the next time."""
        if self._is_narrow(group):
            group["rounding"] += 1

    def _move_groups(self, ready: list[Known | None]) -> None:
        """Move the groups, each by what is known of it."""
        for group, known in zip(self.param_groups, ready):
            steps = known.launch.steps() if known else None
            if known and steps is not None:
                try:
                    self._run_launch(known.launch, group, False, steps)
                    self._count_rounding(group)
                    continue
                except KernelError:  # for the options as they are now
                    self._known.pop(id(group))
            with torch.set_grad_enabled(group.get("differentiable", False)):
                self._move_group(group)

    def _move_group(self, group: Group) -> None:
        """Move a group's parameters, those together that can go together."""
        moving = [p for p in group["params"] if p.grad is not None]
        fields, fast = self.fields(group), self._wants_kernel(group)
        buckets: dict[Any, list[Slot]] = defaultdict(list)
        for parameter in moving:
            slot, fresh = self._slot(group, parameter, fields)
            engine = self._engine(group, slot) if fast else self._slow(group)
            kinds = (x.dtype for x in slot.tensors())
            kind = slot.parameter.device, *kinds
            # torch's kernels count for themselves, each tensor its own steps.
            follow = group.get("capturable", False)
            if engine == "written":
                follow = on_gpu.is_there(slot.step)
            steps = None if engine == "kernel" else as_number(slot.step, follow)
            alike = None if isinstance(steps, Tensor) else steps
            buckets[engine, kind, fresh, alike].append(slot)
        for (engine, _, fresh, steps), slots in buckets.items():
            launch = self._run(engine, group, slots, fresh, steps)
            self._count_rounding(group)
            if launch and len(buckets) == 1 and are_plain(moving):
                with suppress(KernelError):  # it is asked anew each time, then
                    known = Known(launch, moving, self.state)
                    self._known[id(group)] = known

    def _run(
        self,
        engine: Engine,
        group: Group,
        slots: list[Slot],
        fresh: bool,
        steps: Any,
    ) -> Launch | None:
        """Move slots by an engine; return the launch, to be used again."""
        if engine == "written":
            launch = written.launch(slots)
            taken = slots[0].step if steps is None else steps
            try:
                self._run_launch(launch, group, fresh, taken)
            except KernelError:
                self._fall_back(group, slots, fresh, steps)
                return None
            return launch
        counts = [slot.step for slot in slots if slot.step is not None]
        if engine == "kernel":
            count(counts)
            self.kernel(group, slots, fresh)
            return None
        if steps is not None:
            self._refuse_capture(slots[0].parameter.device)
        follow = any(group.get(x) for x in ("capturable", "differentiable"))
        options = self.step_options(group, fresh, steps or 0, follow)
        if engine == "foreach":
            if counts and steps is None:
                options = options._replace(steps=TensorList(counts))
            engines.foreach(options, slots)
        else:
            for number, slot in enumerate(slots):
                own = slot.step if steps is None else steps
                engines.in_place(options._replace(steps=own), slot, number)
        count(counts)
        return None

    def _fall_back(
        self, group: Group, slots: list[Slot], fresh: bool, steps: Any
    ) -> None:
        """Move slots that the written engine cannot move here."""
        capturable, counts = group.get("capturable"), slots[0].step is not None
        if self._is_narrow(group):
            self._run("reference", group, slots, fresh, steps)
        elif self.has_kernel and all(slot.is_flat() for slot in slots):
            self._run("kernel", group, slots, fresh, None)
        elif counts and steps is None and not capturable:
            for slot in slots:  # a tensor would round what follows to float32
                own = as_number(slot.step, False)
                self._run("foreach", group, [slot], fresh, own)
        else:
            self._run("foreach", group, slots, fresh, steps)

    def _run_launch(
        self, launch: Launch, group: Group, fresh: bool, steps: Any
    ) -> None:
        """Move all of a launch.

        Raises:
            KernelError: it cannot. Nothing has moved then.
        """
        if launch.counts and not on_gpu.is_there(steps):
            self._refuse_capture(launch.parameters[0].device)
        steps = 0 if steps is None else steps
        launch.run(self.step_options(group, fresh, steps, launch.follows))

    def _refuse_capture(self, device: torch.device) -> None:
        """Raise if a CUDA graph would repeat the step count of this step."""
        if device.type == "cuda" and torch.cuda.is_current_stream_capturing():
            raise RuntimeError(
                f"{type(self).__name__}: a graph of this step would repeat its "
                "step count, which only capturable=True and torch's kernels "
                "keep on the device"
            )

    def _engine(self, group: Group, slot: Slot) -> Engine:
        """The fastest engine that moves a slot."""
        there = on_gpu.is_there(slot.parameter)
        if written.can_move(slot) and not (there and self._is_narrow(group)):
            return "written"
        if self._is_narrow(group):
            return "reference"  # the others would round to the nearest
        if slot.parameter.is_neg() or slot.parameter.is_conj():
            return "reference"  # torch's others refuse what is so by a flag
        # torch's kernels take memory in order, whatever the strides say.
        takes = slot.is_flat() and not slot.parameter.is_meta
        return "kernel" if self.has_kernel and takes else "foreach"

    def _slow(self, group: Group) -> Engine:
        """The engine that was asked for instead."""
        one_by_one = group.get("differentiable") or group["foreach"] is False
        one_by_one = one_by_one or self._is_narrow(group)
        return "reference" if one_by_one else "foreach"

    def step_options(
        self, group: Group, fresh: bool, steps: Any, follow: bool = False
    ) -> StepOptions:
        """What a step of the group needs, beside the tensors that it moves."""
        options = self.hyperparameters(group)
        hyperparameters = {k: as_number(v, follow) for k, v in options.items()}
        decay, decoupled = as_number(group["weight_decay"], follow), None
        if "weight_decay" in hyperparameters:
            decay = None  # the rule sees to it
        elif group.get("decoupled_weight_decay"):
            decay, decoupled = None, decay
        return StepOptions(
            self.rule(group), group["maximize"], hyperparameters,
            decay or None, decoupled or None, steps, fresh,
            group.get("rounding"),
        )  # fmt: skip
