"""C compiled by the machine's own compiler, kept on disk, and called."""

from __future__ import annotations

import atexit
import ctypes
import hashlib
import logging
import os
import platform
import shlex
import shutil
import stat
import subprocess
import tempfile
from array import array
from functools import cache
from pathlib import Path
from typing import Any

from gradient_ascent.optim.program import KernelError, found

FLAGS = "-O3 -fno-math-errno -fno-trapping-math -ffp-contract=off -shared -fPIC"
FASTER = ("-march=native -fopenmp", "-march=native", "")
"""What not every compiler knows: the first that this one takes is used."""

PATIENCE = 60
"""Seconds after which a compiler is not waited for."""

_log = logging.getLogger(__name__)

_loaded: dict[str, Any] = {}


def load(text: str) -> ctypes.CDLL:
    """Compile the text, or find it compiled; what failed is not tried again.

    Raises:
        KernelError: It cannot be done here.
    """
    return found(_loaded, text, _load)


def _load(text: str) -> ctypes.CDLL:
    library = ctypes.CDLL(str(_compiled(text)))
    if hasattr(library, "shared"):
        library.shared.restype = ctypes.c_double
    return library


def address(numbers: array[Any]) -> int:
    """Where a kernel finds an array's numbers."""
    return numbers.buffer_info()[0]


def pointer(numbers: array[Any]) -> ctypes.c_void_p:
    """An array as a kernel's argument."""
    return ctypes.c_void_p(address(numbers))


def _compiled(text: str) -> Path:
    compiler = find_compiler()
    made_from = "\0".join([text, FLAGS, *compiler, _version(), features()])
    name = hashlib.sha256(made_from.encode()).hexdigest()[:32]
    # Its size stands in its name: one that was cut would end the process.
    for kept in folder().glob(f"{name}-*.so"):
        if kept.stem == f"{name}-{kept.stat().st_size}":
            try:
                ctypes.CDLL(str(kept))
            except OSError:  # spoiled
                kept.unlink()
            else:
                return kept
    return _compile(compiler, text, folder() / name)


def find_compiler() -> list[str]:
    """The C compiler's command: $CC, or cc.

    Raises:
        KernelError: There is none.
    """
    command = shlex.split(os.environ.get("CC", "")) or ["cc"]
    if shutil.which(command[0]) is None:
        raise KernelError(f"there is no C compiler {command[0]!r}")
    return command


@cache
def _version() -> str:
    return _run([*find_compiler(), "--version"]).stdout


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        errors="replace",
        timeout=PATIENCE,
    )


@cache
def features() -> str:
    """What this processor can do: a home may be shared by unlike machines."""
    machine = f"{platform.machine()} {platform.processor()}"
    try:
        about = Path("/proc/cpuinfo").read_text()
    except OSError:
        return machine
    kinds = ("flags", "Features", "model name")
    lines = (x for x in about.splitlines() if x.startswith(kinds))
    return "\n".join([machine, *sorted(set(lines))])


@cache
def folder() -> Path:
    """Where kernels are kept: a folder in which nobody else can write."""
    try:
        home = Path(os.environ.get("XDG_CACHE_HOME", ""))
        home = home if home.is_absolute() else Path.home() / ".cache"
        kept = home / "gradient_ascent" / "kernels"
        for each in (home, kept.parent, kept):
            each.mkdir(parents=True, exist_ok=True, mode=0o700)
        if is_ours_alone(kept):
            return kept
        why = f"others can write in {kept}, or this user cannot"
    except (OSError, RuntimeError) as error:
        why = str(error)
    _log.info("kernels are not kept: %s", why)
    passing = Path(tempfile.mkdtemp(prefix="gradient_ascent-"))
    atexit.register(shutil.rmtree, passing, ignore_errors=True)
    return passing


def is_ours_alone(path: Path) -> bool:
    """Whether this user can write in a folder, and nobody else replace it."""
    about, ours = path.lstat(), os.getuid()
    if not stat.S_ISDIR(about.st_mode) or not os.access(path, os.W_OK):
        return False
    above = [parent.stat() for parent in path.parents]
    return (
        about.st_uid == ours
        and not about.st_mode & 0o022
        and all(each.st_uid in (0, ours) for each in above)
        and all(
            not each.st_mode & 0o022 or each.st_mode & stat.S_ISVTX
            for each in above
        )
    )


def _compile(compiler: list[str], text: str, name: Path) -> Path:
    """Compile beside the library's place, and put it there when it is done."""
    with tempfile.TemporaryDirectory(dir=name.parent) as beside:
        code, made = Path(beside, "kernel.c"), Path(beside, "kernel.so")
        code.write_text(text)
        for faster in FASTER:
            flags = [*FLAGS.split(), *faster.split()]
            said = _run([*compiler, *flags, "-o", str(made), str(code), "-lm"])
            if not said.returncode:
                ctypes.CDLL(str(made))  # or it is none
                size = made.stat().st_size
                return made.replace(f"{name}-{size}.so")
    first = said.stderr.strip().partition("\n")[0]
    raise KernelError(f"{compiler[0]} cannot compile the kernel: {first}")
