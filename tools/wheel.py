"""Build the package and check it as a stranger would meet it: `make wheel`.

What is built holds what git knows of this folder, and no more. The wheel is made from
the source distribution, so that whoever has the one can make the other. Then it is
installed where nothing else is, and used.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path

from tools.console import fail, say, timed
from tools.setup import ROOT

DIST = ROOT / "dist"
LIMIT = 800_000  # bytes: more, and a file got in by mistake
SCRIPT = """\
import torch

from gradient_ascent import maximize, optim, rules, run

step, state = rules.adam(1.0)
trace = run("adam", "parabola", steps=3)
x = torch.zeros(2, requires_grad=True)
optimizer: torch.optim.Optimizer = optim.Adam([x], lr=0.1)
value: float = maximize(lambda y: -(y * y).sum(), [1.0]).value
"""
WRONG = "from gradient_ascent import maximize\n\nmaximize(3)\n"
LIGHT = """\
import importlib.util
from gradient_ascent import run, rules
assert importlib.util.find_spec("torch") is None, "it is not alone"
assert run("adam", "parabola", lr=1.05, steps=1000).ended == "converged"
try:
    from gradient_ascent import optim
except ImportError as error:
    assert "gradient-ascent-book[torch]" in str(error), error
else:
    raise AssertionError("no torch, and no error")
"""


def main() -> None:
    """Leave a wheel and a source distribution in `dist`, if all checks pass."""
    with tempfile.TemporaryDirectory() as folder:
        source, built = Path(folder, "source"), Path(folder, "dist")
        copy_tree(source)
        with timed("wheel", "building the source distribution and, from it, the wheel"):
            sdist, wheel = build(source, built)
        check_contents(source, sdist, wheel)
        with timed("wheel", "installing it alone, for a user and in a folder"):
            alone = install(wheel, Path(folder))
        with timed("wheel", "running the README's examples and mypy on it"):
            use(wheel, alone, Path(folder))
        shutil.rmtree(DIST, ignore_errors=True)
        shutil.copytree(built, DIST)
    for path in sorted(DIST.iterdir()):
        size = path.stat().st_size / 1000
        say("wheel", f"{path.parent.name}/{path.name}, {size:.0f} KB")


def copy_tree(folder: Path) -> None:
    """Copy what git knows or would take, as it is now; not what it ignores."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    for name in told(listed).splitlines():
        if (ROOT / name).is_file():  # not what was removed
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)


def build(source: Path, target: Path) -> tuple[Path, Path]:
    """Build both, the wheel from the source distribution."""
    target.mkdir(parents=True)
    hatchling(source, "build_sdist", target)
    (sdist,) = target.glob("*.tar.gz")
    with (
        tempfile.TemporaryDirectory() as folder,
        tarfile.open(sdist) as archive,
    ):
        archive.extractall(folder, filter="data")
        hatchling(next(Path(folder).iterdir()), "build_wheel", target)
    (wheel,) = target.glob("*.whl")
    return sdist, wheel


def hatchling(source: Path, hook: str, target: Path) -> None:
    """Call a hook of the build backend, as pip does."""
    program = f"import sys; from hatchling.build import {hook}; {hook}(sys.argv[1])"
    told([sys.executable, "-c", program, str(target)], cwd=source)


def check_contents(source: Path, sdist: Path, wheel: Path) -> None:
    """Compare both with the tree; ask twine whether an index would take them."""
    told([sys.executable, "-m", "twine", "check", "--strict", str(sdist), str(wheel)])
    for path, holds, should in (
        (wheel, in_wheel(wheel), wheel_of(source)),
        (sdist, in_sdist(sdist), sdist_of(source)),
    ):
        if holds != should:
            names = ", ".join(sorted(holds ^ should))
            fail(f"{path.name} and the tree do not agree on {names}.")
    if wheel.stat().st_size > LIMIT:
        fail(f"{wheel.name} has {wheel.stat().st_size} bytes, more than {LIMIT}.")


def in_wheel(wheel: Path) -> set[str]:
    """Return what a wheel installs, but for what it says of itself."""
    with zipfile.ZipFile(wheel) as opened:
        return {name for name in opened.namelist() if ".dist-info/" not in name}


def wheel_of(source: Path) -> set[str]:
    """Return what it should install: the package, typed, and the exercises."""
    package = {
        file.relative_to(source).as_posix()
        for file in (source / "gradient_ascent").rglob("*")
        if file.is_file() and file.name != "ruff.toml"
    }
    exercises = (source / "exercises").glob("*.py")
    return package | {f"gradient_ascent/exercises/files/{f.name}" for f in exercises}


def in_sdist(sdist: Path) -> set[str]:
    """Return the files of a source distribution, but for its metadata."""
    with tarfile.open(sdist) as archive:
        names = {re.sub(r"^[^/]+/", "", each.name) for each in archive if each.isfile()}
    return names - {"PKG-INFO"}


def sdist_of(source: Path) -> set[str]:
    """Return what it should hold: the whole book."""
    return {f.relative_to(source).as_posix() for f in source.rglob("*") if f.is_file()}


def install(wheel: Path, folder: Path) -> Path:
    """Install it alone, for a user, and in a folder, and use it there.

    Returns:
        The Python of an environment where nothing else is.
    """
    bare = folder / "bare"
    venv.create(bare, with_pip=True)
    alone = bare / "bin" / "python"
    told([str(alone), "-m", "pip", "install", "--quiet", "--no-index", str(wheel)])
    try_out([str(alone)], folder, {})

    pip = [sys._base_executable, "-m", "pip", "install", "--quiet", "--no-index"]  # type: ignore[attr-defined]
    pip += ["--no-warn-script-location", "--break-system-packages"]
    home = {"PYTHONUSERBASE": str(folder / "user")}
    told([*pip, "--user", "--force-reinstall", str(wheel)], env=home)
    try_out([sys._base_executable], folder, home)  # type: ignore[attr-defined]

    target = folder / "target"
    told([*pip, "--target", str(target), str(wheel)])
    try_out([sys.executable, "-S"], folder, {"PYTHONPATH": str(target)})
    return alone


def try_out(python: list[str], folder: Path, env: dict[str, str]) -> None:
    """Use the half that needs Python alone."""
    told([*python, "-c", LIGHT], cwd=folder, env=env)
    exercises = [*python, "-m", "gradient_ascent.exercises", "list"]
    if "Projection onto a ball" not in told(exercises, cwd=folder, env=env):
        fail("the wheel does not bring the exercises along.")


def use(wheel: Path, alone: Path, folder: Path) -> None:
    """Add torch and the others, and do what the README and a type checker do."""
    (site,) = (folder / "bare" / "lib").glob("python*/site-packages")
    peers = Path(sys.prefix, "lib", site.parent.name, "site-packages")
    (site / "peers.pth").write_text(f"{peers}\n")
    told([str(alone), str(ROOT / "tools" / "paste.py"), str(ROOT / "README.md")])
    for name, text, mistakes in (("right", SCRIPT, 0), ("wrong", WRONG, 1)):
        script = folder / f"{name}.py"
        script.write_text(text)
        mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file="]
        mypy += ["--python-executable", str(alone), str(script)]
        done = subprocess.run(mypy, cwd=folder, capture_output=True, text=True)
        if done.returncode != mistakes:
            fail(f"mypy on a user's script: {done.stdout}{done.stderr}")


def told(
    command: list[str], *, cwd: Path = ROOT, env: dict[str, str] | None = None
) -> str:
    """Run a command; return what it printed, or fail with it."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=cwd, env={**clean, **(env or {})}, capture_output=True, text=True
    )
    if done.returncode:
        fail(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
