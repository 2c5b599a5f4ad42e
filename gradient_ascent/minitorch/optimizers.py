"""The notebook's optimizers on our rules: its names, conventions and defaults.

Like every optimizer here they ascend; pass `maximize=False` to descend, as the
notebook does.
"""

from collections.abc import Iterable
from typing import Any

from gradient_ascent import rules
from gradient_ascent.arguments import (
    Factor,
    Fraction,
    NonNegative,
    Positive,
    checked,
)
from gradient_ascent.minitorch.tensor import Tensor
from gradient_ascent.ops import Number


class Optimizer:
    """What every optimizer does; a subclass says which rule makes its steps.

    Attributes:
        params: the tensors to optimize.
        maximize: whether `step` climbs (the default) or descends.
        states: what the rule remembers of each parameter.

    Raises:
        TypeError: a parameter that is no Tensor, or a Tensor where an iterable
            of them should be.
        ValueError: no parameter at all.
    """

    def __init__(
        self, params: Iterable[Tensor], *, maximize: bool = True
    ) -> None:
        name = type(self).__name__
        if isinstance(params, Tensor):
            raise TypeError(
                f"{name}: params must be an iterable of Tensors, got one"
            )
        self.params = list(params)
        self.maximize = maximize
        if not self.params:
            raise ValueError(
                f"{name}: params must hold a Tensor or more, got none"
            )
        for param in self.params:
            if not isinstance(param, Tensor):
                raise TypeError(
                    f"{name}: params must be Tensors, got {param!r}"
                )
        self.states: list[Any] = [self.initial_state() for _ in self.params]

    def zero_grad(self) -> None:
        """Set every gradient to zero; else `backward` adds to the last one."""
        for param in self.params:
            param.grad = 0.0

    def step(self) -> None:
        """Move every parameter by one step of the rule."""
        for i, param in enumerate(self.params):
            gradient = rules.uphill(param.grad, maximize=self.maximize)
            step, self.states[i] = self.rule(gradient, self.states[i])
            param.value += step

    def initial_state(self) -> Any:
        """What the rule remembers before the first step."""
        raise NotImplementedError

    def rule(self, gradient: float, state: Any) -> tuple[Number, Any]:
        """The step to take, and the new state."""
        raise NotImplementedError


class GradientDescent(Optimizer):
    """θ ± η g. The name is the notebook's: only `maximize=False` descends."""

    initial_state = tuple

    @checked
    def __init__(
        self,
        params: Iterable[Tensor],
        eta: NonNegative = 0.4,
        *,
        maximize: bool = True,
    ) -> None:
        super().__init__(params, maximize=maximize)
        self.eta = eta

    def rule(self, gradient: float, state: Any) -> tuple[Number, Any]:
        """See `rules.plain`."""
        return rules.plain(gradient, state, lr=self.eta)


class Momentum(Optimizer):
    """v = γ v + η g, θ ± v."""

    initial_state = rules.MomentumState

    @checked
    def __init__(
        self,
        params: Iterable[Tensor],
        eta: NonNegative = 0.4,
        gamma: Fraction = 0.5,
        *,
        maximize: bool = True,
    ) -> None:
        super().__init__(params, maximize=maximize)
        self.eta, self.gamma = eta, gamma

    def rule(self, gradient: float, state: Any) -> tuple[Number, Any]:
        """See `rules.momentum`."""
        return rules.momentum(
            gradient,
            state,
            lr=self.eta,
            momentum=self.gamma,
            lr_in_velocity=True,
        )


class Nesterov(Optimizer):
    """v = γ v + η g, θ ± (γ v + η g)."""

    @checked
    def __init__(
        self,
        params: Iterable[Tensor],
        eta: NonNegative = 0.05,
        gamma: Fraction = 0.9,
        *,
        maximize: bool = True,
    ) -> None:
        super().__init__(params, maximize=maximize)
        self.eta, self.gamma = eta, gamma

    def initial_state(self) -> rules.MomentumState:
        """Velocity zero."""
        return rules.MomentumState(0.0)

    def rule(self, gradient: float, state: Any) -> tuple[Number, Any]:
        """See `rules.nesterov`."""
        return rules.nesterov(
            gradient,
            state,
            lr=self.eta,
            momentum=self.gamma,
            lr_in_velocity=True,
        )


class Adagrad(Optimizer):
    """s = s + g², θ ± η g / √(s + ε)."""

    initial_state = rules.AdagradState

    @checked
    def __init__(
        self,
        params: Iterable[Tensor],
        eta: NonNegative = 0.4,
        eps: NonNegative = 1e-6,
        *,
        maximize: bool = True,
    ) -> None:
        super().__init__(params, maximize=maximize)
        self.eta, self.eps = eta, eps

    def rule(self, gradient: float, state: Any) -> tuple[Number, Any]:
        """See `rules.adagrad`."""
        return rules.adagrad(
            gradient, state, lr=self.eta, eps=self.eps, eps_in_sqrt=True
        )


class RMSProp(Optimizer):
    """s = γ s + (1 - γ) g², θ ± η g / √(s + ε)."""

    initial_state = rules.RMSpropState

    @checked
    def __init__(
        self,
        params: Iterable[Tensor],
        eta: NonNegative = 0.4,
        gamma: Fraction = 0.9,
        eps: NonNegative = 1e-6,
        *,
        maximize: bool = True,
    ) -> None:
        super().__init__(params, maximize=maximize)
        self.eta, self.gamma, self.eps = eta, gamma, eps

    def rule(self, gradient: float, state: Any) -> tuple[Number, Any]:
        """See `rules.rmsprop`."""
        return rules.rmsprop(
            gradient,
            state,
            lr=self.eta,
            alpha=self.gamma,
            eps=self.eps,
            eps_in_sqrt=True,
        )


class Adam(Optimizer):
    """Averages m of g and v of g², both bias-corrected, θ ± η m̂ / (√v̂ + ε)."""

    initial_state = rules.AdamState

    @checked
    def __init__(
        self,
        params: Iterable[Tensor],
        eta: NonNegative = 0.8,
        beta1: Fraction = 0.9,
        beta2: Fraction = 0.99,
        eps: NonNegative = 1e-6,
        *,
        maximize: bool = True,
    ) -> None:
        super().__init__(params, maximize=maximize)
        self.eta, self.beta1, self.beta2, self.eps = eta, beta1, beta2, eps

    def rule(self, gradient: float, state: Any) -> tuple[Number, Any]:
        """See `rules.adam`."""
        return rules.adam(
            gradient,
            state,
            lr=self.eta,
            beta1=self.beta1,
            beta2=self.beta2,
            eps=self.eps,
        )


class AMSGrad(Optimizer):
    """Averages m of g and v of g², u = max(u, v), θ ± η m / (√u + ε)."""

    initial_state = rules.AMSGradState

    @checked
    def __init__(
        self,
        params: Iterable[Tensor],
        eta: NonNegative = 1.0,
        beta1: Fraction = 0.9,
        beta2: Fraction = 0.99,
        eps: NonNegative = 1e-6,
        *,
        maximize: bool = True,
    ) -> None:
        super().__init__(params, maximize=maximize)
        self.eta, self.beta1, self.beta2, self.eps = eta, beta1, beta2, eps

    def rule(self, gradient: float, state: Any) -> tuple[Number, Any]:
        """See `rules.amsgrad`."""
        return rules.amsgrad(
            gradient, state, lr=self.eta, beta1=self.beta1, beta2=self.beta2,
            eps=self.eps, bias_correction=False,
        )  # fmt: skip


class GradientAscent(Optimizer):
    """The seed package's optimizer made right; see `rules.gradient_ascent`."""

    initial_state = rules.GradientAscentState

    @checked
    def __init__(
        self,
        params: Iterable[Tensor],
        eta: NonNegative = 0.01,
        gamma: Fraction = 0.9,
        beta: Fraction = 0.999,
        eps: NonNegative = 1e-8,
        nesterov: bool = False,
        clip_value: Positive | None = None,
        lr_decay: Factor | None = None,
        warmup_steps: NonNegative = 0,
        *,
        adaptive: bool = True,
        bias_correction: bool = True,
        maximize: bool = True,
    ) -> None:
        super().__init__(params, maximize=maximize)
        self.eta, self.gamma, self.beta, self.eps = eta, gamma, beta, eps
        self.nesterov, self.clip_value = nesterov, clip_value
        self.lr_decay, self.warmup_steps = lr_decay, warmup_steps
        self.adaptive, self.bias_correction = adaptive, bias_correction

    def rule(self, gradient: float, state: Any) -> tuple[Number, Any]:
        """See `rules.gradient_ascent`."""
        return rules.gradient_ascent(
            gradient, state, lr=self.eta, momentum=self.gamma, beta=self.beta,
            eps=self.eps, nesterov=self.nesterov, clip_value=self.clip_value,
            lr_decay=self.lr_decay, warmup_steps=self.warmup_steps,
            adaptive=self.adaptive, bias_correction=self.bias_correction,
        )  # fmt: skip
