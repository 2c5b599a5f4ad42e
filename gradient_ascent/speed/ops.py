"""Count what torch is asked to do, and what it moves for that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode


class Ops(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Within it, operations of torch and the bytes they read and write add up.

    What is read by an operation are its tensors, but for one that it only
    overwrites; what is written are those that it changes, and those that come
    out. A view moves nothing, and is not counted.

    Attributes:
        count: the operations.
        bytes: read and written, in all.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.count = 0
        self.bytes = 0

    def __torch_dispatch__(
        self, op: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Let the operation be done, and count it."""
        out = op(*args, **(kwargs or {}))
        schema = op._schema
        aliases = [r.alias_info for r in schema.returns]
        view = any(alias and not alias.is_write for alias in aliases)
        if view or op.namespace == "profiler":
            return out
        given = [*zip(schema.arguments, args)]
        given += [
            (each, (kwargs or {})[each.name])
            for each in schema.arguments[len(args) :]
            if each.name in (kwargs or {})
        ]
        changed = [x for each, x in given if _is_changed(each)]
        fresh = [] if any(aliases) else [out]
        overwrites = schema.name.endswith(("copy_", "fill_", "zero_"))
        seen = [x for _, x in (given[1:] if overwrites else given)]
        self.count += 1
        for x in _tensors([*seen, *changed, *fresh]):
            self.bytes += x.nbytes
        return out


def _is_changed(argument: Any) -> bool:
    """Whether an operation writes there.

    torch's fused kernels may scale the gradients in place; nobody asks it here.
    """
    alias = argument.alias_info
    return bool(alias and alias.is_write and argument.name != "grads")


def _tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (tuple, list)):
        for each in value:
            yield from _tensors(each)
