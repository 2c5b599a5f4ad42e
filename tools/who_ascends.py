"""Who climbs as it descends: `python -m tools.who_ascends`, a table in Markdown.

Every class of `torch.optim` and of `pytorch_optimizer` is held to the direction
contract, in the versions that are installed. The book says that all of torch's that
take `maximize` keep it; where one does not, this fails.
"""

from __future__ import annotations

import importlib
import inspect
import warnings
from collections.abc import Iterator
from importlib.metadata import version

import torch
from torch.optim import Optimizer

from gradient_ascent import check_direction
from tools.console import fail

PACKAGES = {"torch": "torch.optim", "pytorch-optimizer": "pytorch_optimizer"}
KEEPS = "keeps it"


def main() -> None:
    """Print the table."""
    warnings.simplefilter("ignore")  # theirs, about options and sparse tensors
    broken = []
    for package, module in PACKAGES.items():
        print(
            f"\n### {package} {version(package)}\n\n| class | contract |\n| --- | --- |"
        )
        for kind in optimizers(module):
            said = verdict(kind)
            print(f"| `{kind.__name__}` | {said} |", flush=True)
            if package == "torch" and "maximize" in options(kind) and said != KEEPS:
                broken.append(kind.__name__)
    if broken:
        fail(f"torch's {', '.join(broken)} no longer climb as they descend.")


def optimizers(module: str) -> Iterator[type[Optimizer]]:
    """Yield a module's own optimizers, but for the class that all come from."""
    package = module.partition(".")[0]
    for _, kind in sorted(vars(importlib.import_module(module)).items()):
        optimizes = inspect.isclass(kind) and issubclass(kind, Optimizer)
        if optimizes and kind is not Optimizer and kind.__module__.startswith(package):
            yield kind


def verdict(kind: type[Optimizer]) -> str:
    """Say in a line how an optimizer stands to the contract."""
    if "maximize" not in options(kind):
        return "takes no `maximize`"
    try:
        check_direction(kind, sparse=kind is torch.optim.SparseAdam)
    except AssertionError as error:
        return str(error).split("\n- ")[1]
    except Exception as error:  # it asks for more than parameters
        return f"cannot be tried: {type(error).__name__}"
    return KEEPS


def options(kind: type[Optimizer]) -> set[str]:
    """What its constructor takes by name."""
    return set(inspect.signature(kind).parameters)


if __name__ == "__main__":
    main()
