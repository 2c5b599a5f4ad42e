"""`python -m gradient_ascent.benchmarks`, killed and started again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gradient_ascent.benchmarks.__main__ import main
from gradient_ascent.benchmarks.entrants import ENTRANTS
from gradient_ascent.benchmarks.problems import PROBLEMS
from gradient_ascent.benchmarks.runs import Run, about, read
from tests.benchmarks.test_sweep import same

FEW = ["--problem", "ravine", "--optimizer", "SGD", "--optimizer", "Adam"]
FULL = ["--full", *FEW]


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    """Start a race in a process of its own, which hears Ctrl-C as at a terminal.

    What a shell runs in the background ignores it, and so do its children.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "gradient_ascent.benchmarks", "run", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def rows(path: Path) -> int:
    """How many lines a file has so far."""
    return path.read_text().count("\n") if path.exists() else 0


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    """The whole race, in one go."""
    path = tmp_path_factory.mktemp("undisturbed") / "a.csv"
    assert main(["run", *FULL, "--out", str(path)]) == 0
    return same(read(path))


@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGINT], ids=lambda s: s.name)
def test_a_race_that_is_killed_goes_on(
    tmp_path: Path, kill: signal.Signals, undisturbed: list[Run]
) -> None:
    path, total = tmp_path / "benchmarks-full.csv", 56
    race = start(tmp_path, *FULL)
    while rows(path) < 18 and race.poll() is None:
        time.sleep(0.01)
    race.send_signal(kill)
    _, said = race.communicate()
    assert race.returncode != 0, "it was done before it could be killed"
    assert ("the same command goes on" in said) == (kill == signal.SIGINT)
    kept = read(path)
    assert 0 < len(kept) < total
    again = start(tmp_path, *FULL)
    told, said = again.communicate()
    assert again.returncode == 0, said
    assert f"{total} runs, of which" in told
    whole = read(path)
    assert whole[: len(kept)] == kept  # not run again: their seconds are the same
    assert len({run.key for run in whole}) == len(whole) == total
    assert same(whole) == undisturbed


def test_list_shows_every_problem_and_optimizer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["list"]) == 0
    shown = capsys.readouterr().out
    for name in [*PROBLEMS, *ENTRANTS]:
        assert f"\n{name} " in f"\n{shown}"
    assert "lr in [0.0001, 10], momentum in 1 - [0.001, 1]" in shown


def test_a_file_says_where_it_is_from_and_how_to_make_it_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.csv"
    assert main(["run", *FEW, "--out", str(path)]) == 0
    assert "s/run" in (said := capsys.readouterr().err) or "run/s" in said
    told = about(path)
    assert told["command"].endswith(
        "benchmarks run --quick --problem ravine --optimizer SGD --optimizer Adam"
    )
    assert told["seeds"] == "tuning 0 to 0, report 1000 to 1009"
    assert {"version", "python", "torch", "numpy", "machine", "date"} <= told.keys()


def test_ones_own_optimizer_races_against_those_that_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    own = "torch.optim:NAdam"
    words = ["--problem", "ravine", "--optimizer", own, "--optimizer", "SGD"]
    assert main(["run", *words, "--out", str(path)]) == 0
    assert {run.optimizer for run in read(path)} == {"SGD", own}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "--problem", "hill"], "there is no problem 'hill'"),
        (["run", "--optimizer", "nesterov"], "did you mean Nesterov?"),
        (["run", "--optimizer", "a.b:C"], "optimizer 'a.b:C' cannot be had"),
        (["run", "--jobs", "0"], "jobs must be 1 or more"),
        (["run", *FEW, "--jobs", "2", "--backend", "slurm"], "slurm"),
        (["table", "nowhere.csv"], "No such file"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ") and said in error
    assert not list(tmp_path.iterdir())


def test_an_unknown_option_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", "--fast"])
    assert ended.value.code == 2
    assert "unrecognized arguments: --fast" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("blocked", "words", "package"),
    [
        ("sklearn.datasets", [*FEW, "--problem", "digits"], "scikit-learn"),
        ("joblib", [*FEW, "--jobs", "2"], "joblib"),
    ],
)
def test_what_is_not_installed_is_told_with_its_extra(
    blocked: str,
    words: list[str],
    package: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from gradient_ascent.benchmarks import data_problems

    data_problems.digits.cache_clear()
    monkeypatch.setitem(sys.modules, blocked, None)
    assert main(["run", *words, "--out", str(tmp_path / "a.csv")]) == 2
    error = capsys.readouterr().err
    assert f"needs {package}, which is not installed" in error
    assert 'pip install "gradient-ascent-book[benchmarks]"' in error


def test_the_import_brings_torch_and_numpy_and_no_more() -> None:
    program = (
        "import sys\n"
        "for name in ('joblib', 'sklearn', 'scipy', 'matplotlib', 'distributed'):\n"
        "    sys.modules[name] = None\n"
        "from gradient_ascent import benchmarks\n"
        "assert benchmarks.PROBLEMS and benchmarks.ENTRANTS\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
