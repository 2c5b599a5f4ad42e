"""`python -m gradient_ascent.exercises`: list, open, try, check, progress."""

import subprocess
import sys
from pathlib import Path

import pytest

from gradient_ascent.exercises import load, names
from gradient_ascent.exercises.__main__ import main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of one's own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_runs_as_a_program_without_torch(here: Path) -> None:
    """In a process of its own, where nothing but the standard library is to be had."""
    program = f"""
import runpy, sys
sys.path.insert(0, {str(ROOT)!r})
runpy.run_module("gradient_ascent.exercises", run_name="__main__")
"""
    command = [sys.executable, "-S", "-I", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in names())


def test_list_names_title_level_and_chapter(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    said = capsys.readouterr().out
    assert "Projection onto a ball (level 2, practice/constraints)" in said


def test_open_solve_and_check(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["open", "momentum"]) == 0
    assert "v ← μ v + g" in capsys.readouterr().out
    file = here / "momentum.py"
    assert main(["check", "momentum.py"]) == 1
    assert "Is it still to be written" in capsys.readouterr().out
    file.write_text(load("momentum").solution, encoding="utf-8")
    assert main(["check", "momentum.py"]) == 0
    said = capsys.readouterr().out
    assert said.endswith("Passed: 8 of 8 properties hold.\n")
    assert said.count("  ok  ") == 8


def test_open_never_overwrites(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "adam.py").write_text("mine")
    assert main(["open", "adam"]) == 2
    assert "adam.py is here already" in capsys.readouterr().err
    assert (here / "adam.py").read_text() == "mine"


def test_try_shows_output_and_the_line_of_an_error(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "adam.py").write_text("print('so far')\n1 / 0\n")
    assert main(["try", "adam.py"]) == 1
    said = capsys.readouterr()
    assert said.out == "so far\n"
    assert said.err == "Line 2: ZeroDivisionError: division by zero\n"
    (here / "adam.py").write_text("print('fine')\n")
    assert main(["try", "adam.py"]) == 0


def test_lines_are_those_of_the_readers_file(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["open", "ball"])
    text = (here / "ball.py").read_text(encoding="utf-8").replace("...", "lenght")
    (here / "ball.py").write_text(text, encoding="utf-8")
    assert main(["check", "ball.py"]) == 1
    line = 1 + text[: text.index("lenght")].count("\n")
    assert f"Line {line}: NameError" in capsys.readouterr().out


def test_progress_goes_through_the_folder(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "adam.py").write_text(load("adam").solution, encoding="utf-8")
    (here / "ball.py").write_text(load("ball").stub, encoding="utf-8")
    assert main(["progress"]) == 0
    lines = capsys.readouterr().out.splitlines()
    states = dict(line.split(maxsplit=1) for line in lines if line)
    assert (states["adam"], states["ball"], states["momentum"]) == (
        "solved",
        "not yet",
        "-",
    )
    assert lines[-1] == f"1 of {len(names())} solved in this folder."


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["open", "nonesuch"], "there is no exercise 'nonesuch'"),
        (["open", "../momentum"], "there is no exercise '../momentum'"),
        (
            ["check", "momentum"],
            "there is no file momentum; give the file: momentum.py",
        ),
        (["try", "momentum.py"], "there is no file momentum.py"),
        (["check", "mine.py"], "there is no exercise 'mine'"),
        (["check", "adam.py"], "adam.py is no text in UTF-8"),
    ],
)
def test_bad_input_is_answered_in_a_sentence(
    here: Path, words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "mine.py").write_text("")
    (here / "adam.py").write_bytes(b"\xff\xfe\x00")
    assert main(words) == 2
    assert f"error: {complaint}" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["bogus"], ["open"], ["list", "more"]])
def test_a_wrong_command_shows_the_usage(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: python -m gradient_ascent.exercises" in capsys.readouterr().err


def python(
    folder: Path, *words: str, encoding: str = "utf-8"
) -> subprocess.CompletedProcess[bytes]:
    """Run Python in a process of its own, on a console of this encoding."""
    environment = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding}
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True
    )


def program(
    folder: Path, *words: str, encoding: str = "utf-8"
) -> subprocess.CompletedProcess[bytes]:
    """Run the exercises' program."""
    module = "gradient_ascent.exercises"
    return python(folder, "-m", module, *words, encoding=encoding)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "utf-8"])
def test_any_console_shows_every_exercise(here: Path, encoding: str) -> None:
    """No sign is lost, and the same file is written on each, at the second time too."""
    opened = [f"assert main(['open', {name!r}]) == 0" for name in 2 * names()]
    lines = ["from gradient_ascent.exercises.__main__ import main", *opened]
    done = python(here, "-c", "\n".join(lines), encoding=encoding)
    assert done.returncode == 0, done.stderr
    asked = "".join(load(name).title + load(name).statement for name in 2 * names())
    assert done.stdout.decode(encoding).count("?") == asked.count("?")
    for name in names():
        assert (here / f"{name}.py").read_text("utf-8") == load(name).file


def test_a_narrow_console_spells_what_it_lacks(here: Path) -> None:
    said = program(here, "open", "adam", encoding="ascii").stdout.decode("ascii")
    assert "v <- beta_2 v + (1 - beta_2) g^2\n" in said
    assert "m_hat = m / (1 - beta_1^t)\n" in said
    assert "theta <- theta - eta m_hat / (sqrt v_hat + epsilon)\n" in said


@pytest.mark.parametrize("command", ["check", "try"])
def test_a_file_with_a_byte_order_mark_is_read(here: Path, command: str) -> None:
    text = b"\xef\xbb\xbf" + load("adam").solution.encode()
    (here / "adam.py").write_bytes(text)
    assert main([command, "adam.py"]) == 0


def test_try_says_that_nothing_was_printed(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "adam.py").write_text("x = 1\n")
    assert main(["try", "adam.py"]) == 0
    assert capsys.readouterr().out == "It ran, and printed nothing.\n"


def test_the_solution_is_shown_and_solves(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["solution", "ball"]) == 0
    (here / "ball.py").write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["check", "ball.py"]) == 0
