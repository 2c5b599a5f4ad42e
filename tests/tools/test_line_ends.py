"""A clone made as Git for Windows makes it, and used from WSL or a container."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.tools.conftest import ROOT

TEXTS = ["Makefile", "tools/setup.sh", ".binder/postBuild", ".ci/run", "_config.yml"]
PICTURE = b"\x89PNG\r\n\x1a\n\x00 \n \r\n"


def git(folder: Path, *arguments: str) -> None:
    as_anyone = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "-C", folder, *as_anyone, *arguments], check=True)


def test_every_file_comes_as_it_went(tmp_path: Path) -> None:
    """The scripts can be read by `sh`, and pictures are not touched."""
    original, clone = tmp_path / "original", tmp_path / "clone"
    for name in (".gitattributes", *TEXTS):
        (original / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, original / name)
    (original / "picture.png").write_bytes(PICTURE)
    git(original, "init", "--quiet")
    git(original, "add", ".")
    git(original, "commit", "--quiet", "--message", "All")
    autocrlf = ["-c", "core.autocrlf=true"]
    git(tmp_path, "clone", "--quiet", *autocrlf, str(original), str(clone))
    for name in (*TEXTS, "picture.png"):
        assert (clone / name).read_bytes() == (original / name).read_bytes(), name
    assert b"\n" in (clone / "tools/setup.sh").read_bytes()
