"""Do a race's jobs, one after another or on many workers, and keep each row.

How jobs are spread is joblib's: its own processes, or whatever backend is
registered with it, such as Dask's. A worker that is killed costs the jobs that
it had, and they are run again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

from tqdm import tqdm  # type: ignore[import-untyped]

from gradient_ascent.benchmarks.jobs import Job, do
from gradient_ascent.benchmarks.missing import extra
from gradient_ascent.benchmarks.plan import Plan
from gradient_ascent.benchmarks.runs import (
    Run,
    about,
    complete_part,
    header,
    read,
    row,
)

MOST_LOSSES = 3
"""How often in a row workers may die before anything more is done."""


def sweep(
    plans: Sequence[Plan],
    path: Path,
    stamp: Mapping[str, object],
    *,
    jobs: int | None = 1,
    tell: TextIO | None = None,
) -> list[Run]:
    """Run what is not in a file yet, and append it there row by row.

    Args:
        plans: what to run.
        path: the file. Where it is there already, the race goes on.
        stamp: where the rows are from: what the file begins with.
        jobs: how many processes; 1 for this one alone; None for as many as the
            `joblib.parallel_config` in force says.
        tell: where progress is shown, with the time that is left.

    Returns:
        All runs of the plans, in their order.

    Raises:
        ImportError: joblib is not installed, and jobs is not 1.
        RuntimeError: workers die again and again, and nothing gets done.
        ValueError: the file is of another race, or holds no runs.
    """
    done = {run.key: run for run in _begin(path, stamp)}
    wanted: list[Run] = []
    with (
        path.open("a", encoding="utf-8", newline="") as file,
        tqdm(
            total=sum(map(len, plans)), initial=len(done), unit="run",
            file=tell, disable=tell is None, mininterval=1, dynamic_ncols=True,
        ) as bar,
    ):  # fmt: skip
        for plan in plans:
            tuned: list[Run] = []
            for stage in range(2):
                asked = plan.second(tuned) if stage else plan.first()
                left = [job for job in asked if job.key not in done]
                for run in spread(left, jobs):
                    file.write(row(run))
                    file.flush()
                    done[run.key] = run
                    bar.update()
                tuned = [done[job.key] for job in asked]
                wanted += tuned
    return wanted


def spread(jobs: Sequence[Job], workers: int | None) -> Iterator[Run]:
    """Do jobs, and give the runs in the order of the jobs.

    Raises:
        ImportError: joblib is not installed, and workers is not 1.
        RuntimeError: workers die again and again, and nothing gets done.
    """
    if workers == 1:
        yield from map(do, jobs)
        return
    joblib = extra("joblib", "joblib", "a race on several workers")
    left, losses = list(jobs), 0
    while left:
        parallel = joblib.Parallel(n_jobs=workers, return_as="generator")
        try:
            for run in parallel(joblib.delayed(do)(job) for job in list(left)):
                left.pop(0)
                losses = 0
                yield run
        except BrokenExecutor as error:  # a worker was killed
            losses += 1
            if losses > MOST_LOSSES:
                raise RuntimeError(
                    f"workers died {losses} times before job {left[0].key}, "
                    "or one beside it, was done"
                ) from error


@contextmanager
def workers(
    count: int | None, backend: str | None, scheduler: str | None
) -> Iterator[int | None]:
    """Choose who does the jobs within the block.

    Args:
        count: of processes; None for 1 here, for all elsewhere.
        backend: a name that joblib knows; None for its own processes.
        scheduler: the address of a dask.distributed cluster.

    Yields:
        What `sweep` takes as `jobs`.

    Raises:
        ImportError: joblib, or distributed for a scheduler, is not installed.
        ValueError: a count of 0, or a backend that joblib does not know.
    """
    if count == 0:
        raise ValueError("jobs must be 1 or more, or -1 for one a core; got 0")
    with ExitStack() as stack:
        if scheduler is not None:
            distributed = extra("distributed", "distributed", "--scheduler")
            stack.enter_context(distributed.Client(scheduler))
            backend = backend or "dask"
        if backend is None:
            yield count or 1
            return
        joblib = extra("joblib", "joblib", "a race on several workers")
        chosen = joblib.parallel_config(backend=backend, n_jobs=count or -1)
        stack.enter_context(chosen)
        yield None


def _begin(path: Path, stamp: Mapping[str, object]) -> list[Run]:
    """The runs of a file, which is made if it is not there."""
    if not path.exists() or "\n" not in path.read_text(errors="replace"):
        path.write_text(header(stamp), encoding="utf-8", newline="")
        return []
    whole = complete_part(path)
    if len(whole.encode()) < path.stat().st_size:
        path.write_text(whole, encoding="utf-8", newline="")
        print(
            f"{path}: a last line that was cut off is left out", file=sys.stderr
        )
    was = about(path)
    for key in SAME:
        if was.get(key) != str(stamp[key]):
            raise ValueError(
                f"{path} is of another race: its {key} is {was.get(key)!r}, "
                f"here it is {stamp[key]!r}; give another file, or remove it"
            )
    return read(path)


SAME = ("version", "torch", "numpy", "plan")
"""What must be as it was for a race to go on."""
