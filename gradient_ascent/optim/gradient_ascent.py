"""GradientAscent: the published package's optimizer, made right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args

import torch
from torch import Tensor
from torch.optim.optimizer import ParamsT

from gradient_ascent import rules
from gradient_ascent.arguments import Factor, NonNegative, Positive, Share
from gradient_ascent.optim.known import Known
from gradient_ascent.optim.metrics import Metrics, Writer
from gradient_ascent.optim.on_cpu import all_finite
from gradient_ascent.optim.optimizer import RuleOptimizer
from gradient_ascent.optim.options import Group, parameter_name
from gradient_ascent.optim.program import KernelError
from gradient_ascent.optim.sharded import anywhere, here
from gradient_ascent.optim.torch_private import disable_dynamo, on_lists

Nonfinite = Literal["raise", "skip", "pass"]


class GradientAscent(RuleOptimizer):
    r"""Momentum, adaptive scale, clipping, warmup and decay, each optional.

    .. math::
        v_t &= \mu v_{t-1} + (1 - \mu) g_t \\
        s_t &= \beta s_{t-1} + (1 - \beta) g_t^2 \\
        \theta_t &= \theta_{t-1}
            + \eta_t \frac{v_t / (1 - \mu^t)}
            {\sqrt{s_t / (1 - \beta^t)} + \epsilon}

    The rule is `rules.gradient_ascent`. The learning rate in force is η
    times `rules.rate_factor` of the step count, so `group["lr"]` stays what it
    was set to, and any scheduler of torch's may set it.

    With `nesterov` it is near torch's NAdam and not the same. NAdam with a
    constant μ divides the newest gradient by :math:`1 - \mu^t`, where here all
    is divided by :math:`1 - \mu^{t+1}`; that difference fades as
    :math:`\mu^t`. And torch's NAdam lets μ rise
    from half its value, every 4,245 steps by half of what is left. On a
    constant gradient its first step is 1.06 η (1.47 η without that rise), here
    it is η.

    Args:
        params: tensors of any shape, pairs of a name and a tensor, or dicts
            that describe groups.
        lr: learning rate η, in parameter units.
        momentum: the share μ of the velocity that survives a step.
        beta: the share β of the scale that survives a step.
        eps: ε, in gradient units.
        nesterov: look one step ahead, μ v + (1 - μ) g in place of v.
        clip_value: clip each element of the gradient to [-clip_value,
            clip_value], before anything else.
        lr_decay: γ, a factor on the learning rate after each step past the
            warmup.
        warmup_steps: w, the steps over which the learning rate rises in a line.
        logging_interval: report the metrics every so many steps.
        adaptive: divide by the root of the scale.
        bias_correction: divide each average by the weight it has gathered
            since its start at zero.
        weight_decay: λ; the gradient becomes that of f(θ) - (λ/2) ‖θ‖².
        maximize: climb (the default) or descend.
        nonfinite: what an inf or nan in a gradient does: "raise" an error,
            "skip" the step, or "pass" on. The first two wait for the device.
            Processes that share the parameters decide together; within a
            `ZeroRedundancyOptimizer` each looks at what it moves itself.
        foreach: all tensors at once, one operation at a time.
        fused: all in one pass over memory, the default.

    Raises:
        TypeError: an argument of the wrong kind.
        ValueError: a number outside the interval it may lie in.

    Source: the signature of the class in the repository of PyPI's
        `gradient-ascent`, whose own rule is `rules.legacy`; for `nesterov`,
        Dozat (2016). With its defaults and without clipping it is Adam.

    Example, as that repository's page prints it:

    >>> import torch.nn as nn
    >>> import torch
    >>> _ = torch.manual_seed(0)  # for the output below, to the digit
    >>> from gradient_ascent import GradientAscent
    >>> # Sample model
    >>> class SimpleModel(nn.Module):
    ...     def __init__(self):
    ...         super(SimpleModel, self).__init__()
    ...         self.fc = nn.Linear(5, 1)
    ...
    ...     def forward(self, x):
    ...         return self.fc(x)
    >>> # Create the model and optimizer
    >>> model = SimpleModel()
    >>> optimizer = GradientAscent(model.parameters(), lr=0.01)
    >>> # Dummy data
    >>> data = torch.randn(10, 5)
    >>> target = torch.randn(10, 1)
    >>> # Loss function
    >>> loss_fn = nn.MSELoss()
    >>> def train(epochs):
    ...     for epoch in range(epochs):
    ...         # Forward pass
    ...         output = model(data)
    ...         # Calculate loss
    ...         loss = loss_fn(output, target)
    ...         # Zero gradients
    ...         optimizer.zero_grad()
    ...         # Backward pass
    ...         (-loss).backward()  # Negative because we want to maximize
    ...         # Update parameters
    ...         optimizer.step()
    ...     return loss.item()
    >>> print(f"{train(100):.2f}, and at last {train(900):.2f}")
    0.16, and at last 0.11
    >>> design = torch.cat([data, torch.ones(10, 1)], dim=1)
    >>> best = torch.linalg.lstsq(design, target).solution
    >>> print(f"{loss_fn(design @ best, target):.2f} by least squares")
    0.11 by least squares
    """

    def __init__(
        self,
        params: ParamsT,
        lr: NonNegative | Tensor = 0.01,
        momentum: Share = 0.9,
        beta: Share = 0.999,
        eps: NonNegative = 1e-8,
        nesterov: bool = False,
        clip_value: Positive | None = None,
        lr_decay: Factor | None = None,
        warmup_steps: NonNegative = 0,
        logging_interval: int = 10,
        *,
        adaptive: bool = True,
        bias_correction: bool = True,
        weight_decay: NonNegative = 0,
        maximize: bool = True,
        nonfinite: Nonfinite = "raise",
        foreach: bool | None = None,
        fused: bool | None = None,
    ) -> None:
        if nonfinite not in get_args(Nonfinite):
            allowed = "'raise', 'skip' or 'pass'"
            raise ValueError(
                f"GradientAscent: nonfinite must be {allowed}, "
                f"got {nonfinite!r}"
            )
        self.nonfinite = nonfinite
        self.metrics = Metrics(logging_interval)
        super().__init__(params, {
            "lr": lr, "momentum": momentum, "beta": beta, "eps": eps,
            "nesterov": nesterov, "clip_value": clip_value,
            "lr_decay": lr_decay, "warmup_steps": warmup_steps,
            "adaptive": adaptive, "bias_correction": bias_correction,
            "weight_decay": weight_decay, "maximize": maximize,
            "foreach": foreach, "fused": fused,
        })  # fmt: skip

    def __getstate__(self) -> dict[str, Any]:
        """What a copy or a pickle carries: all but the writers."""
        metrics = Metrics(self.metrics.interval)
        own = {"nonfinite": self.nonfinite, "metrics": metrics}
        return super().__getstate__() | own

    def log_to(self, writer: Writer) -> None:
        """Send the metrics there too, at every interval.

        Args:
            writer: called with the step and a dict of the metrics; or, if it
                has `add_scalar(tag, value, step)` as TensorBoard's
                `SummaryWriter`, that is called for each.

        Raises:
            TypeError: `writer` is neither.
        """
        self.metrics.add(writer)

    @disable_dynamo
    def step(
        self,
        closure: Callable[[], Any] | None = None,
        *,
        objective: float | Tensor | None = None,
    ) -> Any:
        """Move every parameter that has a gradient.

        Args:
            closure: computes the objective anew, calls `backward` and returns
                the objective.
            objective: the objective, for the metrics, where no closure
                computes it.

        Returns:
            What the closure returned; None without one.

        Raises:
            FloatingPointError: a gradient is not finite, and `nonfinite` is
                "raise". Nothing has moved then.
            RuntimeError: a gradient is sparse. Nothing has moved then.
        """
        value = self._evaluate(closure)
        ready = self._recalled()
        if self.nonfinite == "pass" or self._all_finite(ready):
            seen = objective if closure is None else value
            with self.metrics.of_step(self, seen):
                self._move_groups(ready)
        return value

    def _all_finite(self, ready: list[Known | None]) -> bool:
        """Whether the step may be taken.

        Raises:
            FloatingPointError: it may not, and `nonfinite` is "raise".
        """
        if all(ready) and _are_known_finite(ready):
            return True
        places = [
            (group, index, parameter.grad)
            for group in self.param_groups
            for index, parameter in enumerate(group["params"])
            if parameter.grad is not None
        ]
        gradients = [gradient for *_, gradient in places]
        if not gradients or _are_finite_everywhere(gradients):
            return True
        if self.nonfinite == "skip":
            return False
        group, index = next(
            (group, index)
            for group, index, gradient in places
            if not _are_finite_everywhere([gradient])
        )
        raise FloatingPointError(
            f"GradientAscent: the gradient of {parameter_name(group, index)} "
            "is not finite, and nothing has moved "
            "(nonfinite='skip' would leave such a step out)"
        )

    def rule(self, group: Group) -> rules.UpdateRule[..., Any]:
        """The rule of its name."""
        return rules.gradient_ascent

    def fields(self, group: Group) -> Sequence[str]:
        """The velocity, and the scale if it adapts."""
        velocity = ["momentum_buffer"]
        return [*velocity, "square_avg"] if group["adaptive"] else velocity


def _are_known_finite(ready: list[Known | None]) -> bool:
    try:
        return all(each.launch.are_finite() for each in ready if each)
    except KernelError:
        return False


def _are_finite_everywhere(gradients: list[Tensor]) -> bool:
    """Whether all numbers are finite, those in other processes as well."""
    fine = _are_finite([here(gradient) for gradient in gradients])
    return not anywhere(not fine, gradients)


def _are_finite(gradients: list[Tensor]) -> bool:
    try:
        return all_finite(gradients)
    except KernelError:
        # What lies on no device has no values.
        full = [g for g in gradients if g.numel() and not g.is_meta]
        # One norm is fast, the other cannot overflow.
        return not full or any(
            _norms_are_finite(full, order) for order in (2, torch.inf)
        )


@torch.no_grad()
def _norms_are_finite(gradients: list[Tensor], order: float) -> bool:
    alike: dict[Any, list[Tensor]] = defaultdict(list)
    for norm in on_lists.norm(gradients, order):
        alike[norm.device, norm.dtype].append(norm)
    finite = [torch.stack(norms).isfinite().all() for norms in alike.values()]
    device = finite[0].device
    # The one wait for a device.
    return bool(torch.stack([each.to(device) for each in finite]).all())
