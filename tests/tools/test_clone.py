"""What a clone makes of the project's files."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.tools.conftest import ROOT

OWN = ("user.name=Nobody", "user.email=nobody@example.org", "commit.gpgsign=false")


def git(*arguments: str | Path, of: Path = ROOT) -> str:
    """Run git as a user who has set nothing that matters here."""
    settings = [word for setting in OWN for word in ("-c", setting)]
    command = ["git", "-C", of, *settings, *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


@pytest.fixture()
def repository(tmp_path: Path) -> Path:
    """A repository of the project's files, which are here without one in an archive."""
    made = tmp_path / "made"
    git("init", "--quiet", made)
    git(f"--git-dir={made / '.git'}", f"--work-tree={ROOT}", "add", "--all")
    git("commit", "--quiet", "--message=All", of=made)
    return made


def test_no_line_ends_as_windows_ends_them(repository: Path, tmp_path: Path) -> None:
    """Also where git is told to write such ends: a shell could not read the scripts."""
    clone = tmp_path / "clone"
    git("clone", "--quiet", "-c", "core.autocrlf=true", repository.as_uri(), clone)
    listed = git("ls-files", "--eol", of=clone)
    assert "w/lf" in listed
    assert "w/crlf" not in listed
    assert (clone / "tools" / "setup.sh").read_bytes().startswith(b"#!")
