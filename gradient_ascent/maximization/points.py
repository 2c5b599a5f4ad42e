"""A point in the form its owner keeps it, and the tensors that move for it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Real
from typing import Any, Protocol, TypeAlias

import torch
from torch import Tensor, nn


class Array(Protocol):
    """An array of NumPy's, or what becomes one."""

    def __array__(self) -> Any: ...


Point: TypeAlias = (
    Tensor
    | float
    | Array
    | Sequence[float]
    | Sequence[Sequence[float]]
    | Sequence[Tensor | Array]
    | Mapping[str, Tensor | Array]
    | nn.Module
)
"""What can be moved: numbers, tensors, a list or dict of them, or a module."""


@dataclass(frozen=True)
class Form:
    """How a list of tensors becomes the point again.

    Attributes:
        names: what to call each tensor in a message.
        build: from the tensors to the point.
        module: whether the tensors are a module's own parameters.
    """

    names: tuple[str, ...]
    build: Callable[[Sequence[Tensor]], Any]
    module: bool = False

    def build_gradient(self, gradients: Sequence[Tensor]) -> Any:
        """The gradient in the form of the point; of a module, a dict of it."""
        if self.module:
            return dict(zip(self.names, gradients, strict=True))
        return self.build(gradients)


def read(x0: Point) -> tuple[Form, list[Tensor]]:
    """The form of `x0`, and its tensors: copies, but a module's own.

    Raises:
        TypeError: `x0`, or a part of it, is nothing that can be moved.
        ValueError: `x0` holds no tensor.
    """
    if isinstance(x0, nn.Module):
        named = [p for p in x0.named_parameters() if p[1].requires_grad]
        form = Form(tuple(n for n, _ in named), lambda _: x0, module=True)
        return _not_empty(form, [p for _, p in named])
    if isinstance(x0, Mapping):
        keys = tuple(x0)
        form = Form(
            tuple(f"x[{k!r}]" for k in keys),
            lambda tensors: dict(zip(keys, tensors, strict=True)),
        )
        return _not_empty(form, [_tensor(x) for x in x0.values()])
    if isinstance(x0, tuple) and hasattr(x0, "_fields"):  # a NamedTuple
        fields, build = x0._fields, type(x0)._make  # type: ignore[attr-defined]
        form = Form(tuple(f"x.{field}" for field in fields), build)
        return _not_empty(form, [_tensor(x) for x in x0])
    if isinstance(x0, list | tuple) and not _numbers(x0):
        kind = type(x0)
        form = Form(
            tuple(f"x[{i}]" for i in range(len(x0))),
            lambda tensors: kind(tensors),
        )
        return _not_empty(form, [_tensor(x) for x in x0])
    return Form(("x",), lambda tensors: tensors[0]), [_tensor(x0)]


def _numbers(x: Any) -> bool:
    """Whether `x` is a number, or numbers nested to any depth."""
    if isinstance(x, list | tuple):
        return bool(x) and all(map(_numbers, x))
    return isinstance(x, Real)


def _tensor(x: Any) -> Tensor:
    if _numbers(x):
        try:
            return torch.tensor(x, dtype=torch.float64)
        except (TypeError, ValueError):
            raise TypeError(
                "maximize: the numbers of x0 must fill a table whose rows are "
                f"of one length (or be tensors, for several), got {x!r}"
            ) from None
    if hasattr(x, "__array__") and not isinstance(x, Tensor):
        return _from_numpy(x)
    if not isinstance(x, Tensor):
        takes = "numbers, tensors, a list or dict of tensors, or a module"
        got = f"{x!r} ({type(x).__name__})"
        raise TypeError(f"maximize: x0 must be {takes}; got {got}")
    if not (x.is_floating_point() or x.is_complex()):
        takes = "a floating-point or complex dtype"
        raise TypeError(f"maximize: x0 must have {takes}, got {x.dtype}")
    return x.detach().clone()


def _from_numpy(x: Array) -> Tensor:
    import numpy as np  # torch works without it

    array = np.asarray(x)
    if array.dtype.kind not in "iufc":
        takes = "an array of numbers"
        raise TypeError(f"maximize: x0 must be {takes}, got {array.dtype}")
    if array.dtype.kind in "iu":
        array = array.astype(float)
    return torch.tensor(array.astype(array.dtype.newbyteorder("=")))


def _not_empty(form: Form, tensors: list[Tensor]) -> tuple[Form, list[Tensor]]:
    if not tensors:
        raise ValueError(
            "maximize: x0 must hold a tensor to move (of a module, a parameter "
            "that requires a gradient), got none"
        )
    return form, tensors


@contextmanager
def telling_dtypes(tensors: Sequence[Tensor]) -> Iterator[None]:
    """Add to an error of dtypes where x may have its own from."""
    try:
        yield
    except RuntimeError as error:
        told = re.search("dtype|scalar type", str(error))
        if told and tensors[0].dtype == torch.float64:
            error.add_note(
                "maximize: x is float64, as numbers are; if the data in f are "
                "float32, start from a tensor of float32"
            )
        raise
