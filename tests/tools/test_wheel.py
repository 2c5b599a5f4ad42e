"""What `pip install .` installs."""

from __future__ import annotations

import email
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.tools.conftest import ROOT


@pytest.mark.slow
def test_the_wheel_holds_the_package_and_the_exercises_and_says_what_it_needs(
    tmp_path: Path,
) -> None:
    source = tmp_path / "source"
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for folder in ("gradient_ascent", "exercises", "tools"):
        shutil.copytree(ROOT / folder, source / folder, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    options = ["--no-build-isolation", "--wheel-dir", tmp_path, source]
    subprocess.run([*pip, *options], check=True, capture_output=True)

    (path,) = tmp_path.glob("gradient_ascent_book-*.whl")
    with zipfile.ZipFile(path) as wheel:
        names = set(wheel.namelist())
        (metadata,) = (name for name in names if name.endswith("/METADATA"))
        headers = email.message_from_bytes(wheel.read(metadata))
    shared = re.compile(r"[^/]+\.data/data/share/gradient_ascent/exercises/(\w+)\.py")
    exercises = {match[1] for name in names if (match := shared.fullmatch(name))}
    assert exercises == {file.stem for file in (ROOT / "exercises").glob("*.py")}
    package = {n for n in names if ".dist-info/" not in n and not shared.fullmatch(n)}
    files = {
        f.relative_to(source).as_posix()
        for f in (source / "gradient_ascent").rglob("*")
        if f.suffix == ".py" or f.name == "py.typed"
    }
    assert package == files
    assert "gradient_ascent/py.typed" in package
    assert headers["Name"] == "gradient-ascent-book"
    assert headers["Requires-Python"] == "<3.14,>=3.11"
    assert headers["License-Expression"] == "MIT"
    assert headers.get_all("Provides-Extra") == ["book", "test"]
    needed = [need for need in headers.get_all("Requires-Dist") if "extra" not in need]
    assert [re.split("[<>]", need)[0] for need in needed] == ["torch", "tqdm"]
