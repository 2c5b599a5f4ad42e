"""What a clone makes of the project's files."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.tools.conftest import ROOT


def test_no_line_ends_as_windows_ends_them(tmp_path: Path) -> None:
    """Also where git is told to write such ends: a shell could not read the scripts."""
    clone = ["git", "clone", "--quiet", "--depth=1", "-c", "core.autocrlf=true"]
    subprocess.run([*clone, ROOT.as_uri(), str(tmp_path / "clone")], check=True)
    listed = subprocess.run(
        ["git", "ls-files", "--eol"],
        cwd=tmp_path / "clone",
        capture_output=True,
        text=True,
        check=True,
    )
    assert "w/lf" in listed.stdout
    assert "w/crlf" not in listed.stdout
