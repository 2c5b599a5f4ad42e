"""Min-max play: who moves when, and on which gradients."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Literal, NoReturn, TypeAlias, get_args

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer

from gradient_ascent.games.checkpoint import check_state
from gradient_ascent.games.movers import checked
from gradient_ascent.games.payoff import Gradients, Payoff, evaluate
from gradient_ascent.games.undo import parameters_of, remember
from gradient_ascent.optim import GradientAscent

Method: TypeAlias = Literal[
    "simultaneous", "alternating", "extragradient", "optimistic"
]
"""Who moves when, and on which gradients: see `MinMax`."""


class MinMax:
    r"""Play a game with any optimizers: each moves its player its own way.

    With all parameters in one z, all gradients in one F(z), each in its
    player's direction, and s(F) the step that the rules make of them, after
    which they remember what they have seen, the players go

    .. math::
        z_t &= z_{t-1} + s(F(z_{t-1})) & \text{simultaneous} \\
        z_{t-1/2} &= z_{t-1} + s(F(z_{t-1})), \quad
            z_t = z_{t-1} + s(F(z_{t-1/2})) & \text{extragradient} \\
        s_t &= s(F(z_{t-1})), \quad z_t = z_{t-1} + 2 s_t - s_{t-1}
            & \text{optimistic}

    with s₀ = 0, and alternating players move one after the other, each at a
    point that the moves before it have changed. "extragradient" goes back to
    where it was, but its rules forget nothing: with Adam it is ExtraAdam, whose
    averages and step count move twice a step. "optimistic" is Optimistic Adam
    then. It is played as a walk, from which z stands one step ahead:
    :math:`w_t = w_{t-1} + s_t` and :math:`z_t = w_t + s_t`. Weight decay is
    that of w, as it is that of :math:`z_{t-1}` in extragradient.

        sides = [{"params": [x], "maximize": False}, {"params": [y]}]
        game = MinMax(Adam(sides, lr=0.01, maximize=True), "extragradient")
        for _ in range(1000):
            game.step(lambda: (x.square() + x * y - y.square()).sum())

        game = MinMax([Adam([x], lr=0.01, maximize=False), SGD([y], lr=0.1)])

    A step sets each `grad` to what its rule was given last, and leaves it
    there. A step that fails leaves parameters, gradients and state as they
    were; so a copy of them is kept while it lasts. An optimizer's hooks run at
    every move, so a projection (`constrain`) holds wherever the closure is
    called. `GradientAscent` reports the metrics of a whole step as those of
    one. Gradients come by `backward`: players may be DistributedDataParallel,
    or sharded by `fully_shard`.

    A rule whose steps do not shrink with the gradient need not come to rest at
    a constant rate. Those of Signum and Lion go η in each coordinate, so of
    any two points in a row one is η/2 or more from the saddle, in each, unless
    a gradient is exactly 0. RMSprop and Adam measure in the gradient's own
    units: for quadratic payoffs half the rate, from half as far, plays the
    same game half as large, so where they circle a saddle they do so in
    proportion to η. Let the rate fall, by a scheduler of torch's.

    Args:
        optimizer: one with a parameter group a player, that climbs or descends
            as the group's `maximize` says; or one optimizer for each player.
        method: "simultaneous" and "optimistic" need one gradient a step,
            "extragradient" two, "alternating" one a player.

    Raises:
        TypeError: an optimizer that is none, that cannot step without a
            closure of its own, or that all players share and that knows no
            `maximize`.
        ValueError: fewer than two players, a parameter of two of them, or an
            unknown method.

    Source: Korpelevich (1976) and Gidel et al. (2019), algorithm 4, for
        extragradient; Popov (1980) and Daskalakis et al. (2018), algorithm 1,
        for optimistic.
    """

    def __init__(
        self,
        optimizer: Optimizer | Sequence[Optimizer],
        method: Method = "extragradient",
    ) -> None:
        if method not in get_args(Method):
            names = ", ".join(get_args(Method))
            raise ValueError(
                f"MinMax: method must be one of {names}; got {method!r}"
            )
        self.optimizers = checked(optimizer)
        self.is_shared = isinstance(optimizer, Optimizer)
        self.method = method
        self.steps = 0
        self._leads: dict[Tensor, Tensor] = {}

    def step(self, closure: Callable[[], Payoff]) -> Payoff:
        """Let every player move once.

        Args:
            closure: computes and returns the objective: one scalar that the
                players pull their own ways, or one a player, in their order.
                It is called again where the method looks at another point. It
                need not call `backward`; if it does, the gradients that it
                leaves are those of all players, so it must return one scalar.

        Returns:
            What the closure returned at the point before the step, detached.

        Raises:
            TypeError: it returned something else, or scalars without a graph.
            ValueError: it returned more or fewer scalars than there are
                players.
            RuntimeError: it called `backward` and returned one a player.
        """
        play = getattr(self, f"_{self.method}")
        back = remember(self.optimizers)
        try:
            with self._reported_as_one() as tell:
                payoff: Payoff = play(closure)
                tell(payoff)
        except BaseException:
            back()
            raise
        self.steps += 1
        if isinstance(payoff, Tensor):
            return payoff.detach()
        return tuple(each.detach() for each in payoff)

    def _simultaneous(self, closure: Callable[[], Payoff]) -> Payoff:
        payoff, gradients = self._evaluate(closure)
        self._move(gradients)
        return payoff

    def _alternating(self, closure: Callable[[], Payoff]) -> Payoff:
        payoffs: list[Payoff] = []
        given: Gradients = {}
        for index in range(len(self._players())):
            payoff, gradients = self._evaluate(closure, index)
            self._move(gradients)
            payoffs.append(payoff)
            given |= gradients
        self._give(given)
        return payoffs[0]

    def _extragradient(self, closure: Callable[[], Payoff]) -> Payoff:
        payoff, gradients = self._evaluate(closure)
        here = _copies(self._parameters())
        self._move(gradients)
        _, midpoint_gradients = self._evaluate(closure)
        with torch.no_grad():
            for parameter, copy in here.items():
                parameter.copy_(copy)
        self._move(midpoint_gradients)
        return payoff

    def _optimistic(self, closure: Callable[[], Payoff]) -> Payoff:
        payoff, gradients = self._evaluate(closure)
        with torch.no_grad():
            for parameter, lead in self._leads.items():
                if parameter in gradients:
                    parameter.sub_(lead)
            before = _copies(gradients)
            self._move(gradients)
            after = _copies(gradients)
            for parameter in gradients:
                parameter.add_(parameter - before[parameter])
            self._give({})
            for optimizer in self._movers(gradients):
                optimizer.step()  # for its hooks: it may have left its set
            leads = {p: p - after[p] for p in gradients}
        self._give(gradients)
        self._leads = leads
        return payoff

    def _players(self) -> list[list[Tensor]]:
        """The parameters of each."""
        if not self.is_shared:
            return [parameters_of(each) for each in self.optimizers]
        return [group["params"] for group in self.optimizers[0].param_groups]

    def _parameters(self) -> list[Tensor]:
        return [p for each in self.optimizers for p in parameters_of(each)]

    def _evaluate(
        self, closure: Callable[[], Payoff], mover: int | None = None
    ) -> tuple[Payoff, Gradients]:
        """The payoff here, and the gradients of one player or of all."""
        players = self._players()
        movers = range(len(players)) if mover is None else [mover]
        return evaluate(closure, players, movers)

    def _give(self, gradients: Gradients) -> None:
        for parameter in self._parameters():
            parameter.grad = gradients.get(parameter)

    def _move(self, gradients: Gradients) -> None:
        self._give(gradients)
        for optimizer in self._movers(gradients):
            optimizer.step()

    def _movers(self, gradients: Gradients) -> list[Optimizer]:
        """The optimizers that have something to move."""
        return [
            each
            for each in self.optimizers
            if any(p in gradients for p in parameters_of(each))
        ]

    @contextmanager
    def _reported_as_one(self) -> Iterator[Callable[[Payoff], None]]:
        """Have the metrics of all moves reported as those of one step."""
        with ExitStack() as stack:
            listeners = [
                stack.enter_context(each.metrics.of_moves(each, self.steps + 1))
                for each in self.optimizers
                if isinstance(each, GradientAscent)
            ]

            def tell(payoff: Payoff) -> None:
                for listener in listeners:
                    if isinstance(payoff, Tensor):
                        listener(payoff)

            yield tell

    def state_dict(self) -> dict[str, Any]:
        """What is needed to go on beside the optimizers' own state.

        That is `steps`, the number taken, and `leads`: how far each parameter
        stands ahead of its walk in "optimistic" play, or None.
        """
        leads = [self._leads.get(p) for p in self._parameters()]
        return {"steps": self.steps, "leads": leads}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on where the game stood that `state_dict` was taken from.

        Raises:
            TypeError: it, or something in it, is of another kind.
            ValueError: it is of something else, or of a game with other
                parameters. Nothing has changed then.
        """
        parameters = self._parameters()
        check_state(state_dict, parameters)
        leads = zip(parameters, state_dict["leads"], strict=True)
        known = [(p, x) for p, x in leads if x is not None]
        self.steps = state_dict["steps"]
        self._leads = {p: lead.to(p, copy=True) for p, lead in known}

    @property
    def _step_supports_amp_scaling(self) -> NoReturn:
        """What torch's GradScaler asks first of what it is to step."""
        raise TypeError(
            "MinMax cannot be stepped by a GradScaler, whose scale would stay "
            "in the gradients: use bfloat16, which needs none"
        )


def _copies(parameters: Iterable[Tensor]) -> dict[Tensor, Tensor]:
    return {p: p.detach().clone() for p in parameters}
