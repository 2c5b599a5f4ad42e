"""The exercises on the command line: `python -m gradient_ascent.exercises`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from gradient_ascent.exercises.catalogue import load, names
from gradient_ascent.exercises.console import spell
from gradient_ascent.exercises.running import run
from gradient_ascent.exercises.verdict import check, told

PROGRAM = "python -m gradient_ascent.exercises"


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks.

    Args:
        arguments: the words after the program's name; by default the process's.

    Returns:
        0 if all is well, 1 if the reader's code is not, 2 if the words are not.
    """
    spell()
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.do(asked))
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description="The book's exercises."
    )
    parser.set_defaults(do=_list)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, do, argument, text in (
        ("list", _list, None, "show all exercises (as does no command at all)"),
        ("open", _open, "NAME", "write NAME.py here, for you to complete"),
        ("try", _try, "FILE", "run FILE and show what it prints"),
        (
            "check",
            _check,
            "FILE",
            "say whether FILE solves the exercise of its name",
        ),
        ("solution", _solution, "NAME", "show how the book solves NAME"),
        (
            "progress",
            _progress,
            None,
            "check every exercise that is opened here",
        ),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(do=do)
        if argument:
            command.add_argument("what", metavar=argument)
    return parser


def _list(asked: argparse.Namespace) -> int:
    width = max(map(len, names()))
    for name in names():
        exercise = load(name)
        about = f"level {exercise.level}, {exercise.chapter}"
        print(f"{name:{width}}  {exercise.title} ({about})")
    print(f"\nOpen one: {PROGRAM} open {names()[0]}")
    return 0


def _open(asked: argparse.Namespace) -> int:
    exercise = load(asked.what)
    file = Path(f"{asked.what}.py")
    if not file.exists():
        file.write_text(exercise.file, encoding="utf-8")
    elif not file.is_file() or _code(file) != exercise.file:
        raise FileExistsError(f"{file} is here already; it stays as it is")
    print(f"{exercise.title}\n\n{exercise.statement}\n")
    print(f"Complete {file}, then: {PROGRAM} check {file}")
    return 0


def _try(asked: argparse.Namespace) -> int:
    file = _file(asked.what)
    done = run(_code(file), filename=str(file))
    print(done.output, end="")
    if done.error:
        print(told(done), file=sys.stderr)
    elif not done.output:
        print("It ran, and printed nothing.")
    return int(bool(done.error))


def _solution(asked: argparse.Namespace) -> int:
    print(load(asked.what).solution, end="")
    return 0


def _check(asked: argparse.Namespace) -> int:
    file = _file(asked.what)
    load(
        file.stem
    )  # an unknown exercise is an error even where the file is unreadable
    verdict = check(file.stem, _code(file), filename=str(file))
    print(verdict)
    return int(not verdict.passed)


def _progress(asked: argparse.Namespace) -> int:
    width, solved = max(map(len, names())), 0
    for name in names():
        file = Path(f"{name}.py")
        state = "-"
        if file.is_file():
            passed = check(name, _code(file), filename=str(file)).passed
            solved += passed
            state = "solved" if passed else "not yet"
        print(f"{name:{width}}  {state}")
    print(f"\n{solved} of {len(names())} solved in this folder.")
    return 0


def _file(given: str) -> Path:
    file = Path(given)
    if not file.is_file():
        hint = "" if file.suffix else f"; give the file: {given}.py"
        raise FileNotFoundError(f"there is no file {given}{hint}")
    return file


def _code(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")  # some editors mark it
    except UnicodeDecodeError as error:
        raise ValueError(f"{file} is no text in UTF-8: {error}") from None


if __name__ == "__main__":
    raise SystemExit(main())
