"""Setting up installs what is needed, once, and says in a sentence why it cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.tools.conftest import ROOT
from tools import console, setup

NO_ROUTE = """\
WARNING: Retrying after connection broken by 'NewConnectionError(...)': /alabaster/
ERROR: No matching distribution found for alabaster==0.7.16
"""
NO_VERSION = """\
ERROR: Could not find a version that satisfies the requirement nothing==1
ERROR: No matching distribution found for nothing==1
"""
BAD_PACKAGE = """\
npm error code EINTEGRITY
npm error Integrity checksum failed
npm error A complete log of this run can be found in: somewhere
"""


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Set up an empty project where commands are noted and not run."""
    noted: list[list[str]] = []

    def note(command: list[str], purpose: str, how_far: object = None) -> None:
        noted.append(command)
        npm = tmp_path / ".venv" / "bin" / "npm"
        npm.parent.mkdir(parents=True, exist_ok=True)
        npm.touch()
        (tmp_path / "web" / "node_modules").mkdir(exist_ok=True)

    for name in ("requirements.lock", "pyproject.toml", "web/package-lock.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "PYTHON", str(tmp_path / ".venv" / "bin" / "python"))
    monkeypatch.setattr(setup, "PYTHON_STAMP", tmp_path / ".venv" / "stamp")
    monkeypatch.setattr(setup, "NODE_STAMP", tmp_path / "web/node_modules/stamp")
    monkeypatch.setattr(setup, "run", note)
    return noted


def test_the_second_setup_runs_nothing(commands: list[list[str]]) -> None:
    setup.main()
    assert [command[2] for command in commands[:3]] == ["venv", "pip", "pip"]
    assert commands[3][1] == "ci"
    commands.clear()
    setup.main()
    assert commands == []


@pytest.mark.parametrize(
    ("changed", "program"),
    [
        ("requirements.lock", "pip"),
        ("pyproject.toml", "pip"),
        ("web/package-lock.json", "npm"),
    ],
)
def test_a_changed_lock_is_installed(
    commands: list[list[str]],
    changed: str,
    program: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    setup.main()
    commands.clear()
    with (setup.ROOT / changed).open("a") as file:
        file.write("\n")
    monkeypatch.setattr(setup, "usable", lambda: True)
    setup.main()
    assert commands and all(program in " ".join(command[:3]) for command in commands)


def test_an_interrupted_setup_says_so_and_is_taken_up_again(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(command: list[str], *_: object) -> None:
        raise KeyboardInterrupt

    told = "error: interrupted; the next `make` takes the installation up again"
    with monkeypatch.context() as patch, pytest.raises(SystemExit, match=told):
        patch.setattr(setup, "run", stop)
        setup.main()
    setup.main()
    assert commands


def test_an_interrupt_ends_the_installer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    pid = tmp_path / "pid"

    def stop(output: str) -> str:
        if pid.exists() and pid.read_text():
            raise KeyboardInterrupt
        return ""

    with pytest.raises(KeyboardInterrupt):
        setup.run(["sh", "-c", f"echo $$ > '{pid}'; exec sleep 600"], "wait", stop)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_a_missing_lock_is_named(commands: list[list[str]]) -> None:
    (setup.ROOT / "web" / "package-lock.json").unlink()
    with pytest.raises(SystemExit, match=r"error: web/package-lock\.json is"):
        setup.main()


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (NO_ROUTE, "the package index cannot be reached; is there a network?"),
        ("npm error code ECONNREFUSED\n", "the package index cannot be reached"),
        (NO_VERSION, "the requirement nothing==1"),
        (BAD_PACKAGE, "Integrity checksum failed"),
        ("Error: ... because ensurepip is not\navailable.", "no ensurepip"),
        ("only this\n", "only this"),
        ("", "it did not say why"),
    ],
)
def test_the_reason_of_a_failure(output: str, said: str) -> None:
    reason = setup.reason(output)
    assert said in reason
    assert "\n" not in reason


def test_a_failing_command_is_one_sentence_and_a_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match=r"^error: cannot try it: no such luck \(all"):
        setup.run(["sh", "-c", "echo 'ERROR: no such luck'; exit 1"], "try it")
    assert "no such luck" in (tmp_path / "_build" / "setup.log").read_text()


COLLECTED = """\
Collecting numpy==2.4.6 (from -r requirements.lock (line 3))
  Downloading numpy-2.4.6.whl (16.9 MB)
Collecting typing-extensions==4.16.0 (from -r requirements.lock (line 4))
"""
INSTALLING = f"{COLLECTED}Installing collected packages: numpy, typing-extensions\n"


def test_how_far_the_packages_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "VENV", tmp_path)
    there = tmp_path / "lib" / "python3.12" / "site-packages"
    (there / "numpy_of_another-1.0.dist-info").mkdir(parents=True)
    assert setup.python_packages("") == "fetching"
    fetching = "fetching typing-extensions, package 2"
    assert setup.python_packages(COLLECTED) == fetching
    assert setup.python_packages(INSTALLING) == "installing: 0 of 2 are there"
    (there / "typing_extensions-4.16.0.dist-info").mkdir()
    assert setup.python_packages(INSTALLING) == "installing: 1 of 2 are there"


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_one_line_or_one_now_and_then(
    terminal: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter([0, 1, 11, 11, 12])
    monkeypatch.setattr("time.monotonic", lambda: next(clock, 12))
    progress = console.Progress()
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal, raising=False)
    for text in ("1 of 9", "2 of 9", "2 of 9"):
        progress.show(text)
    progress.clear()
    said = capsys.readouterr().out
    if terminal:
        assert said.split("\r          ")[1:] == [
            "1 of 9\x1b[K",
            "2 of 9\x1b[K\r\x1b[K",
        ]
    else:
        assert said == "          2 of 9\n"


def test_a_home_that_cannot_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "npm_config_cache" not in setup.environment()
    monkeypatch.setenv("HOME", "/nowhere")
    assert "/_build/" in setup.environment()["npm_config_cache"]


def run_script(bin_: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script that finds a Python, where only some commands exist."""
    shell = shutil.which("sh")
    (bin_ / "head").symlink_to(shutil.which("head") or "")
    (bin_ / "project").mkdir()
    return subprocess.run(
        [shell, ROOT / "tools" / "setup.sh", *arguments],
        cwd=bin_ / "project",
        env={"PATH": str(bin_)},
        capture_output=True,
        text=True,
    )


def old_python(path: Path) -> None:
    """Make a command that answers as an old Python does."""
    path.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.18 || exit 1\n')
    path.chmod(0o755)


def test_no_python(tmp_path: Path) -> None:
    done = run_script(tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert (
        "the book needs Python 3.11, 3.12 or 3.13, and here there is no Python"
        in done.stderr
    )


@pytest.mark.parametrize("given", [False, True])
def test_a_python_that_does_not_fit(tmp_path: Path, given: bool) -> None:
    old_python(tmp_path / "python3")
    done = run_script(tmp_path, *["python3"] * given)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("error: the book needs Python 3.11, 3.12 or 3.13")
    assert "python3 is Python 3.9.18" in done.stderr.replace("PYTHON=", "")


def test_a_python_that_is_not_there(tmp_path: Path) -> None:
    done = run_script(tmp_path, "python4")
    assert (done.returncode, done.stderr) == (
        1,
        "error: PYTHON=python4 is not a command.\n",
    )


def test_the_first_python_that_fits_is_taken(tmp_path: Path) -> None:
    old_python(tmp_path / "python3")
    new = tmp_path / "python3.12"
    new.write_text('#!/bin/sh\n[ "$1" = -m ] && echo "taken: $*"\nexit 0\n')
    new.chmod(0o755)
    assert run_script(tmp_path).stdout == "taken: -m tools.setup\n"
