"""Run a reader's code: keep what it prints, stop it in time, name its line."""

import builtins
import io
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from gradient_ascent.exercises.lacking import explained

SECONDS = 5.0
MOST_OUTPUT = 10_000  # characters


@dataclass
class Run:
    """What a run leaves behind.

    Attributes:
        names: what the code defined.
        output: what it printed.
        error: what went wrong, in a sentence; "" if nothing did.
        line: where, in the reader's own code; None where that is not known.
    """

    names: dict[str, Any] = field(default_factory=dict)
    output: str = ""
    error: str = ""
    line: int | None = None


class _TooLongError(
    BaseException
):  # not an Exception, which the code may well catch
    """The time is over."""


class _Output(io.StringIO):
    """Keeps the beginning of what is printed."""

    def write(self, text: str) -> int:
        room = MOST_OUTPUT - self.tell()
        if 0 <= room < len(text):
            super().write(text[:room] + "\n(there was more)\n")
        elif room > 0:
            super().write(text)
        return len(text)


def run(
    code: str,
    then: Callable[[dict[str, Any]], None] = lambda names: None,
    *,
    filename: str = "<your code>",
    seconds: float = SECONDS,
) -> Run:
    """Run `code`, then call `then` with what it defined, all within `seconds`.

    What goes wrong in either is the reader's, reported with its line in `code`.
    """
    result = Run({"__name__": "__main__", "__builtins__": builtins})
    output = _Output()
    try:
        program = compile(code, filename, "exec")
        with (
            redirect_stdout(output),
            redirect_stderr(output),
            _deadline(filename, seconds),
        ):
            exec(program, result.names)
            then(result.names)
    except _TooLongError as error:
        result.line = _line(error, filename)
        result.error = (
            f"stopped after {seconds:g} seconds; does a loop never end?"
        )
    except (Exception, SystemExit) as error:
        result.line = _line(error, filename)
        result.error = explained(error) or _last_line(error)
    result.output = output.getvalue()
    return result


@contextmanager
def _deadline(filename: str, seconds: float) -> Iterator[None]:
    """Stop code of the file `filename` once the time is over.

    A trace function sees every step of that file, and none of any other; it
    needs no thread and no signal, which Python in the page does not have.
    """
    end = time.monotonic() + seconds

    def on_step(frame: FrameType, event: str, argument: Any) -> Any:
        if time.monotonic() > end:
            raise _TooLongError
        return on_step

    def on_call(frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename != filename:
            return None
        frame.f_trace_opcodes = (
            True  # a loop of one line may never begin a line
        )
        return on_step

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        yield
    finally:
        sys.settrace(before)


def _last_line(error: BaseException) -> str:
    return traceback.format_exception_only(error)[-1].strip()


def _line(error: BaseException, filename: str) -> int | None:
    """The last line of the file `filename` that the error passed through."""
    if isinstance(error, SyntaxError) and error.filename == filename:
        return error.lineno
    frames = traceback.walk_tb(error.__traceback__)
    lines = [
        line for frame, line in frames if frame.f_code.co_filename == filename
    ]
    return lines[-1] if lines else None
