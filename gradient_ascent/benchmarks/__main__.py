"""The race on the command line: `python -m gradient_ascent.benchmarks`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from gradient_ascent.benchmarks import seed_as_run, showing
from gradient_ascent.benchmarks.entrants import ENTRANTS, OTHERS
from gradient_ascent.benchmarks.plan import FULL, QUICK, TEN, Plan
from gradient_ascent.benchmarks.problems import PROBLEMS
from gradient_ascent.benchmarks.runs import Run, read
from gradient_ascent.benchmarks.stamp import stamp
from gradient_ascent.benchmarks.sweep import sweep, workers

PROGRAM = "python -m gradient_ascent.benchmarks"
SIZES = {"quick": QUICK, "full": FULL, "ten": TEN}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks.

    Args:
        arguments: the words after the program's name; by default the process's.

    Returns:
        0 if all is well, 1 if it was interrupted, 2 if the words are wrong.
    """
    asked = _parser().parse_args(arguments)
    try:
        asked.do(asked)
    except KeyboardInterrupt:
        print("\nstopped; the same command goes on from here", file=sys.stderr)
        return 1
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog=PROGRAM,
        description="A race of optimizers. Without a command: run, and print "
        "the tables.",
    )
    _add_race(parser)
    parser.set_defaults(do=_race)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, do, text in (
        ("list", _list, "show problems and optimizers, with what is searched"),
        ("run", _run, "run, or go on where a run was stopped"),
        ("table", _table, "print the tables of a file of results"),
        ("plot", _plot, "draw a problem's curves from a file of results"),
        ("seed", _seed, "run the ten published benchmarks as they were run"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(do=do)
        if name == "run":
            _add_race(command)
        if name in ("table", "plot"):
            command.add_argument(
                "results", type=Path, nargs="?",
                default=Path(__file__).with_name("results") / "full.csv",
                help="a file that `run` made; by default that of the full race "
                "which the package brings",
            )  # fmt: skip
            command.add_argument("--problem", help="this one alone")
        if name == "plot":
            command.add_argument(
                "--out", type=Path, default=Path("benchmarks.svg"),
                help="the picture; its ending says of which kind",
            )  # fmt: skip
    return parser


def _add_race(parser: ArgumentParser) -> None:
    sizes = parser.add_mutually_exclusive_group()
    for size, text in (
        ("quick", "3 problems, within half a minute (the default)"),
        ("full", "8 problems, some 20 minutes on one core"),
        ("ten", "the ten published problems, repaired, nothing tuned"),
    ):
        sizes.add_argument(
            f"--{size}", action="store_const", const=size, dest="size",
            default="quick", help=text,
        )  # fmt: skip
    for option, variable, text in (
        ("problem", "NAME", "this one, and others so named, alone"),
        ("optimizer", "NAME", "this one, and others so named, alone; or "
         "package.module:Class, one of yours, against those"),
    ):  # fmt: skip
        parser.add_argument(
            f"--{option}", action="append", metavar=variable, help=text
        )
    for option, kind, variable, text in (
        ("jobs", int, "N", "processes, -1 for one a core; by default 1"),
        ("backend", str, "NAME", "what spreads the jobs: a name that joblib "
         "knows, or that a package registers with it"),
        ("scheduler", str, "ADDRESS", "of a dask.distributed cluster, over "
         "which the jobs are spread"),
        ("out", Path, "FILE", "where the results are kept; by default "
         "benchmarks-SIZE.csv"),
    ):  # fmt: skip
        parser.add_argument(
            f"--{option}", type=kind, metavar=variable, help=text
        )


def chosen(asked: Namespace) -> list[Plan]:
    """What is to be run: a size, or what is named of it."""
    named = dict.fromkeys(asked.optimizer or [])
    known = [name for name in named if name in {**ENTRANTS, **OTHERS}]
    own = [name for name in named if name not in known]
    return [
        replace(
            plan,
            problems=tuple(dict.fromkeys(asked.problem or plan.problems)),
            optimizers=(*(known or plan.optimizers), *own),
        )
        for plan in SIZES[asked.size]
    ]


def command(asked: Namespace) -> str:
    """The words that give the same rows, whatever they are spread over."""
    words = [PROGRAM, "run", f"--{asked.size}"]
    for name in ("problem", "optimizer"):
        words += [f"--{name} {each}" for each in getattr(asked, name) or []]
    return " ".join(words)


def _done(asked: Namespace) -> list[Run]:
    plans = chosen(asked)
    path: Path = asked.out or Path(f"benchmarks-{asked.size}.csv")
    about = stamp(plans, command(asked))
    with workers(asked.jobs, asked.backend, asked.scheduler) as jobs:
        runs = sweep(plans, path, about, jobs=jobs, tell=sys.stderr)
    failed = sum(run.failed for run in runs)
    print(f"{len(runs)} runs, of which {failed} failed, are in {path}")
    return runs


def _run(asked: Namespace) -> None:
    _done(asked)


def _race(asked: Namespace) -> None:
    print(f"\n{showing.text(_done(asked))}")


def _list(asked: Namespace) -> None:
    for each in PROBLEMS.values():
        print(f"{each.name:18}{each.title}")
        print(f"{'':18}random: {each.random}")
        print(f"{'':18}solved at a gap of {each.target:g}, in {each.steps} "
              f"evaluations; optimum: {each.source}")  # fmt: skip
    print()
    for name, entrant in {**ENTRANTS, **OTHERS}.items():
        told = ", ".join(f"{key} in {r}" for key, r in entrant.space.items())
        print(f"{name:18}{told}")


def _table(asked: Namespace) -> None:
    print(showing.text(read(asked.results), asked.problem))


def _plot(asked: Namespace) -> None:
    print(showing.picture(read(asked.results), asked.out, asked.problem))


def _seed(asked: Namespace) -> None:
    lines = seed_as_run.lines()
    widths = [max(map(len, column)) for column in zip(*lines)]
    for line in lines:
        padded = (cell.ljust(width) for cell, width in zip(line, widths))
        print("  ".join(padded).rstrip())


if __name__ == "__main__":
    raise SystemExit(main())
