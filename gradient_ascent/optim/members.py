"""Which parameters an optimizer has, which its model has, and which move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from torch import Tensor
from torch.nn import Module
from torch.optim.optimizer import Optimizer

from gradient_ascent.optim.options import parameter_name
from gradient_ascent.optim.verdicts import Finding

SILENT = 5  # checks at which a parameter has never had a gradient


class Members:
    """The parameters of an optimizer beside those of a model, if there is one.

    They are asked for anew each time, since either may change.
    """

    def __init__(self, optimizer: Optimizer, model: Module | None) -> None:
        self.optimizer, self.model = optimizer, model
        self._count = 0
        self._silent: Counter[int] = Counter()
        self._stale = False

    def differ(self, step: int) -> Iterator[Finding]:
        """Findings of what optimizer and model do not both have."""
        own, names = self._own(), self._names()
        for key, p in own.items():
            if not p.requires_grad:
                yield _frozen(step, names[key], "has requires_grad=False.")
        if self.model is None:
            return
        theirs = {id(p): p for p in self.model.parameters()}
        gone = [key for key in own if key not in theirs]
        lacking = [
            key for key, p in theirs.items()
            if p.requires_grad and key not in own
        ]  # fmt: skip
        self._stale = bool(gone and lacking)
        if self._stale:
            yield Finding(
                "stale",
                step,
                f"the optimizer holds {len(gone)} tensors that the model does "
                f"not have, and lacks {len(lacking)} of the model's, "
                f"{names[lacking[0]]} among them.",
                "Make the optimizer after the model has its last form.",
            )
            return
        for key in lacking:
            yield _frozen(step, names[key], "is not in the optimizer.")

    def silent(self, keys: frozenset[int], step: int) -> Iterator[Finding]:
        """Findings of parameters without a gradient, now and at all checks.

        Args:
            keys: the `id` of those that have none now, or zeros only.
            step: the number of the step.
        """
        self._count += 1
        self._silent.update(keys)
        own = {k: p for k, p in self._own().items() if p.requires_grad}
        silent = [k for k in own if self._silent[k] == self._count]
        if self._stale:
            return  # which explains it
        if own and len(silent) == len(own):
            if all(p.grad is None for p in own.values()):
                yield Finding(
                    "stale",
                    step,
                    f"none of the optimizer's {len(own)} tensors has a "
                    "gradient.",
                    "It may hold what the model no longer uses: make it after "
                    "the model. Or look before the gradients are zeroed.",
                )
            return
        if self._count < SILENT:
            return
        names = self._names()
        for key in silent:
            had = "no gradient" if own[key].grad is None else "a zero gradient"
            how = f"had {had} in all of the first {SILENT} checks."
            yield _frozen(step, names[key], how)

    def _own(self) -> dict[int, Tensor]:
        groups = self.optimizer.param_groups
        return {id(p): p for group in groups for p in group["params"]}

    def _names(self) -> dict[int, str]:
        """What to call each parameter."""
        named = self.model.named_parameters() if self.model else []
        names = {id(p): f"parameter {name!r}" for name, p in named}
        for group in self.optimizer.param_groups:
            for index, p in enumerate(group["params"]):
                names.setdefault(id(p), parameter_name(group, index))
        return names


def _frozen(step: int, name: str, how: str) -> Finding:
    return Finding(
        "frozen",
        step,
        f"{name} does not move: it {how}",
        "If that is on purpose, set requires_grad=False and leave it out of "
        "the optimizer; else see where the graph is cut.",
    )
