"""A doctor that watches a run, and says in words what is wrong."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Mapping
from numbers import Real

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer

from gradient_ascent.arguments import check_whole
from gradient_ascent.optim import verdicts
from gradient_ascent.optim.checks import Check, Checkup, Seen
from gradient_ascent.optim.members import Members
from gradient_ascent.optim.verdicts import Finding

LOGGER = logging.getLogger("gradient_ascent")


class Doctor:
    r"""Watch the steps of any optimizer, and say once what is wrong.

    It takes three looks in a row, and then none until the interval is over.
    With the step Δ and the gradients g and g' before and after it, they give
    what the step promised, g·Δ, what it brought, (g + g')·Δ / 2, and with the
    objective what it changed. The findings, and what they rest on:

    - *wrong sign*: five times in a row the objective changes by -1 times
      (g + g')·Δ / 2, to a tenth, and has got worse. Mini-batches hide it, as
      two of them differ by more than one step: begin on one batch.
    - *learning rate too high*: at five checks in a row q = 1 - g'·Δ / g·Δ,
      which is ηλ for plain steps, is past 2, the objective worse than ever and
      the gradient larger; or at twenty the objective is worse than at the
      start, and the gradient twice as large as there (which small batches
      may hide).
    - *exploding*: the gradient is 1000 times the first, and the objective is
      worse at each of three checks, or no longer finite.
    - *non-finite*: an inf or a nan in objective, gradient or parameter.
    - *frozen*: a parameter of the optimizer with `requires_grad=False`, or with
      no gradient but zero in the first five checks, while others have one; or
      one of the model's that the optimizer lacks.
    - *stale*: the optimizer has tensors that the model has no more, and lacks
      some of the model's; or none of its tensors has a gradient.

    Without an objective the first three are not judged. So in a game, where
    another player's move may rightly lower it, call `look()` without one; if
    the groups of one optimizer climb and descend, none is judged either. A
    layer that is frozen on purpose should be left out of the optimizer and have
    `requires_grad=False`: then nothing is said of it.

    Args:
        optimizer: of any kind.
        model: whose parameters the optimizer should move; None: not asked.
        interval: how many looks lie between two checks, 3 or more.
        maximize: whether the objective is to grow; None: as the optimizer says.

    Attributes:
        findings: all so far, in order.
        checks: what was measured at the last twenty checks.

    Raises:
        TypeError: an argument of the wrong kind.
        ValueError: an interval below 3.

    Source: the quotient of gain and promise is that by which trust-region
        methods judge a step (Nocedal, Wright 2006, chapter 4).

    >>> import torch
    >>> from gradient_ascent.optim import SGD, Doctor
    >>> x = torch.tensor([10.0], requires_grad=True)
    >>> optimizer = SGD([x], lr=1.05)
    >>> doctor = Doctor(optimizer)
    >>> for _ in range(60):
    ...     optimizer.zero_grad()
    ...     objective = -(x**2).sum()
    ...     objective.backward()
    ...     optimizer.step()
    ...     for finding in doctor.look(objective):
    ...         print(finding.name, finding.step)
    learning rate too high 43
    """

    def __init__(
        self,
        optimizer: Optimizer,
        model: torch.nn.Module | None = None,
        interval: int = 10,
        *,
        maximize: bool | None = None,
    ) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(
                "Doctor: optimizer must be a torch.optim.Optimizer, got "
                f"{optimizer!r}"
            )
        if model is not None and not isinstance(model, torch.nn.Module):
            raise TypeError(
                "Doctor: model must be a torch.nn.Module or None, got "
                f"{model!r}"
            )
        if maximize is not None and not isinstance(maximize, bool):
            raise TypeError(
                "Doctor: maximize must be True, False or None, got "
                f"{maximize!r}"
            )
        check_whole("Doctor", "interval", interval, least=3)
        self.optimizer, self.model, self.interval = optimizer, model, interval
        self.maximize = maximize
        self.findings: list[Finding] = []
        self.checks: list[Check] = []
        self.looks = 0
        self._checkup = Checkup(optimizer)
        self._members = Members(optimizer, model)
        self._told: set[tuple[str, str]] = set()
        self._start = self._first = self._grown = math.nan

    def look(self, objective: float | Tensor | None = None) -> list[Finding]:
        """Look at a step: after it, and before the gradients are zeroed.

        Args:
            objective: what was differentiated for it, before it was taken; of
                a tensor nothing is read between the checks.

        Returns:
            What has been found newly. It is also logged, as a warning.

        Raises:
            TypeError: the objective is no number.
            ValueError: it is more than one.
        """
        value = _as_objective(objective)
        turn, self.looks = self.looks % self.interval, self.looks + 1
        if turn > 2:
            return []
        number, better = _number(value), self._better()
        if value is not None and math.isnan(number):
            number = math.inf  # nan is kept for one that was not told
        if turn == 0:
            seen = self._checkup.first(number)
        elif turn == 1:
            seen = self._checkup.second(self.looks, number, better)
        else:
            seen = self._checkup.third(number, better)
        if self.looks == 1:
            self._start, self._first = better * number, seen.gradient
        new = [f for f in self._judge(seen, turn == 2) if self._is_news(f)]
        self.findings += new
        for finding in new:
            LOGGER.warning("%s", finding)
        return new

    def __call__(self, step: int, metrics: Mapping[str, float]) -> None:
        """Be a writer for `GradientAscent.log_to`, with logging_interval=1."""
        self.look(metrics.get("objective"))

    def _better(self) -> int:
        """1 if the objective is to grow, -1 if to fall, 0 if that is open."""
        ways = {way for _, way in self._checkup.parameters()}
        if len(ways) > 1:
            return 0
        if self.maximize is not None:
            return 1 if self.maximize else -1
        return ways.pop() if ways else 0

    def _judge(self, seen: Seen, is_third: bool) -> Iterator[Finding]:
        if not seen.finite:
            yield self._not_finite(seen)
            if self._grown >= verdicts.GROWN * self._first > 0:
                yield verdicts.blown_up(self.looks, self._first, self._grown)
            return
        self._grown = seen.gradient
        if self.looks == 1 or is_third:
            yield from self._members.differ(self.looks)
        if not is_third:
            return
        yield from self._members.silent(seen.silent, self.looks)
        check = seen.check
        if check is None or not math.isfinite(check.promised + check.found):
            return
        self.checks = [*self.checks, check][-verdicts.LASTING :]
        if self._better() and math.isfinite(sum(check.told)):
            for finding in (
                verdicts.wrong_sign(self.checks, self._start),
                verdicts.learning_rate(self.checks, self._start, self._first),
                verdicts.exploding(self.checks, self._start, self._first),
            ):
                if finding:
                    yield finding

    def _is_news(self, finding: Finding) -> bool:
        """Whether it has not been said: of each layer its own."""
        whom = finding.sentence if finding.name in ("frozen", "stale") else ""
        key = finding.name, whom
        known = key in self._told
        self._told.add(key)
        return not known

    def _not_finite(self, seen: Seen) -> Finding:
        told = "" if math.isnan(seen.objective) else "the objective, "
        return Finding(
            "non-finite",
            self.looks,
            f"an inf or a nan is in {told}a gradient or a parameter; the last "
            f"gradient that was read before had {self._grown:.2g} as its "
            "largest element.",
            "Look for a division by zero, a root or logarithm at zero, or an "
            "overflow; torch.autograd.set_detect_anomaly names the operation.",
        )


def _as_objective(objective: object) -> float | Tensor | None:
    if isinstance(objective, Tensor):
        if objective.numel() != 1:
            raise ValueError(
                "Doctor.look: objective must be one number, got a tensor of "
                f"shape {tuple(objective.shape)}"
            )
        return objective
    if objective is None:
        return None
    if not isinstance(objective, Real) or isinstance(objective, bool):
        raise TypeError(
            "Doctor.look: objective must be a real number, a tensor or None, "
            f"got {objective!r}"
        )
    return float(objective)


def _number(value: float | Tensor | None) -> float:
    if value is None:
        return math.nan
    return float(value.detach()) if isinstance(value, Tensor) else value
