"""What `pip install .` installs, and what a source distribution holds."""

from __future__ import annotations

import email
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import gradient_ascent
from tests.tools.conftest import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone: all files of the project, with the changes that are not committed."""
    folder = tmp_path_factory.mktemp("clone") / "source"
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(
        listed, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    for name in files:
        if (ROOT / name).is_file():  # not what was removed
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def pip(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "pip", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def build(source: Path, target: Path) -> Path:
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir"]
    pip("wheel", *options, target, source)
    (path,) = target.glob("gradient_ascent_book-*.whl")
    return path


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(source, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def contents(wheel: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(wheel) as opened:
        yield opened


def headers(contents: zipfile.ZipFile) -> Message:
    (name,) = (each for each in contents.namelist() if each.endswith("/METADATA"))
    return email.message_from_bytes(contents.read(name))


def held(wheel: Path) -> set[str]:
    """What a wheel installs, but for what it says of itself."""
    with zipfile.ZipFile(wheel) as opened:
        return {name for name in opened.namelist() if ".dist-info/" not in name}


def in_tree(source: Path) -> set[str]:
    """What it should install."""
    package = {
        f.relative_to(source).as_posix()
        for f in (source / "gradient_ascent").rglob("*")
        if f.suffix in {".py", ".json"}
        or f.name == "py.typed"
        or f.parent.name == "fonts"
    }
    exercises = (source / "exercises").glob("*.py")
    return package | {f"gradient_ascent/exercises/files/{f.name}" for f in exercises}


def test_the_wheel_holds_the_package_and_the_exercises(
    source: Path, wheel: Path
) -> None:
    assert held(wheel) == in_tree(source)
    assert "gradient_ascent/py.typed" in held(wheel)
    assert "gradient_ascent/plots/fonts/ascent-serif.ttf" in held(wheel)
    assert "gradient_ascent/exercises/files/momentum.py" in held(wheel)


def test_it_says_what_it_is_and_needs(contents: zipfile.ZipFile) -> None:
    said = headers(contents)
    assert said["Name"] == "gradient-ascent-book"
    assert said["Version"] == gradient_ascent.__version__
    assert said["Requires-Python"] == "<3.14,>=3.11"
    assert said["License-Expression"] == "MIT AND OFL-1.1"
    assert set(said.get_all("Provides-Extra", [])) == {"plots", "book", "test"}
    assert "Typing :: Typed" in said.get_all("Classifier", [])
    needs = [Requirement(need) for need in said.get_all("Requires-Dist", [])]
    plain = {need.name for need in needs if need.marker is None}
    assert plain == {"numpy", "torch", "tqdm"}
    plots = {"extra": "plots"}
    with_plots = [n.name for n in needs if n.marker and n.marker.evaluate(plots)]
    assert with_plots == ["matplotlib"]


def test_a_module_that_is_gone_is_not_in_the_next_wheel(
    source: Path, tmp_path: Path
) -> None:
    own = tmp_path / "source"
    shutil.copytree(source, own)
    build(own, tmp_path / "first")
    (own / "gradient_ascent" / "lab.py").rename(own / "gradient_ascent" / "other.py")
    names = held(build(own, tmp_path / "second"))
    assert "gradient_ascent/lab.py" not in names
    assert names == in_tree(own)


def test_the_exercises_run_where_the_wheel_alone_is_installed(
    wheel: Path, tmp_path: Path
) -> None:
    """As with `pip install --target`, and without anything that it needs."""
    target = tmp_path / "target"
    pip("install", "--quiet", "--no-deps", "--target", target, wheel)
    command = [sys.executable, "-S", "-m", "gradient_ascent.exercises"]
    for words, said in (
        (["list"], "Projection onto a ball"),
        (["open", "ball"], "ball.py"),
    ):
        done = subprocess.run(
            [*command, *words],
            cwd=tmp_path,
            env={"PYTHONPATH": str(target), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        assert said in done.stdout


def test_a_source_distribution_is_the_whole_book(source: Path, tmp_path: Path) -> None:
    """What the README tells of, `make` and the chapters included, and nothing else."""
    build_sdist = (
        "import sys; from hatchling.build import build_sdist;build_sdist(sys.argv[1])"
    )
    command = [sys.executable, "-c", build_sdist, str(tmp_path)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (path,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        files = {re.sub(r"^[^/]+/", "", each.name) for each in archive if each.isfile()}
    ours = {f.relative_to(source).as_posix() for f in source.rglob("*") if f.is_file()}
    assert files - {"PKG-INFO"} == ours
    assert {"Makefile", "chapters/intro.md", "exercises/momentum.py"} < files
