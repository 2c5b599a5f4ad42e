"""What `make wheel` builds: the package, and a source distribution of the book."""

from __future__ import annotations

import email
import shutil
import zipfile
from email.message import Message
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import gradient_ascent
from tools import wheel as tool

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clone") / "source"
    tool.copy_tree(folder)
    return folder


@pytest.fixture(scope="module")
def built(source: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return tool.build(source, tmp_path_factory.mktemp("built") / "dist")


def headers(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as opened:
        (name,) = (each for each in opened.namelist() if each.endswith("/METADATA"))
        return email.message_from_bytes(opened.read(name))


def test_make_wheel_passes_its_own_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is installed alone, for a user and in a folder, and used in each."""
    monkeypatch.setattr(tool, "DIST", tmp_path / "dist")
    tool.main()
    kinds = {path.suffix for path in (tmp_path / "dist").iterdir()}
    assert kinds == {".whl", ".gz"}


def test_both_hold_what_they_should(source: Path, built: tuple[Path, Path]) -> None:
    sdist, wheel = built
    tool.check_contents(source, sdist, wheel)
    held = tool.in_wheel(wheel)
    assert "gradient_ascent/py.typed" in held
    assert "gradient_ascent/plots/fonts/ascent-serif.ttf" in held
    assert "gradient_ascent/exercises/files/momentum.py" in held
    assert {"Makefile", "chapters/intro.md"} < tool.in_sdist(sdist)


def test_it_says_what_it_is_and_needs(built: tuple[Path, Path]) -> None:
    said = headers(built[1])
    assert said["Name"] == "gradient-ascent-book"
    assert said["Version"] == gradient_ascent.__version__
    assert said["Requires-Python"] == "<3.14,>=3.11"
    assert said["License-Expression"] == "MIT AND OFL-1.1"
    assert "Typing :: Typed" in said.get_all("Classifier", [])
    needs = [Requirement(need) for need in said.get_all("Requires-Dist", [])]
    assert all(need.marker for need in needs)  # nothing, without an extra
    for extra, names in {
        "torch": {"torch", "numpy", "tqdm"},
        "plots": {"matplotlib"},
        "benchmarks": {"joblib", "scikit-learn"},
    }.items():
        asked = [n for n in needs if n.marker and n.marker.evaluate({"extra": extra})]
        assert {need.name for need in asked} == names


def test_a_module_that_is_gone_is_not_in_the_next_wheel(
    source: Path, built: tuple[Path, Path], tmp_path: Path
) -> None:
    own = tmp_path / "source"
    shutil.copytree(source, own)  # with all that the build left there
    (own / "gradient_ascent" / "lab.py").rename(own / "gradient_ascent" / "other.py")
    _, wheel = tool.build(own, tmp_path / "next")
    assert "gradient_ascent/lab.py" not in tool.in_wheel(wheel)
    assert tool.in_wheel(wheel) == tool.wheel_of(own)


def test_what_got_in_by_mistake_is_named(
    source: Path, built: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    sdist, wheel = built
    monkeypatch.setattr(tool, "wheel_of", lambda _: {"gradient_ascent/other.py"})
    with pytest.raises(
        SystemExit, match=r"do not agree on .*gradient_ascent/other\.py"
    ):
        tool.check_contents(source, sdist, wheel)
    monkeypatch.undo()
    monkeypatch.setattr(tool, "LIMIT", 1000)
    with pytest.raises(SystemExit, match="more than 1000"):
        tool.check_contents(source, sdist, wheel)


def test_a_command_that_fails_is_told_with_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"(?s)python.*no such thing"):
        tool.told(["python", "-c", "raise SystemExit('no such thing')"], cwd=tmp_path)
