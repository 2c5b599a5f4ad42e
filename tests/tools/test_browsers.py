"""The browsers: found, got, or missed in one sentence; what was not run is counted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.conftest import ROOT
from tools import browsers
from tools.browser import first_to_answer
from tools.browsers import Browser

ANSWERS = "#!/bin/sh\necho lynx 2.9\n"


def script(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system of few commands, where a password is asked of nobody, and no CI."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for command in ("sh", "env", "sleep", "cp", "true", "false"):
        (folder / command).symlink_to(str(shutil.which(command)))
    script(folder / "sudo", '#!/bin/sh\nshift\nexec "$@"\n')
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(browsers, "LOG", tmp_path / "built" / "browsers.log")
    return folder


def lynx(download: tuple[str, ...], *packages: str) -> Browser:
    """A browser that this machine's own cannot be taken for."""

    def find() -> str:
        found = first_to_answer("lynx")
        if not found:
            raise FileNotFoundError
        return found

    return Browser("Lynx", find, download, packages)


def get(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsers, "BROWSERS", (browser,))
    browsers.main()


def test_one_that_cannot_start_is_passed_over(tmp_path: Path) -> None:
    """It may lack a library, or be a stub that says which package to install."""
    stub = script(tmp_path / "stub", "#!/bin/sh\nexit 127\n")
    works = script(tmp_path / "works", ANSWERS)
    assert first_to_answer("no-such-command", stub, works) == works
    assert first_to_answer("no-such-command", stub) is None


def test_what_the_system_has_is_enough(
    system: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script(system / "lynx", ANSWERS)
    get(lynx(("no-such-command",), "lynx"), monkeypatch)
    assert capsys.readouterr().out == ""
    assert browsers.LOG.read_text() == ""


def test_a_download_comes_before_a_package(
    system: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = script(system / "source", ANSWERS)
    script(system / "apt-get", "#!/bin/sh\nexit 1\n")
    get(lynx(("cp", source, str(system / "lynx")), "lynx"), monkeypatch)
    assert "downloading Lynx" in capsys.readouterr().out


def test_where_nothing_can_be_downloaded_a_package_is_installed(
    system: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first that the system knows."""
    script(system / "source", ANSWERS)
    knows_one = f"""case "$*" in
        *update) ;;
        *" lynx-gtk") cp {system}/source {system}/lynx ;;
        *) exit 100 ;;
    esac"""
    script(system / "apt-get", f"#!/bin/sh\necho apt-get $*\n{knows_one}\n")
    get(lynx(("false",), "lynx-esr", "lynx-gtk"), monkeypatch)
    assert "installing Lynx" in capsys.readouterr().out
    assert browsers.LOG.read_text().split("apt-get --quiet")[1:] == [
        " update\n",
        " install --yes lynx-esr\n",
        " install --yes lynx-gtk\n",
    ]


def test_nobody_is_asked_for_a_password(
    system: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    script(system / "sudo", '#!/bin/sh\n[ "$1" = --non-interactive ]\nexit 1\n')
    script(system / "apt-get", "#!/bin/sh\necho installed\n")
    get(lynx(("false",), "lynx"), monkeypatch)
    said = capsys.readouterr().out
    assert "Lynx cannot be had here" in said
    assert "Tests that need it are left out." in said
    assert "installed" not in browsers.LOG.read_text()


def test_under_ci_a_missing_browser_is_an_error(
    system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SystemExit, match=r"^error: Lynx cannot be had here"):
        get(lynx(("no-such-command",), "lynx"), monkeypatch)
    assert "no-such-command" in browsers.LOG.read_text()


def test_what_does_not_end_is_ended(
    system: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With whatever it has started."""
    monkeypatch.setattr(browsers, "PATIENCE", 0.1)
    stuck = lynx(("sh", "-c", "sleep 10000 & wait"))
    get(stuck, monkeypatch)


LEFT_OUT = """
import pytest

def test_runs():
    pass

@pytest.mark.parametrize("each", range(3))
def test_has_no_browser(each):
    pytest.skip("there is no Lynx here")

@pytest.mark.skip("another day")
def test_never():
    pass
"""


@pytest.mark.parametrize("workers", [[], ["-n1"]])
def test_the_last_line_counts_what_was_not_run(
    tmp_path: Path, workers: list[str]
) -> None:
    (tmp_path / "test_some.py").write_text(LEFT_OUT)
    command = [sys.executable, "-m", "pytest", "-p", "tests.left_out", *workers]
    done = subprocess.run(
        [*command, f"--rootdir={tmp_path}", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    told = "Not run: 3 (there is no Lynx here); 1 (another day)."
    assert done.stdout.splitlines()[-1] == told


def test_where_all_were_run_nothing_is_added(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text("def test_runs():\n    pass\n")
    command = [sys.executable, "-m", "pytest", "-p", "tests.left_out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert "1 passed" in done.stdout.splitlines()[-1]
