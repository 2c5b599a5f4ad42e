"""The book is always built from what is there now, and a mistake always fails."""

from __future__ import annotations

import re
import signal
import subprocess
import sys

import pytest

from tests.tools.conftest import Book

pytestmark = pytest.mark.build


def test_a_change_in_the_package_runs_the_chapters_again(book: Book) -> None:
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 to run, 0 from the cache" in done.stdout
    assert "[2/2]" in done.stdout and "(0 left)" in done.stdout
    assert done.stdout.strip().endswith("_build/html/index.html")
    assert "answer: 41" in book.page("first").read_text()

    book.write("gradient_ascent/__init__.py", "ANSWER = 42\n")
    assert "2 to run, 0 from the cache" in book.build().stdout
    assert "answer: 42" in book.page("first").read_text()
    assert "0 to run, 2 from the cache" in book.build().stdout


def test_a_changed_chapter_runs_alone_and_its_neighbours_know_its_title(
    book: Book,
) -> None:
    book.build()
    book.chapter("part/second", "A new title", "print(7 * 8)")
    done = book.build()
    assert "1 to run, 1 from the cache" in done.stdout
    assert "56" in book.page("part/second").read_text()
    assert "A new title" in book.page("first").read_text()

    book.write("_toc.yml", "format: jb-book\nroot: chapters/first\n")
    assert book.build().returncode == 0
    assert not book.page("part/second").exists()
    assert "A new title" not in book.page("first").read_text()


def test_a_failing_cell_is_shown_and_fails_every_time(book: Book) -> None:
    book.chapter("part/second", "Second", "wrong = 1\nwrong / 0")
    for _ in range(2):
        done = book.build()
        assert done.returncode != 0
        assert "part/second: a cell failed" in done.stdout
        assert "wrong = 1\nwrong / 0" in done.stdout
        assert "ZeroDivisionError: division by zero" in done.stdout
        assert done.stderr.startswith("error: the book is not built: part/second")
        assert "Traceback" not in done.stderr
        assert not book.page("part/second").exists()
    book.chapter("part/second", "Second", "print(6 * 7)")
    done = book.build()
    assert "1 to run, 1 from the cache" in done.stdout
    assert done.returncode == 0


def test_a_warning_fails_every_time(book: Book) -> None:
    book.chapter("part/second", "Second", "print(6 * 7)", "{ref}`nowhere`\n")
    for _ in range(2):
        done = book.build()
        assert done.returncode != 0
        assert re.search(r"second\.md:\d+: WARNING: undefined label", done.stdout)
        assert done.stderr.startswith("error: the pages are not right")


def test_a_chapter_that_is_not_there_is_named(book: Book) -> None:
    (book.root / "chapters" / "part" / "second.md").unlink()
    done = book.build()
    assert done.returncode != 0
    told = "error: _toc.yml names chapters/part/second, but there is no"
    assert done.stderr.startswith(told)


def test_a_kernel_that_dies_fails_its_chapter(book: Book) -> None:
    book.chapter("part/second", "Second", "import os\nos._exit(1)")
    done = book.build()
    assert done.returncode != 0
    assert "part/second: a cell failed\n\nIts kernel died" in done.stdout
    assert done.stderr.startswith("error: the book is not built: part/second")


def heed_interrupts() -> None:
    """Undo what a shell does to what it runs in the background: ignore interrupts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_an_interrupt_stops_everything(book: Book) -> None:
    wait = "import time\ntime.sleep(120)"
    book.chapter("first", "First", wait)
    book.chapter("part/second", "Second", wait)
    command = [sys.executable, "-m", "tools.book"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=book.root, stdout=pipe, stderr=pipe, preexec_fn=heed_interrupts
    ) as process:
        while b"running" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode != 0
    assert told == b"error: interrupted; the book is not built.\n"
