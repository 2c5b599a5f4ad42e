"""The notebook's optimizers on our rules: its names, conventions and defaults.

Like every optimizer here they ascend; pass `maximize=False` to descend, as the
notebook does.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from gradient_ascent import rules
from gradient_ascent.minitorch.tensor import Tensor


class Optimizer:
    """What every optimizer does; a subclass says which rule makes its steps.

    Attributes:
        params: the tensors to optimize.
        maximize: whether `step` climbs (the default) or descends.
        states: what the rule remembers of each parameter.
        renamed: what the rule calls a hyperparameter by another name.
        convention: which of its conventions the rule follows.

    Raises:
        TypeError: a parameter that is no Tensor, or a Tensor where an iterable
            of them should be; a hyperparameter of the wrong kind.
        ValueError: no parameter at all; a hyperparameter outside its interval.
    """

    renamed: ClassVar[Mapping[str, str]] = {"eta": "lr", "gamma": "momentum"}
    convention: ClassVar[Mapping[str, bool]] = {}

    def __init__(
        self,
        params: Iterable[Tensor],
        *,
        maximize: bool = True,
        **hyperparameters: Any,
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
        self.hyperparameters = tuple(hyperparameters)
        for each, value in hyperparameters.items():
            argument = self.renamed.get(each, each)
            self.update_rule.arguments[argument].check(name, each, value)
            setattr(self, each, value)

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

    @property
    def update_rule(self) -> rules.UpdateRule[..., Any]:
        """The rule that makes the steps."""
        raise NotImplementedError

    def initial_state(self) -> Any:
        """What the rule remembers before the first step."""
        return self.update_rule.start

    def rule(self, gradient: float, state: Any) -> tuple[Any, Any]:
        """The step to take, and the new state."""
        now = {
            self.renamed.get(each, each): getattr(self, each)
            for each in self.hyperparameters
        }
        return self.update_rule.function(
            gradient, state, **now, **self.convention
        )


class GradientDescent(Optimizer):
    """θ ± η g. The name is the notebook's: only `maximize=False` descends."""

    update_rule = rules.plain

    def __init__(
        self,
        params: Iterable[Tensor],
        eta: float = 0.4,
        *,
        maximize: bool = True,
    ) -> None:
        super().__init__(params, maximize=maximize, eta=eta)


class Momentum(Optimizer):
    """v = γ v + η g, θ ± v."""

    update_rule = rules.momentum
    convention: ClassVar = {"lr_in_velocity": True}

    def __init__(
        self,
        params: Iterable[Tensor],
        eta: float = 0.4,
        gamma: float = 0.5,
        *,
        maximize: bool = True,
    ) -> None:
        super().__init__(params, maximize=maximize, eta=eta, gamma=gamma)


class Nesterov(Optimizer):
    """v = γ v + η g, θ ± (γ v + η g)."""

    update_rule = rules.nesterov
    convention: ClassVar = {"lr_in_velocity": True}

    def __init__(
        self,
        params: Iterable[Tensor],
        eta: float = 0.05,
        gamma: float = 0.9,
        *,
        maximize: bool = True,
    ) -> None:
        super().__init__(params, maximize=maximize, eta=eta, gamma=gamma)


class Adagrad(Optimizer):
    """s = s + g², θ ± η g / √(s + ε)."""

    update_rule = rules.adagrad
    convention: ClassVar = {"eps_in_sqrt": True}

    def __init__(
        self,
        params: Iterable[Tensor],
        eta: float = 0.4,
        eps: float = 1e-6,
        *,
        maximize: bool = True,
    ) -> None:
        super().__init__(params, maximize=maximize, eta=eta, eps=eps)


class RMSProp(Optimizer):
    """s = γ s + (1 - γ) g², θ ± η g / √(s + ε)."""

    update_rule = rules.rmsprop
    renamed: ClassVar = {"eta": "lr", "gamma": "alpha"}
    convention: ClassVar = {"eps_in_sqrt": True}

    def __init__(
        self,
        params: Iterable[Tensor],
        eta: float = 0.4,
        gamma: float = 0.9,
        eps: float = 1e-6,
        *,
        maximize: bool = True,
    ) -> None:
        super().__init__(
            params, maximize=maximize, eta=eta, gamma=gamma, eps=eps
        )


class Adam(Optimizer):
    """Averages m of g and v of g², both bias-corrected, θ ± η m̂ / (√v̂ + ε)."""

    update_rule = rules.adam

    def __init__(
        self,
        params: Iterable[Tensor],
        eta: float = 0.8,
        beta1: float = 0.9,
        beta2: float = 0.99,
        eps: float = 1e-6,
        *,
        maximize: bool = True,
    ) -> None:
        super().__init__(
            params, maximize=maximize, eta=eta, beta1=beta1, beta2=beta2,
            eps=eps,
        )  # fmt: skip


class AMSGrad(Optimizer):
    """Averages m of g and v of g², u = max(u, v), θ ± η m / (√u + ε)."""

    update_rule = rules.amsgrad
    convention: ClassVar = {"bias_correction": False}

    def __init__(
        self,
        params: Iterable[Tensor],
        eta: float = 1.0,
        beta1: float = 0.9,
        beta2: float = 0.99,
        eps: float = 1e-6,
        *,
        maximize: bool = True,
    ) -> None:
        super().__init__(
            params, maximize=maximize, eta=eta, beta1=beta1, beta2=beta2,
            eps=eps,
        )  # fmt: skip


class GradientAscent(Optimizer):
    """The published one made right; see `rules.gradient_ascent`."""

    update_rule = rules.gradient_ascent

    def __init__(
        self,
        params: Iterable[Tensor],
        eta: float = 0.01,
        gamma: float = 0.9,
        beta: float = 0.999,
        eps: float = 1e-8,
        nesterov: bool = False,
        clip_value: float | None = None,
        lr_decay: float | None = None,
        warmup_steps: float = 0,
        *,
        adaptive: bool = True,
        bias_correction: bool = True,
        maximize: bool = True,
    ) -> None:
        super().__init__(
            params, maximize=maximize, eta=eta, gamma=gamma, beta=beta, eps=eps,
            nesterov=nesterov, clip_value=clip_value, lr_decay=lr_decay,
            warmup_steps=warmup_steps, adaptive=adaptive,
            bias_correction=bias_correction,
        )  # fmt: skip
