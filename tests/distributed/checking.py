"""What torchrun starts for `launching.check`: every check of some modules."""

import sys
from datetime import timedelta
from importlib import import_module

import torch
import torch.distributed as dist


def main(modules: list[str]) -> None:
    torch.set_num_threads(1)
    dist.init_process_group("gloo", timeout=timedelta(minutes=2))
    for name in modules:
        module = import_module(f"tests.distributed.{name}")
        for each in sorted(vars(module)):
            if each.startswith("check_"):
                getattr(module, each)()
                sys.stdout.write(f"done {name}.{each}\n")  # whole: others write too
                sys.stdout.flush()
    dist.destroy_process_group()


if __name__ == "__main__":
    main(sys.argv[1:])
