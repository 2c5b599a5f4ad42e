"""Several processes on this machine, launched by torchrun."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def launch(processes: int, *words: str, restarts: int = 0) -> str:
    """Run a module of this folder by torchrun; return what it printed.

    Each launch meets at a port that was free (`--standalone`), so several may run
    beside each other.

    Args:
        processes: how many.
        words: the module's name here, and what it is called with.
        restarts: how often all may be begun anew when one has died.
    """
    name, *rest = words
    module = f"{__package__}.{name}"
    command = [
        sys.executable, "-m", "torch.distributed.run", "--standalone",
        f"--nproc_per_node={processes}", f"--max_restarts={restarts}",
        "-m", module, *rest,
    ]  # fmt: skip
    here = {
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
        "TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1",  # see gradient_ascent.scaling.train
    }
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **here},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        try:
            said, errors = running.communicate(timeout=300)
        except BaseException:
            os.killpg(running.pid, signal.SIGKILL)  # torchrun leaves its own behind
            raise
    assert running.returncode == 0, errors[-20_000:]
    return said


def check(processes: int, *modules: str) -> None:
    """Have all functions `check_...` of some modules run in all processes."""
    said = launch(processes, "checking", *modules)
    expected = 0
    for module in modules:
        names = _checks(Path(__file__).with_name(f"{module}.py"))
        assert names
        for name in names:
            assert said.count(f"done {module}.{name}\n") == processes, said
        expected += processes * len(names)
    assert said.count("done ") == expected


def _checks(path: Path) -> list[str]:
    lines = path.read_text().splitlines()
    return [
        line.removeprefix("def ").partition("(")[0]
        for line in lines
        if line.startswith("def check_")
    ]
