"""Min-max play: several players, one optimizer, each group its own way."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias, get_args

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer

Method: TypeAlias = Literal[
    "simultaneous", "alternating", "extragradient", "optimistic"
]
Payoff: TypeAlias = Tensor | Sequence[Tensor]
Player: TypeAlias = dict[str, Any]
"""A parameter group: what one player moves, and which way."""


class MinMax:
    r"""Play a game with any optimizer: each parameter group is a player.

    A player climbs or descends as the `maximize` of its group says. With all
    parameters in one z and all gradients, each in its player's direction, in
    one F(z), plain rules of rate η play

    .. math::
        z_t &= z_{t-1} + \eta F(z_{t-1}) & \text{simultaneous} \\
        z_t &= z_{t-1} + \eta F(z_{t-1} + \eta F(z_{t-1}))
            & \text{extragradient} \\
        z_t &= z_{t-1} + \eta \, (2 F(z_{t-1}) - F(z_{t-2}))
            & \text{optimistic}

    and alternating players move one after the other, each at a point that the
    moves before it have changed. Any other rule is given the same gradients.

        sides = [{"params": [x], "maximize": False}, {"params": [y]}]
        game = MinMax(Adam(sides, lr=0.1, maximize=True), "optimistic")
        for _ in range(1000):
            game.step(lambda: (x * y).sum())

    A step sets each `grad` to what the rule is given, and leaves it there. An
    optimizer's hooks run at every move, so a projection (`constrain`) holds at
    the midpoint of "extragradient" as well.

    Args:
        optimizer: a group a player; its class must know `maximize`.
        method: "simultaneous" and "optimistic" need one gradient a step,
            "extragradient" two, "alternating" one a player.

    Raises:
        TypeError: an optimizer that is none, or that knows no `maximize`.
        ValueError: fewer than two groups, or an unknown method.

    Source: Korpelevich (1976) for extragradient; Popov (1980) and Daskalakis et
        al. (2018) for optimistic.
    """

    def __init__(
        self, optimizer: Optimizer, method: Method = "extragradient"
    ) -> None:
        if not isinstance(optimizer, Optimizer):
            got = f"{optimizer!r} ({type(optimizer).__name__})"
            raise TypeError(f"MinMax: optimizer must be torch's, got {got}")
        if method not in get_args(Method):
            names = ", ".join(get_args(Method))
            raise ValueError(
                f"MinMax: method must be one of {names}; got {method!r}"
            )
        groups = optimizer.param_groups
        if len(groups) < 2:
            raise ValueError(
                "MinMax: optimizer must have a parameter group for each of two "
                f"players or more, got {len(groups)}"
            )
        if not all("maximize" in group for group in groups):
            name = type(optimizer).__name__
            raise TypeError(
                "MinMax: optimizer must take maximize, so that players can "
                f"differ in direction; {name} does not"
            )
        self.optimizer = optimizer
        self.method = method
        self._previous: dict[Tensor, Tensor] = {}

    def step(self, closure: Callable[[], Payoff]) -> Payoff:
        """Let every player move once.

        Args:
            closure: computes and returns the objective: one scalar that the
                players pull their own ways, or one a player in the order of the
                groups. It need not call `backward`, and is called again where
                the method looks at another point.

        Returns:
            What the closure returned at the point before the step, detached.

        Raises:
            TypeError: it returned something else, or scalars without a graph.
            ValueError: it returned more or fewer scalars than there are
                players.
        """
        play = getattr(self, f"_{self.method}")
        payoff: Payoff = play(closure)
        if isinstance(payoff, Tensor):
            return payoff.detach()
        return tuple(each.detach() for each in payoff)

    def _simultaneous(self, closure: Callable[[], Payoff]) -> Payoff:
        payoff, gradients = self._evaluate(closure)
        self._step(gradients)
        return payoff

    def _alternating(self, closure: Callable[[], Payoff]) -> Payoff:
        payoffs = []
        for player in self.optimizer.param_groups:
            payoff, gradients = self._evaluate(closure)
            mine = set(player["params"])
            self._step({p: g for p, g in gradients.items() if p in mine})
            payoffs.append(payoff)
        return payoffs[0]

    def _extragradient(self, closure: Callable[[], Payoff]) -> Payoff:
        payoff, gradients = self._evaluate(closure)
        back = self._mark()
        self._step(gradients)
        try:
            _, midpoint_gradients = self._evaluate(closure)
        finally:
            back()
        self._step(midpoint_gradients)
        return payoff

    def _optimistic(self, closure: Callable[[], Payoff]) -> Payoff:
        payoff, gradients = self._evaluate(closure)
        last = self._previous
        self._previous = gradients
        self._step({p: 2 * g - last.get(p, g) for p, g in gradients.items()})
        return payoff

    def _parameters(self) -> list[Tensor]:
        groups = self.optimizer.param_groups
        return [parameter for group in groups for parameter in group["params"]]

    def _evaluate(
        self, closure: Callable[[], Payoff]
    ) -> tuple[Payoff, dict[Tensor, Tensor]]:
        """The objective here, and each player's gradients of its own."""
        with torch.enable_grad():
            payoff = closure()
        groups = self.optimizer.param_groups
        if isinstance(payoff, Tensor):
            return payoff, _gradients(payoff, self._parameters())
        takes = (
            "MinMax: closure must return one scalar, or one for each of "
            f"{len(groups)} players, got {payoff!r}"
        )
        if not isinstance(payoff, Sequence):
            raise TypeError(takes)
        if len(payoff) != len(groups):
            raise ValueError(takes)
        gradients: dict[Tensor, Tensor] = {}
        for own, player in zip(payoff, groups):
            gradients |= _gradients(own, player["params"])
        return payoff, gradients

    def _step(self, gradients: dict[Tensor, Tensor]) -> None:
        for parameter in self._parameters():
            parameter.grad = gradients.get(parameter)
        self.optimizer.step()

    def _mark(self) -> Callable[[], None]:
        """Remember parameters and state; returns what goes back to them."""
        state = self.optimizer.state
        parameters = [(p, p.detach().clone()) for p in self._parameters()]
        kept = {p: dict(state[p]) for p, _ in parameters if p in state}
        values = [
            (value, value.clone())
            for entries in kept.values()
            for value in entries.values()
            if isinstance(value, Tensor)
        ]

        @torch.no_grad()
        def back() -> None:
            # In place: an engine may hold on to the very tensors.
            for tensor, value in (*parameters, *values):
                tensor.copy_(value)
            for parameter, _ in parameters:
                state.pop(parameter, None)
            state.update(kept)

        return back

    def state_dict(self) -> dict[str, Any]:
        """The last gradients, which "optimistic" needs; not the optimizer's.

        A list with an entry for each parameter, None where there is none.
        """
        return {"previous": [self._previous.get(p) for p in self._parameters()]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on where the game stood that `state_dict` was taken from.

        Raises:
            ValueError: it is of a game with another number of parameters.
        """
        parameters, previous = self._parameters(), state_dict["previous"]
        if len(previous) != len(parameters):
            raise ValueError(
                "MinMax: state_dict must be of a game with as many parameters, "
                f"{len(parameters)}, got {len(previous)}"
            )
        self._previous = {
            p: gradient.to(p, copy=True)
            for p, gradient in zip(parameters, previous)
            if gradient is not None
        }


def _gradients(value: Tensor, wanted: list[Tensor]) -> dict[Tensor, Tensor]:
    """The gradients of `value` in those parameters that it depends on."""
    if not isinstance(value, Tensor) or value.numel() != 1:
        raise TypeError(f"MinMax: closure must return scalars, got {value!r}")
    moving = [parameter for parameter in wanted if parameter.requires_grad]
    if not moving:
        return {}
    if not value.requires_grad:
        raise TypeError(
            "MinMax: closure must return a scalar that depends on the "
            "parameters, got one without a graph"
        )
    gradients = torch.autograd.grad(
        value, moving, retain_graph=True, allow_unused=True
    )
    return {p: g for p, g in zip(moving, gradients) if g is not None}
