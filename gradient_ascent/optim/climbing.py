"""Make any optimizer of torch's kind climb."""

from __future__ import annotations

import copyreg
from collections.abc import Callable, Sequence
from functools import cache
from inspect import signature, unwrap
from numbers import Number
from types import new_class
from typing import Any, ClassVar, NamedTuple, TypeVar
from weakref import WeakSet

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer

from gradient_ascent.optim.torch_private import step_post_hooks

AnyOptimizer = TypeVar("AnyOptimizer", bound=Optimizer)


def uphill(optimizer: AnyOptimizer) -> AnyOptimizer:
    """Make an optimizer climb: Muon, or whatever knows no `maximize`.

    From now on its `step` is that of the descent on -f, to the last bit: it is
    shown -f and negated gradients, and weight decay shrinks as ever. The same
    object comes back, of a class of its own, so that schedulers, `GradScaler`,
    hooks, `state_dict`, new groups, copies and pickles work as before::

        optimizer = uphill(torch.optim.Muon(matrices, lr=0.02))

    `p.grad` is not touched. A step puts a negated copy in its place, memory for
    one more gradient of each parameter, and puts the very tensor back, also
    when the step raises. Hooks and a closure see f and its gradient, and `step`
    returns f. What an optimizer itself does to gradients in place (it zeroes
    them, say) is done to the true ones, unless it goes by `.data` or lets a
    fused kernel unscale them; what it does outside of `step` is not turned. If
    its `step` calls that of a class above on which torch runs hooks as well,
    they run there, too, and see what the optimizer is shown.

    Args:
        optimizer: it descends; none of its groups may have `maximize`. If a
            scheduler is to change it, that is made afterwards.

    Returns:
        The optimizer.

    Raises:
        TypeError: it is no `torch.optim.Optimizer`.
        ValueError: it climbs already, or one within it does; its `step` has
            been replaced, or says `super(self.__class__, self)`; or it never
            called `Optimizer.__init__`. Nothing has changed then.
    """
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            "uphill: optimizer must be a torch.optim.Optimizer, got "
            f"{optimizer!r}"
        )
    name = type(optimizer).__name__
    if isinstance(optimizer, Uphill):
        raise ValueError(f"uphill: this {name} climbs already")
    if "step" in vars(optimizer):
        raise ValueError(
            f"uphill: the step of this {name} has been replaced, as a "
            "scheduler does; call uphill before the scheduler is made"
        )
    _refuse_unready(optimizer)
    _refuse_maximize(optimizer)
    _turn(optimizer)
    return optimizer


class Uphill:
    """What all optimizers are that `uphill` has turned."""

    downhill: ClassVar[type[Optimizer]]

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        # Its class is made anew where a copy or a pickle is read.
        parts: Any = super().__reduce_ex__(2)
        make, args, *rest = parts
        own = type(self)
        args = tuple(self.downhill if each is own else each for each in args)
        return (_made_again, (make, args), *rest)


def _made_again(make: Callable[..., Optimizer], args: Any) -> Optimizer:
    made = make(*args)
    _turn(made)
    return made


def _turn(optimizer: Optimizer) -> None:
    kind: Any = type(optimizer)
    climbing = _climbing(kind)
    if kind in copyreg.dispatch_table:  # it has its own way to be copied
        copyreg.pickle(climbing, copyreg.dispatch_table[kind])
    optimizer.__class__ = climbing


# What torch makes of a step, to run hooks around it. They are run around ours.
_HOOKED = Optimizer.profile_hook_step(lambda optimizer: None).__code__


@cache
def _climbing(kind: type[Optimizer]) -> type[Optimizer]:
    """The class of a kind's optimizers that climb."""

    def step(self: Optimizer, *args: Any, **kwargs: Any) -> Any:
        take = kind.step
        if getattr(take, "__code__", None) is _HOOKED:
            take = take.__wrapped__  # type: ignore[attr-defined]
        return _step_uphill(self, take, args, kwargs)

    step.__doc__ = kind.step.__doc__
    step.__signature__ = signature(kind.step)  # type: ignore[attr-defined]
    step = Optimizer.profile_hook_step(step)
    step.hooked = True  # type: ignore[attr-defined]
    return new_class(
        f"Uphill{kind.__name__}",
        (Uphill, kind),
        exec_body=lambda names: names.update(
            downhill=kind, step=step,
            __module__=kind.__module__, __doc__=kind.__doc__,
        ),
    )  # fmt: skip


_stepping: WeakSet[Optimizer] = WeakSet()
"""Those that are shown negated gradients now."""


def _step_uphill(
    optimizer: Optimizer,
    take: Callable[..., Any],
    args: Sequence[Any],
    kwargs: dict[str, Any],
) -> Any:
    """Take the step of a descent on -f."""
    if optimizer in _stepping:  # a step that is made of steps
        return take(optimizer, *args, **kwargs)
    _refuse_maximize(optimizer)
    gradients = _Gradients(optimizer)

    def shown(closure: Any) -> Any:
        if not callable(closure):
            return closure

        def negated() -> Any:
            gradients.restore()
            value = closure()
            gradients.negate()
            return _negated(value)

        return negated

    args = list(map(shown, args))
    kwargs = {name: shown(value) for name, value in kwargs.items()}
    gradients.negate()
    _stepping.add(optimizer)
    try:
        return _negated(take(optimizer, *args, **kwargs))
    finally:
        _stepping.discard(optimizer)
        gradients.restore()


class _Held(NamedTuple):
    """A gradient and what the optimizer is shown in its place."""

    true: Tensor
    shown: Tensor
    version: int | None

    @property
    def has_changed(self) -> bool:
        """Whether the optimizer has written into what it was shown."""
        if self.version is None:
            return not torch.equal(self.shown, -self.true)
        return self.shown._version != self.version


class _Gradients:
    """The gradients of an optimizer, which it may be shown negated."""

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = optimizer
        self.held: dict[Tensor, _Held] | None = None

    def parameters(self) -> dict[Tensor, Tensor]:
        """Those that have a gradient, with it."""
        groups = self.optimizer.param_groups
        parameters = (p for group in groups for p in group["params"])
        return {p: g for p in parameters if (g := p.grad) is not None}

    def negate(self) -> None:
        """Show them negated."""
        # Not in place, twice: faster where memory is fresh, but others may look
        # at a gradient's memory meanwhile, or have saved it for autograd.
        pairs = {p: (true, -true) for p, true in self.parameters().items()}
        self.held = {}
        for parameter, (true, shown) in pairs.items():
            version = None if shown.is_inference() else shown._version
            self.held[parameter] = _Held(true, shown, version)
            parameter.grad = shown

    def restore(self) -> None:
        """Put them back, with what the optimizer has done to them."""
        if self.held is None:
            return
        for parameter, now in self.parameters().items():
            held = self.held.get(parameter)
            if held is None or now is not held.shown:  # a new one
                parameter.grad = -now
                continue
            if held.has_changed:  # zeroed, or clipped in place
                held.true.copy_(-now)
            parameter.grad = held.true
        self.held = None


def _negated(value: Any) -> Any:
    """A number with the other sign; what is none as it is."""
    a_number = isinstance(value, Tensor | Number) and not isinstance(
        value, bool
    )
    return -value if a_number else value


def _refuse_unready(optimizer: Optimizer) -> None:
    """Raise if a class of its own would not suit it."""
    name = type(optimizer).__name__
    try:
        step_post_hooks(optimizer)
    except AttributeError:
        raise ValueError(
            f"uphill: this {name} has not called Optimizer.__init__, which "
            "its steps need; call it in the __init__ of the class"
        ) from None
    for key, inner in vars(optimizer).items():
        if isinstance(inner, Uphill):
            raise ValueError(
                f"uphill: {key} of this {name} climbs already; make the "
                f"{name} of one that descends, and call uphill on the whole"
            )
    for kind in type(optimizer).__mro__:
        step = unwrap(vars(kind).get("step", _step_uphill))
        if {"super", "__class__"} <= set(step.__code__.co_names):
            raise ValueError(
                f"uphill: the step of {kind.__name__} must say super(), got "
                "super(self.__class__, self), which no class can be made of"
            )


def _refuse_maximize(optimizer: Optimizer) -> None:
    """Raise if a group climbs by itself: it would be turned twice."""
    for index, group in enumerate(optimizer.param_groups):
        if group.get("maximize"):
            raise ValueError(
                f"uphill: group {index} of this {type(optimizer).__name__} has "
                "maximize=True and climbs by itself; make it without uphill, "
                "or with maximize=False"
            )
