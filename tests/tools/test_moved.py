"""The programs of an installation that was moved run in the new place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools import moved

SAYS_WHERE = "import sys\nprint(sys.prefix)\n"
LONG = "#!/bin/sh\n'''exec' \"{}\" \"$0\" \"$@\"\n' '''\n"


@pytest.mark.parametrize("first", ["#!{}\n", LONG])
@pytest.mark.parametrize("name", ["moved", "moved to a folder with spaces, für uns"])
def test_a_moved_environment_is_mended(tmp_path: Path, first: str, name: str) -> None:
    old, new = tmp_path / "old" / ".venv", tmp_path / name / ".venv"
    make = [sys.executable, "-m", "venv", "--without-pip", str(old)]
    subprocess.run(make, check=True)
    for program in ("pip", "tool"):
        text = first.format(old / "bin" / "python") + SAYS_WHERE
        (old / "bin" / program).write_text(text)
        (old / "bin" / program).chmod(0o755)
    (old / "bin" / "binary").write_bytes(b"\x7fELF\xff")
    assert not moved.has_moved(old)

    old.parent.rename(new.parent)
    assert moved.has_moved(new)
    moved.mend(new)
    assert not moved.has_moved(new)
    done = subprocess.run([new / "bin" / "tool"], capture_output=True, text=True)
    assert done.stdout == f"{new}\n", done.stderr
    assert (new / "bin" / "binary").read_bytes() == b"\x7fELF\xff"


def test_a_copy_does_not_run_the_original(tmp_path: Path) -> None:
    for folder in ("original", "copy"):
        (tmp_path / folder / "bin").mkdir(parents=True)
        pip = tmp_path / folder / "bin" / "pip"
        pip.write_text(f"#!{tmp_path}/original/bin/python3.11\n{SAYS_WHERE}")
    assert not moved.has_moved(tmp_path / "original")
    assert moved.has_moved(tmp_path / "copy")


def test_where_nothing_is_installed_nothing_has_moved(tmp_path: Path) -> None:
    assert not moved.has_moved(tmp_path / ".venv")
