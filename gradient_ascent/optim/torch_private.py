"""What the optimizers take of torch's private parts, and where it is missed."""

import ctypes
from types import SimpleNamespace
from typing import Any

import torch

# `torch.compiler.disable` would import the compiler here.
from torch._compile import _disable_dynamo as disable_dynamo
from torch.optim import LBFGS
from torch.optim.lr_scheduler import ReduceLROnPlateau

__all__ = ["about", "disable_dynamo", "fused", "on_lists"]


def _parts(owner: Any, form: str, names: str) -> SimpleNamespace:
    """Some attributes of an owner, under shorter names.

    Raises:
        ImportError: torch has them no more, or not yet.
    """
    whole = {name: form.format(name) for name in names.split()}
    if missing := [each for each in whole.values() if not hasattr(owner, each)]:
        raise ImportError(
            f"gradient_ascent.optim needs {', '.join(missing)}, which torch "
            f"{torch.__version__} lacks; it is made for torch 2.13"
        )
    return SimpleNamespace(**{k: getattr(owner, v) for k, v in whole.items()})


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

# Overridden: renamed, they would fall silent.
_parts(LBFGS, "{}", "_gather_flat_grad")
_parts(ReduceLROnPlateau, "{}", "_is_better")
