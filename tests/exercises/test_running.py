"""A reader's code may do anything; what comes of it is said with its own line."""

from __future__ import annotations

import sys
from itertools import count
from types import SimpleNamespace

import pytest

from gradient_ascent.exercises import check, load, run, running
from gradient_ascent.exercises.page import check_code, run_code
from gradient_ascent.exercises.running import MOST_OUTPUT


@pytest.fixture()
def looks(monkeypatch: pytest.MonkeyPatch) -> count[int]:
    """A clock on which each look takes a second, so that no machine is too slow."""
    clock = count()
    time = SimpleNamespace(monotonic=lambda: next(clock))
    monkeypatch.setattr(running, "time", time)
    return clock


def test_what_is_printed_comes_back() -> None:
    done = run("import sys\nprint('out')\nprint('err', file=sys.stderr)\nx = 3\n")
    assert (done.output, done.error, done.line) == ("out\nerr\n", "", None)
    assert done.names["x"] == 3


@pytest.mark.parametrize(
    ("code", "line", "error"),
    [
        ("x = 1\nx / 0\n", 2, "ZeroDivisionError: division by zero"),
        ("def f():\n    return y\n\nf()\n", 2, "NameError: name 'y' is not defined"),
        ("x = 1\ndef f(:\n", 2, "SyntaxError: invalid syntax"),
        ("if True:\nx = 1\n", 2, "IndentationError: expected an indented block"),
        ("from gradient_ascent.minitorch import Tensor\n\nTensor('a')\n", 3,
         "TypeError: Tensor: value must be a real number"),
        ("def f():\n    f()\n\n\nf()\n", 2, "RecursionError"),
        ("raise SystemExit('enough')\n", 1, "SystemExit: enough"),
        ("import torch_of_nowhere\n", 1, "ModuleNotFoundError"),
        ("'\\x00'.encode('ascii').decode('utf-16')\n", 1, "UnicodeDecodeError"),
    ],
)  # fmt: skip
def test_an_error_is_reported_with_its_line(code: str, line: int, error: str) -> None:
    done = run(code)
    assert done.line == line
    assert done.error.startswith(error)


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("x = 0\nwhile True:\n    x += 1\n", (2, 3)),
        ("while True: pass\n", (1,)),
        ("def f():\n    for _ in iter(int, 1):\n        pass\n\nf()\n", (2, 3)),
        ("while True:\n    try:\n        x = 1\n    except Exception:\n        pass\n",
         (1, 2, 3)),
    ],
)  # fmt: skip
def test_an_endless_loop_is_stopped_at_its_line(
    code: str, line: tuple[int], looks: count[int]
) -> None:
    before = sys.gettrace()
    done = run(code, seconds=200)
    assert next(looks) == 202  # the first look, and one beyond the 200 seconds
    assert "stopped after 200 seconds" in done.error
    assert done.line in line
    assert sys.gettrace() is before


def test_endless_printing_is_cut(looks: count[int]) -> None:
    done = run("while True:\n    print('again and again')\n", seconds=20_000)
    assert MOST_OUTPUT < len(done.output) < MOST_OUTPUT + 100
    assert done.output.endswith("(there was more)\n")


def test_code_that_loops_only_when_checked_is_stopped_too(looks: count[int]) -> None:
    code = load("ball").stub.replace("...", "while True: radius += 1")
    verdict = check("ball", code, seconds=1000)
    assert not verdict.passed
    assert verdict.line == 1 + code[: code.index("while")].count("\n")
    assert f"Line {verdict.line}: stopped after 1000 seconds" in verdict.sentence


def test_a_name_that_is_missing_is_asked_for() -> None:
    verdict = check("ball", "def projekt(point, radius):\n    return point\n")
    assert not verdict.passed
    assert "your code defines no 'project'" in verdict.sentence


def test_a_wrong_signature_is_no_crash() -> None:
    verdict = check("ball", "def project(point):\n    return point\n")
    assert not verdict.passed
    assert "takes 1 positional argument but 2 were given" in verdict.sentence


def test_a_check_is_no_place_to_cheat_by_quitting() -> None:
    assert not check(
        "ball", "def project(point, radius):\n    raise SystemExit\n"
    ).passed
    assert not check("ball", "raise SystemExit").passed


def test_what_the_page_calls_is_plain_data() -> None:
    assert run_code("print(1)") == {"output": "1\n", "error": ""}
    assert run_code("1 / 0")["error"] == "Line 1: ZeroDivisionError: division by zero"
    answer = check_code({"name": "ball", "code": load("ball").solution})
    assert answer["passed"] and answer["output"] == ""
    assert answer["held"][0].startswith("The nearest point to [0.3, -0.4]")


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("import torch_of_nowhere\n", "a page has no module 'torch_of_nowhere', only"),
        ("import errno\nraise OSError(errno.EIO, 'I/O error')\n",
         "a page has no keyboard input; write the value into the code"),
        ("1 / 0\n", "ZeroDivisionError: division by zero"),
    ],
)  # fmt: skip
def test_in_a_page_it_is_said_what_pages_lack(
    code: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not run(code).error.startswith("a page")
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert run(code).error.startswith(sentence)
