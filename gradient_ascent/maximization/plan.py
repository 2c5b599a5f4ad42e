"""What the runs of one `maximize` have in common, and what they report."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from gradient_ascent.maximization.moving import MovingTensors
from gradient_ascent.maximization.perturbations import Kick, Noise


@dataclass(frozen=True)
class Progress:
    """What a callback gets after each step.

    Attributes:
        step: how many steps have been taken.
        x: the point, in the form of x0; in a batch each tensor has a row for
            each run. Clone what you keep: the run moves it on.
        value: the objective there, a float64 tensor, shape (runs,).
    """

    step: int
    x: Any
    value: Tensor


@dataclass(frozen=True)
class Plan:
    """What the runs of one `maximize` have in common.

    `make` is None where that is `automatic`.
    """

    make: Callable[[MovingTensors], Optimizer] | None
    steps: int
    tol: float
    perturb: Noise | Kick | None
    generator: torch.Generator
    callback: Callable[[Progress], object] | None
    progress: bool

    @property
    def automatic(self) -> bool:
        """Whether the method is chosen by what f is like."""
        return self.make is None


def progress_bar(plan: Plan) -> AbstractContextManager[Any]:
    """The bar that the runs move on, if it is asked for."""
    if not plan.progress:
        return nullcontext()
    from tqdm import tqdm  # type: ignore[import-untyped]

    bar: AbstractContextManager[Any] = tqdm(total=plan.steps)
    return bar


def wants_to_stop(
    callback: Callable[[Progress], object], progress: Progress
) -> bool:
    """Ask the callback: True, or StopIteration, ends the runs."""
    try:
        return _is_true(callback(progress))
    except StopIteration:
        return True


def _is_true(answer: object) -> bool:
    """Whether it is True; NumPy's or a tensor's, too, if all of it is."""
    dtype = str(getattr(answer, "dtype", type(answer).__name__))
    return dtype.endswith("bool") and bool(torch.as_tensor(answer).all())
