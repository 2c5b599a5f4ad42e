"""`maximize`: climb a function from a start, in the manner of SciPy."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from inspect import signature
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from gradient_ascent.arguments import NonNegative, check_whole, checked
from gradient_ascent.constraints import Box, Constraint, Constraints
from gradient_ascent.maximization.bounded import BoundedQuasiNewton
from gradient_ascent.maximization.certificate import Certificate
from gradient_ascent.maximization.climb import Climb
from gradient_ascent.maximization.distance_over_gradients import (
    DistanceOverGradients,
)
from gradient_ascent.maximization.history import History
from gradient_ascent.maximization.making import maker_of_run
from gradient_ascent.maximization.moving import MovingTensors
from gradient_ascent.maximization.newton import Newton
from gradient_ascent.maximization.perturbations import Kick, Noise
from gradient_ascent.maximization.plan import Plan, Progress
from gradient_ascent.maximization.points import Point, read
from gradient_ascent.maximization.projected_gradient import ProjectedGradient
from gradient_ascent.maximization.quasi_newton import QuasiNewton
from gradient_ascent.maximization.result import Result
from gradient_ascent.maximization.starts import check_starts, highest, scatter
from gradient_ascent.maximization.summits import Summit
from gradient_ascent.optim import OPTIMIZERS

__all__ = [
    "BoundedQuasiNewton",
    "Certificate",
    "DistanceOverGradients",
    "History",
    "Kick",
    "Newton",
    "Noise",
    "Point",
    "Progress",
    "ProjectedGradient",
    "QuasiNewton",
    "Result",
    "Summit",
    "maximize",
]

_ELEMENT_WISE = {
    *(rule for name, rule in OPTIMIZERS.items() if name != "lbfgs"),
    torch.optim.ASGD, torch.optim.Adadelta, torch.optim.Adagrad,
    torch.optim.Adam, torch.optim.AdamW, torch.optim.Adamax, torch.optim.NAdam,
    torch.optim.RAdam, torch.optim.RMSprop, torch.optim.Rprop, torch.optim.SGD,
}  # fmt: skip


@checked
def maximize(
    f: Callable[[Any], Tensor],
    x0: Point,
    *,
    optimizer: str | Callable[..., Optimizer] | None = None,
    steps: int | None = None,
    tol: NonNegative = 1e-5,
    constraint: Constraints | None = None,
    restarts: int = 1,
    spread: NonNegative = 1.0,
    cover: Box | None = None,
    draws: int | None = None,
    batched: bool = False,
    perturb: Noise | Kick | None = None,
    seed: int = 0,
    callback: Callable[[Progress], object] | None = None,
    progress: bool = False,
    **hyperparameters: Any,
) -> Result:
    r"""Find a point where `f` is highest near by, going uphill from `x0`.

    >>> best = maximize(lambda x: -5 - (x - 2) ** 2, 0.0)
    >>> best.success, round(best.value, 6)
    (True, -5.0)

    Without an `optimizer`, f chooses the method: `QuasiNewton`; within a box
    `BoundedQuasiNewton`, within another constraint `ProjectedGradient`; and
    `DistanceOverGradients` where f or `perturb` is noisy, or a kink defeats the
    search along a line. From a saddle they go on. On the way none depends on
    the unit of f or, from a start that is not the origin, of x.

    A run comes to rest where the gradient g is small, and if the optimizer
    takes no closure, its step as well:

    .. math::
        \lVert g \rVert X \le \tau (\max f - \min f) + \epsilon |f(\theta_t)|,
        \qquad \lVert \theta_t - \theta_{t-1} \rVert \le \tau X

    with the tolerance τ, the size :math:`X = \lVert \theta_t \rVert + \lVert
    \theta_t - \theta_0 \rVert`, the range of f over the run and the rounding ε
    of its dtype. So neither the sign of f nor an offset nor a unit matters.
    Under a constraint, g is what projection leaves of the gradient.

    There it has converged if it stands on a top, as far as rounding tells: if f
    curves downward in all directions (in 50, if x has more numbers), or where
    it hardly curves rises neither to a point looked at nor, from clearly lower
    ground, all along the way; and if Newton's step to the top is at most
    :math:`X \sqrt\tau / 30`. Products with the Hessian tell, which autograd
    makes, at the edge of a constraint as the edge bends them. At an edge and at
    a kink points around tell as well: along each axis, if there are 16 at most,
    and eight at random. Where it is no top, it goes on; a method of ours that
    searches along lines ends, without success, when for 40 steps or more, which
    led on and on and got little shorter, f has risen by less than 4 ε times its
    size or range, as where f levels off toward infinity.

    Args:
        f: the objective: takes a point in the form of `x0` and returns a tensor
            of one real number, computed by torch.
        x0: the start: a tensor of any shape; a list, tuple, NamedTuple or dict
            of tensors; a number, several or a table of them (which become one
            float64 tensor); a NumPy array (a tensor of its dtype; whole numbers
            become float64); or a module, whose parameters are moved in place
            and end at the best point. Anything else is left as it is.
        optimizer: None, to let f choose; a name in `optim.OPTIMIZERS`; an
            optimizer class; a function that makes an optimizer from a list of
            parameters; "newton" (`Newton`); "fisher", the same by the expected
            information of a log-likelihood, if its outputs are natural
            parameters (see `objectives.LogLikelihood`); or in a box "lbfgsb"
            (`BoundedQuasiNewton`). With an option alone, as `lr`, it is "adam".
        steps: how many steps to take at most; by default 1000, or if f chooses
            the method, 20 for each number in x where that is more.
        tol: τ.
        constraint: one of `constraints`, or several that hold together (see
            `constraints.Intersection`). Each tensor is projected by itself, the
            start included, and f sees projected points only.
        restarts: how many runs: one from `x0`, the others from normal draws
            around it. They run at once if the optimizer is known to work
            element by element, else one after the other. At once, f and the
            constraint are called once for all runs, under `torch.func.vmap`;
            where that fails, as at an `if` that asks for a number, once for
            each.
        spread: the standard deviation of those draws, in parameter units.
        cover: draw from this box instead, all over it: a scrambled Sobol
            sequence.
        draws: how many points to draw. Of these the runs take the highest; by
            default just as many are drawn as are taken.
        batched: `x0` holds the starts, a row of each tensor for each run.
        perturb: `Noise` or `Kick`: random moves, to leave saddles and local
            maxima.
        seed: of everything random here.
        callback: called with a `Progress` after each step. It may return True
            or raise StopIteration, which ends all runs of the batch.
        progress: show a progress bar.
        **hyperparameters: the optimizer's: `lr`, ...

    Returns:
        The best point seen, and how the run went; of several runs, the best.

    Raises:
        RuntimeError: in torch's inference mode.
        TypeError: an argument of the wrong kind, or one that neither `maximize`
            nor the optimizer takes; or f returns no tensor of one real number
            that depends on x.
        ValueError: an unknown name, a number outside its interval, an optimizer
            that does not maximize or cannot stay within the constraint, or an f
            that is finite at no start.

    Source: the interface of `scipy.optimize.minimize`.
    """
    if steps is not None:
        check_whole("maximize", "steps", steps, least=0)
    check_whole("maximize", "seed", seed, least=-(2**63))
    if batched:
        check_starts(restarts, None, None)
        _check_batch(restarts, cover, draws)
    else:
        check_starts(restarts, cover, draws)
    if not isinstance(perturb, Noise | Kick | None):
        takes = "a Noise, a Kick or None"
        raise TypeError(f"maximize: perturb must be {takes}, got {perturb!r}")
    if torch.is_inference_mode_enabled():
        raise RuntimeError(
            "maximize: inference mode records no gradients; leave it, as by "
            "`with torch.inference_mode(False):`"
        )
    sets = _constraints(constraint)
    own = list(signature(maximize).parameters)[:-1]
    if optimizer is None and hyperparameters:
        optimizer = "adam"
    make = None
    if optimizer is not None:
        make = maker_of_run(optimizer, hyperparameters, own)
    generator = torch.Generator("cpu").manual_seed(int(seed))
    form, tensors = read(x0)
    several = batched or restarts > 1
    if several and form.module:
        raise ValueError("maximize: a module takes one run, got several")

    def moving(tensors: list[Tensor], several: bool) -> MovingTensors:
        return MovingTensors(f, form, tensors, sets, several=several)

    looked = 0
    if batched:
        _check_rows(tensors)
    elif several:
        count = restarts - 1 if draws is None else draws
        tensors = scatter(tensors, count, spread, cover, generator)
        if count >= restarts:
            tensors, looked = highest(moving(tensors, True), restarts), count
    if steps is None:
        numbers = sum(x.numel() for x in tensors)
        steps = 1000 if make else max(1000, 20 * numbers)
    plan = Plan(make, steps, tol, perturb, generator, callback, progress)
    batch = moving(tensors, several)
    batches = [batch]
    if several and not (make and type(make(batch)) in _ELEMENT_WISE):
        each = zip(*batch.rows, strict=True)
        batches = [moving([x.clone() for x in run], False) for run in each]
    runs = [run for batch in batches for run in Climb(plan, batch).results()]
    best = max(runs, key=lambda run: run.value)
    if best.value == -torch.inf:
        raise ValueError(f"maximize: x0 is no start: {best.message}")
    evaluations = looked + sum(batch.evaluations for batch in batches)
    return replace(
        best, evaluations=evaluations, runs=tuple(runs) if several else ()
    )


def _check_batch(restarts: int, cover: Box | None, draws: int | None) -> None:
    if cover is not None or draws is not None:
        raise ValueError(
            "maximize: cover and draws must be left out with batched, whose x0 "
            "holds all starts"
        )
    if restarts > 1:
        raise ValueError(
            f"maximize: restarts must be 1 with batched, got {restarts}"
        )


def _check_rows(tensors: list[Tensor]) -> None:
    shapes = [tuple(x.shape) for x in tensors]
    counts = {shape[:1] for shape in shapes}
    if counts & {(), (0,)} or len(counts) > 1:
        raise ValueError(
            "maximize: each tensor of a batched x0 must have a row for each "
            f"run, got shapes {', '.join(map(str, shapes))}"
        )


def _constraints(
    constraint: Constraints | None,
) -> Sequence[Constraint]:
    if constraint is None:
        return []
    if not isinstance(constraint, Sequence):
        constraint = [constraint]
    for each in constraint:
        if not isinstance(each, Constraint):
            takes = "a Constraint or several"
            raise TypeError(
                f"maximize: constraint must be {takes}, got {each!r}"
            )
    return constraint
