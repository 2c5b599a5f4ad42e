"""Processes forked from one that has imported what takes long to import.

That one has imported nothing of the book but `tools`, so what is forked sees its
modules as they are then. Sphinx runs in such a process, and so do the kernels of many
chapters, which else would each import torch, matplotlib and SciPy for seconds.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib.metadata import EntryPoint
from multiprocessing import (
    current_process,
    forkserver,
    get_context,
    parent_process,
    set_start_method,
)
from multiprocessing.context import ForkServerProcess
from threading import Thread
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

FORKS = get_context("forkserver")
FOR_PAGES = [
    "fontTools.subset",
    "jupyter_book.sphinx",
    "matplotlib.pyplot",
    "myst_nb.sphinx_ext",
    "pydata_sphinx_theme",
    "sphinx_book_theme",
    "sphinx_exercise",
    "sphinx_proof",
    "sphinxcontrib.bibtex",
    "sympy.parsing.latex._parse_latex_antlr",
    "tools.chapters",
]
FOR_CHAPTERS = [  # besides
    "ipykernel.kernelapp",
    "scipy.optimize",
    "sklearn.datasets",
    "torch._dynamo",  # the first optimizer imports it
]

# On macOS what numpy and torch have begun must not be forked.
FORKS.set_forkserver_preload(FOR_PAGES if sys.platform == "linux" else [])


def start(process: ForkServerProcess) -> None:
    """Start a process; Ctrl-C is nothing to the one that it is forked from."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # which that one inherits
    try:
        forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, before)
    process.start()


def fork_kernels() -> None:
    """Have Jupyter fork the kernels that this process starts, where they may be."""
    if sys.platform != "linux":
        return
    FORKS.set_forkserver_preload([*FOR_PAGES, *FOR_CHAPTERS])
    factory = KernelProvisionerFactory.instance()
    factory.provisioners["forked"] = EntryPoint(
        "forked", f"{__name__}:Forked", factory.GROUP_NAME
    )
    factory.default_provisioner_name = "forked"


class Forked(LocalProvisioner):
    """Starts a kernel by a fork instead of a command."""

    process: Any

    async def launch_kernel(self, cmd: list[str], **how: Any) -> KernelConnectionInfo:
        """Do what the command would do."""
        to_do = (cmd, how["cwd"], how["env"])
        process = Kernel(target=_kernel, args=to_do, daemon=True)
        try:
            start(process)
        except (EOFError, OSError):  # there is nothing to fork from
            return await super().launch_kernel(cmd, **how)
        self.process = process
        self.pid = self.pgid = self.process.pid
        return self.connection_info


class Kernel(ForkServerProcess):
    """A process with the names that Jupyter calls one by."""

    stdin = stdout = stderr = None

    def poll(self) -> int | None:
        """Return how it ended, if it has."""
        return self.exitcode

    def wait(self) -> int | None:
        """Wait for its end, and return how that was."""
        self.join()
        return self.exitcode

    def send_signal(self, signum: int) -> None:
        """Send it a signal."""
        assert self.pid
        os.kill(self.pid, signum)


def _kernel(command: list[str], folder: str, environment: dict[str, str]) -> None:
    import matplotlib
    from ipykernel.kernelapp import launch_new_instance

    lead()
    set_start_method(None, force=True)  # what it starts begins as it always does
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # the kernel's own, not the cells'
        os.dup2(null, stream)
    # It would read this from the environment when it is imported, and that is done.
    matplotlib.rcParams["backend"] = "module://matplotlib_inline.backend_inline"
    launch_new_instance(command[command.index("-f") :])


def lead() -> None:
    """Let this process have processes of its own; all of them end with its parent."""
    os.setsid()
    Thread(target=_end_with_parent, daemon=True).start()
    current_process().daemon = False


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent
    parent.join()
    os.killpg(0, signal.SIGKILL)
