"""What the optimizers take of torch's private parts, and where it is missed."""

import ctypes
import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import torch

# `torch.compiler.disable` would import the compiler here.
from torch._compile import _disable_dynamo as disable_dynamo
from torch.optim import LBFGS, Optimizer
from torch.optim.lr_scheduler import ReduceLROnPlateau

__all__ = ["TORCHES", "about", "disable_dynamo", "fused", "on_lists"]

TORCHES = "2.9.1 to 2.15"
"""The versions of torch that are allowed, as pyproject.toml says."""


def _parts(owner: Any, form: str, names: str) -> SimpleNamespace:
    """Some attributes of an owner, under shorter names.

    Raises:
        ImportError: torch has them no more, or not yet.
    """
    whole = {name: form.format(name) for name in names.split()}
    _refuse([each for each in whole.values() if not hasattr(owner, each)])
    return SimpleNamespace(**{k: getattr(owner, v) for k, v in whole.items()})


def _asks(function: Callable[..., Any], names: str) -> None:
    """Check that a method of torch's asks for attributes of these names.

    Raises:
        ImportError: it asks for them no more, or not yet.
    """
    asked = inspect.unwrap(function).__code__.co_names
    owner = function.__qualname__
    missing = [each for each in names.split() if each not in asked]
    _refuse([f"{each} of {owner}" for each in missing])


def _refuse(missing: list[str]) -> None:
    if missing:
        raise ImportError(
            f"gradient_ascent.optim needs {', '.join(missing)}, which torch "
            f"{torch.__version__} lacks; it is made for torch {TORCHES}"
        )


on_lists = _parts(
    torch,
    "_foreach_{}",
    "add add_ copy_ cos div exp log maximum minimum mul neg norm pow sign "
    "sin sqrt sub sub_",
)
"""An operation on each of a list of tensors."""

fused = _parts(torch, "_fused_{}_", "adagrad adam adamw sgd")
"""A whole step, by one kernel."""

_about = _parts(  # libtorch's C interface, which compiled models use
    ctypes.CDLL(torch._C.__file__),
    "aoti_torch_get_{}",
    "layout data_ptr numel dtype dim sizes strides",
)
about = {
    name: ctypes.cast(function, ctypes.c_void_p).value or 0
    for name, function in vars(_about).items()
}
"""Where the functions are that say of a tensor in C what it is."""

# Overridden, or set, or read: renamed, they would fall silent.
_asks(LBFGS.step, "_gather_flat_grad _params")
_asks(LBFGS._directional_evaluate, "_gather_flat_grad")
_asks(LBFGS._numel, "_numel_cache _params")
_asks(ReduceLROnPlateau.step, "_is_better")
_asks(Optimizer.register_step_post_hook, "_optimizer_step_post_hooks")


def step_post_hooks(optimizer: Optimizer) -> dict[int, Callable[..., Any]]:
    """The hooks that run after its steps.

    Raises:
        AttributeError: it has not called `Optimizer.__init__`.
    """
    return optimizer._optimizer_step_post_hooks
