"""Count what torch is asked to do, and what it moves for that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode


class Ops(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Within it, operations of torch and the bytes they read and write add up.

    What is read by an operation are its tensors, but for one that it only
    overwrites; what is written are the tensors that come out. A view moves
    nothing, and is not counted.

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
        overwrites = schema.name.endswith(("copy_", "fill_", "zero_"))
        seen = _tensors(args[1:] if overwrites else args)
        # What changes a list in place returns nothing.
        written = _tensors(args[:1] if out is None else out)
        self.count += 1
        self.bytes += sum(x.nbytes for x in (*seen, *written))
        return out


def _tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (tuple, list)):
        for each in value:
            yield from _tensors(each)
