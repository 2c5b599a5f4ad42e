"""The race on the command line: `python -m gradient_ascent.benchmarks`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from gradient_ascent.benchmarks import as_run
from gradient_ascent.benchmarks.entrants import ENTRANTS, OTHERS
from gradient_ascent.benchmarks.plan import FULL, QUICK, TEN, Plan
from gradient_ascent.benchmarks.problems import PROBLEMS
from gradient_ascent.benchmarks.runs import Run, read
from gradient_ascent.benchmarks.stamp import stamp
from gradient_ascent.benchmarks.sweep import sweep

PROGRAM = "python -m gradient_ascent.benchmarks"
SIZES = {"quick": QUICK, "full": FULL, "ten": TEN}
COMMANDS = ("list", "run", "table", "plot", "seed")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks.

    Args:
        arguments: the words after the program's name; by default the process's.

    Returns:
        0 if all is well, 1 if it was interrupted, 2 if the words are wrong.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    asked = _parser().parse_args(words)
    try:
        return int(asked.do(asked))
    except KeyboardInterrupt:
        print("\nstopped; the same command goes on from here", file=sys.stderr)
        return 1
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="A race of optimizers. Without a command: run and print "
        "the tables.",
    )
    _add_race(parser)
    parser.set_defaults(do=_race)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, do, text in (
        ("list", _list, "show problems and optimizers, with what is searched"),
        ("run", _run, "run, or go on where a run was stopped"),
        ("table", _table, "print the tables of a file of results"),
        ("plot", _plot, "draw the curves of a file of results"),
        ("seed", _seed, "run the seed's ten benchmarks as the seed ran them"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(do=do)
        if name == "run":
            _add_race(command)
        if name in ("table", "plot"):
            command.add_argument(
                "results", type=Path, nargs="?", default=committed("full"),
                help="a file that `run` made; by default the committed one",
            )  # fmt: skip
            command.add_argument("--problem", help="only this one")
        if name == "plot":
            command.add_argument(
                "--out", type=Path, default=Path("benchmarks.svg"),
                help="the picture; its ending says which kind",
            )  # fmt: skip
    return parser


def _add_race(parser: argparse.ArgumentParser) -> None:
    sizes = parser.add_mutually_exclusive_group()
    for size, text in (
        ("quick", "4 problems, inside half a minute (the default)"),
        ("full", "9 problems, about 20 minutes on one core"),
        ("ten", "the seed's ten problems, repaired, untuned"),
    ):
        sizes.add_argument(
            f"--{size}", action="store_const", const=size, dest="size",
            default="quick", help=text,
        )  # fmt: skip
    add = parser.add_argument
    add("--problem", action="append", metavar="NAME", help="only this one; "
        "may be given again")  # fmt: skip
    add("--optimizer", action="append", metavar="NAME", help="only this one, "
        "or one of yours beside the others: package.module:Class; may be "
        "given again")  # fmt: skip
    add("--jobs", type=int, default=1, metavar="N", help="processes (joblib's "
        "`n_jobs`: -1 is one a core); by default 1")  # fmt: skip
    add("--backend", metavar="NAME", help="how joblib spreads them; dask takes "
        "the cluster at --scheduler")  # fmt: skip
    add("--scheduler", metavar="ADDRESS", help="of a dask.distributed cluster")
    add("--out", type=Path, metavar="FILE", help="where the results are kept; "
        "by default benchmarks-SIZE.csv here")  # fmt: skip


def committed(size: str) -> Path:
    """The file of results that the package comes with."""
    here = files("gradient_ascent.benchmarks") / "results" / f"{size}.csv"
    return Path(str(here))


def plans(asked: argparse.Namespace) -> list[Plan]:
    """What is to be run: a size, and what is asked for of it."""
    given = asked.optimizer or []
    known = [name for name in given if name in {**ENTRANTS, **OTHERS}]
    chosen = []
    for plan in SIZES[asked.size]:
        # One of the reader's own races against the others, unless some are
        # named beside it.
        others = known if known else [*plan.optimizers]
        own = [name for name in given if name not in known]
        chosen.append(
            Plan(
                tuple(asked.problem or plan.problems),
                tuple(dict.fromkeys([*others, *own])),
                plan.trials, plan.tuning_seeds, plan.report_seeds,
                plan.most_steps,
            )  # fmt: skip
        )
    return chosen


def command(asked: argparse.Namespace) -> str:
    """The words that regenerate what is asked, whatever spreads it."""
    words = [PROGRAM, "run", f"--{asked.size}"]
    for name in ("problem", "optimizer"):
        words += [f"--{name} {each}" for each in getattr(asked, name) or []]
    return " ".join(words)


def _done(asked: argparse.Namespace) -> list[Run]:
    wanted = plans(asked)
    path = asked.out or Path(f"benchmarks-{asked.size}.csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    about = stamp(wanted, command(asked))
    with workers(asked.backend, asked.jobs, asked.scheduler) as count:
        runs = sweep(wanted, path, about, jobs=count, tell=sys.stderr)
    failed = sum(run.failed for run in runs)
    print(f"{len(runs)} runs, {failed} of them failed, in {path}")
    return runs


def _run(asked: argparse.Namespace) -> int:
    _done(asked)
    return 0


def _race(asked: argparse.Namespace) -> int:
    show(_done(asked), None)
    return 0


def _list(asked: argparse.Namespace) -> int:
    for each in PROBLEMS.values():
        print(f"{each.name:17} {each.title}")
        print(f"{'':17} random: {each.random}")
        print(f"{'':17} {each.steps} evaluations to a gap of {each.target:g};"
              f" optimum: {each.source}")  # fmt: skip
    print()
    for name, entrant in {**ENTRANTS, **OTHERS}.items():
        told = ", ".join(f"{k} in {v}" for k, v in entrant.space.items())
        print(f"{name:17} {told}")
    return 0


def show(runs: Sequence[Run], problem: str | None) -> None:
    """Print the tables of some runs."""
    from gradient_ascent.benchmarks import tables

    if any(run.role == "report" for run in runs):
        print(tables.overall(runs), tables.all_problems(runs), sep="\n\n")


def _table(asked: argparse.Namespace) -> int:
    show(read(asked.results), asked.problem)
    return 0


def _plot(asked: argparse.Namespace) -> int:
    return 0


def _seed(asked: argparse.Namespace) -> int:
    print(as_run.table(seeds=range(3)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
