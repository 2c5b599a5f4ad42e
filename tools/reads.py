"""What a chapter reads of the project: when that changes, the chapter is run again.

In the chapter's kernel, Python's audit events tell of each file that is opened and each
folder that is listed. So a module is seen however it is imported, and so are data and
source that is shown. What runs in another process is not seen: a chapter that starts
one depends on every file of the project, unless that process can know of none.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from importlib.util import source_from_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EVERYTHING = "**"
# The lock speaks for what is installed; what is built is no source.
NOT_READ = ("_build", ".venv")
IMPORTABLE = ("*.py", "*/__init__.py")  # a new module may hide one from elsewhere
LISTING = {"os.listdir", "os.scandir"}
STARTING = (
    "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "subprocess.Popen",
)  # fmt: skip
# What a kernel is compiled with, and what asks for the processor's name.
BLIND = (("cc",), ("uname",))
_seen: set[str] = set()


def record() -> None:
    """Note, from now on, what this process reads."""
    sys.addaudithook(_note)


def _note(event: str, args: tuple[Any, ...]) -> None:
    if event == "open":
        path, _, flags = args
        if not flags & os.O_WRONLY:
            _add(path, "")
    elif event in LISTING:
        importing = "importlib" in sys._getframe(1).f_code.co_filename
        for what in IMPORTABLE if importing else ["*"]:
            _add("." if args[0] is None else args[0], f"/{what}")
    elif event.startswith(STARTING) and args[:1] not in BLIND:
        _seen.add(EVERYTHING)


def _add(path: Any, what: str) -> None:
    if isinstance(path, str | bytes | os.PathLike):
        _seen.add(os.path.abspath(os.fsdecode(path)) + what)  # noqa: PTH100, a text


def seen() -> str:
    """Return the names of what was read, one a line."""
    return "\n".join(_seen)


def named(read: Iterable[str], folder: Path) -> set[str]:
    """Return what was read of the project, as names and patterns below its root.

    Args:
        read: What `seen` returned.
        folder: Where the chapter lies, and its kernel ran.
    """
    names = set(_importable(ROOT)) | set(_importable(folder))
    for path in map(Path, read):
        if str(path) == EVERYTHING:
            names.add(EVERYTHING)
        elif path.is_relative_to(ROOT) and not _is_made(path):
            if path.parent.name == "__pycache__":
                path = Path(source_from_cache(path))
            names.add(path.relative_to(ROOT).as_posix())
    return names


def _is_made(path: Path) -> bool:
    """Whether a path is no source of the project, nor made from one by Python."""
    parts = path.relative_to(ROOT).parts or ("",)
    return parts[0] in NOT_READ or parts[-2:] == ("__pycache__", "*")


def _importable(folder: Path) -> Iterator[str]:
    """Name what an import finds in a folder that is looked through from the start."""
    for pattern in IMPORTABLE:
        yield (folder / pattern).relative_to(ROOT).as_posix()


def fingerprint(name: str, since: int | None = None) -> str:
    """Hash what a name or pattern stands for.

    Args:
        name: A file: its contents. With `*`: which files there are. `**`: all of it.
        since: A time in ns. What has changed since then has no hash.
    """
    total = hashlib.sha256()
    for path in sorted(_files(name)):
        total.update(f"\0{path.relative_to(ROOT)}\0".encode())
        if "*" not in name or name == EVERYTHING:
            if since is not None and path.stat().st_mtime_ns >= since:
                return ""
            total.update(path.read_bytes())
    return total.hexdigest()


def _files(name: str) -> Iterator[Path]:
    if name == EVERYTHING:
        for folder, folders, inside in os.walk(ROOT):
            folders[:] = [each for each in folders if not _hidden(each)]
            paths = (Path(folder, each) for each in inside)
            yield from (path for path in paths if path.is_file())
    elif "*" in name:
        yield from (path for path in ROOT.glob(name) if not _hidden(path.name))
    elif (ROOT / name).is_file():
        yield ROOT / name


def _hidden(name: str) -> bool:
    return name.startswith(".") or name in ("_build", "__pycache__", "node_modules")
