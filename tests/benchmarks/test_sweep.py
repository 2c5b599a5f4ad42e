"""A race goes on where it was stopped, and gives the same rows wherever it runs."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from gradient_ascent.benchmarks.plan import Plan
from gradient_ascent.benchmarks.runs import Run, read
from gradient_ascent.benchmarks.stamp import stamp
from gradient_ascent.benchmarks.sweep import spread, sweep, workers

PLAN = Plan(("ravine",), ("SGD", "Adam"), 2, 1, 10, most_steps=5)
ABOUT = stamp([PLAN], "a test")


class Deadly(torch.optim.SGD):
    """The first worker that steps it is killed."""

    def step(self, closure=None):
        """Step, or die."""
        flag = Path(os.environ["DEADLY_FLAG"])
        if os.getpid() != int(os.environ["DEADLY_SPARES"]) and not flag.exists():
            flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().step(closure)


@pytest.fixture(scope="module", autouse=True)
def flag(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What the workers know from their start: the flag, and whom to spare."""
    path = tmp_path_factory.mktemp("deadly") / "died"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEADLY_FLAG", str(path))
        patch.setenv("DEADLY_SPARES", str(os.getpid()))
        yield path


def same(runs: Sequence[Run]) -> list[Run]:
    """Runs without what no other run has: their seconds."""
    return [replace(run, seconds=0) for run in runs]


def test_rows_are_those_of_the_plan_in_its_order(tmp_path: Path) -> None:
    runs = sweep([PLAN], tmp_path / "a.csv", ABOUT)
    assert len(runs) == len(PLAN) == len({run.key for run in runs})
    assert [run.key for run in read(tmp_path / "a.csv")] == [r.key for r in runs]
    reported = {run.optimizer: run for run in runs if run.role == "report"}
    tuned = {r.optimizer: r.settings for r in runs if r.trial == reported["SGD"].trial}
    assert reported["SGD"].settings == tuned["SGD"]


@pytest.mark.parametrize("kept", [0, 1, 7, 20, 43])
def test_a_race_goes_on_and_does_nothing_twice(
    tmp_path: Path, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = sweep([PLAN], tmp_path / "a.csv", ABOUT)
    lines = (tmp_path / "a.csv").read_text().splitlines(keepends=True)
    top = len(lines) - len(whole)
    cut = tmp_path / "b.csv"
    cut.write_text("".join(lines[: top + kept]) + lines[top + kept][:15])
    module = sys.modules["gradient_ascent.benchmarks.sweep"]
    done, do = [], module.do
    monkeypatch.setattr(module, "do", lambda job: done.append(job) or do(job))
    again = sweep([PLAN], cut, ABOUT)
    assert len(done) == len(whole) - kept
    assert [run.key for run in again] == [run.key for run in whole]
    for mine, other in zip(read(cut), read(tmp_path / "a.csv")):
        assert same([mine]) == same([other])


def test_the_row_that_was_cut_off_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.csv"
    sweep([PLAN], path, ABOUT)
    path.write_bytes(path.read_bytes()[:-9])
    sweep([PLAN], path, ABOUT)
    assert "a last line that was cut off is left out" in capsys.readouterr().err


def test_the_file_of_another_race_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    sweep([PLAN], path, ABOUT)
    before, other = path.read_bytes(), replace(PLAN, most_steps=6)
    with pytest.raises(ValueError, match="is of another race: its plan is"):
        sweep([other], path, stamp([other], "a test"))
    assert path.read_bytes() == before


def test_threads_are_as_before() -> None:
    threads = torch.get_num_threads()
    list(spread(PLAN.first()[:2], 1))
    assert torch.get_num_threads() == threads


def test_the_rows_do_not_depend_on_the_number_of_workers(tmp_path: Path) -> None:
    alone = sweep([PLAN], tmp_path / "a.csv", ABOUT)
    two = sweep([PLAN], tmp_path / "b.csv", ABOUT, jobs=2)
    assert same(alone) == same(two)


def test_the_jobs_of_a_killed_worker_are_run_again(flag: Path) -> None:
    plan = replace(PLAN, optimizers=(f"{__name__}:Deadly",), trials=0)
    here = list(spread(plan.first(), 1))
    assert not flag.exists()
    there = list(spread(plan.first(), 2))
    assert flag.exists()
    assert same(there) == same(here)


def test_workers_that_die_again_and_again_end_the_race(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import joblib
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    class Dead:
        def __init__(self, **_: object) -> None: ...

        def __call__(self, _: object) -> list[Run]:
            raise TerminatedWorkerError("killed")

    monkeypatch.setattr(joblib, "Parallel", Dead)
    with pytest.raises(RuntimeError, match="workers died 4 times before job"):
        list(spread(PLAN.first(), 2))


def test_a_dask_cluster_takes_the_jobs(tmp_path: Path) -> None:
    from distributed import LocalCluster

    alone = sweep([PLAN], tmp_path / "a.csv", ABOUT)
    with (
        LocalCluster(
            n_workers=1, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        workers(None, None, cluster.scheduler_address) as jobs,
    ):
        there = sweep([PLAN], tmp_path / "b.csv", ABOUT, jobs=jobs)
    assert same(there) == same(alone)


def test_what_cannot_spread_is_told() -> None:
    with pytest.raises(ValueError, match="jobs must be 1 or more, or -1"):
        workers(0, None, None).__enter__()
    with pytest.raises(ValueError, match="no-such"):
        workers(2, "no-such", None).__enter__()
