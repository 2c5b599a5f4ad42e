"""The book is always built from what is there now, and a mistake always fails."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest

from tests.tools.conftest import PATIENCE, TOC, Book

pytestmark = pytest.mark.build


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    assert "Traceback" not in done.stderr
    (sentence,) = done.stderr.splitlines()
    return sentence


@pytest.fixture(scope="module")
def first(
    tmp_path_factory: pytest.TempPathFactory, fonts: Path
) -> tuple[Book, subprocess.CompletedProcess[str]]:
    """A book and its first build, from which the tests go on."""
    book = Book(tmp_path_factory.mktemp("first") / "book", fonts)
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.copytree(book.root, book.root.with_name("kept"))
    return book, done


@pytest.fixture
def built(first: tuple[Book, object]) -> Book:
    """That book, as it was when it was built."""
    book, _ = first
    shutil.rmtree(book.root)
    shutil.copytree(book.root.with_name("kept"), book.root)
    return book


def test_a_change_in_the_package_runs_the_chapter_that_imports_it(
    first: tuple[Book, subprocess.CompletedProcess[str]], built: Book
) -> None:
    book, done = first
    assert "2 to run, 0 from the cache" in done.stdout
    assert "[2/2]" in done.stdout and "(0 left)" in done.stdout
    assert done.stdout.strip().endswith("_build/html/index.html")
    assert "answer: 41" in book.page("first").read_text()

    book.write("gradient_ascent/__init__.py", "ANSWER = 42\n")
    assert "1 to run, 1 from the cache" in book.build().stdout
    assert "answer: 42" in book.page("first").read_text()
    assert "0 to run, 2 from the cache" in book.build().stdout


def test_a_changed_chapter_runs_alone_and_its_neighbours_know_its_title(
    built: Book,
) -> None:
    built.chapter("part/second", "A new title", "print(7 * 8)")
    done = built.build()
    assert "1 to run, 1 from the cache" in done.stdout
    assert "56" in built.page("part/second").read_text()
    assert "A new title" in built.page("first").read_text()

    built.write("_toc.yml", "format: jb-book\nroot: chapters/first\n")
    assert built.build().returncode == 0
    assert not built.page("part/second").exists()
    assert "A new title" not in built.page("first").read_text()


def test_where_nothing_has_changed_nothing_is_done(built: Book) -> None:
    """Not even in the book's address, to which the pages' buttons lead."""
    before = built.page("first").stat()
    assert "rendering" not in built.build().stdout
    assert built.page("first").stat() == before
    assert "rendering" in built.build(GITHUB_REPOSITORY="owner/other").stdout


def test_a_text_older_than_the_one_built_is_built(built: Book) -> None:
    path = built.root / "chapters" / "part" / "second.md"
    was = path.stat()
    built.chapter("part/second", "Second", "print(6 * 7)", "Back from a branch.\n")
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns - 10**12))
    assert built.build().returncode == 0
    assert "Back from a branch." in built.page("part/second").read_text()


def test_a_failure_is_one_sentence_each_time_and_the_site_stands(built: Book) -> None:
    before = {f: f.read_bytes() for f in built.page("first").parent.rglob("*.html")}
    assert len(before) == 2

    built.chapter("part/second", "Second", "print(6 * 7)", "\n{ref}`nowhere`\n")
    for _ in range(2):
        done = built.build()
        assert done.returncode == 1
        lines = done.stdout.splitlines()
        place = "chapters/part/second.md:11: "
        assert lines[-1] == f"{place}WARNING: undefined label: 'nowhere'"
        assert lines[-2] == "pages     rendering ..."
        assert last_line(done) == f"error: {place}undefined label: 'nowhere'"
        assert all(file.read_bytes() == was for file, was in before.items())

    built.chapter("part/second", "Second", "print(6 * 7)", "All is well.\n")
    assert built.build().returncode == 0
    assert "All is well." in built.page("part/second").read_text()
    assert sorted(f.name for f in (built.root / "_build").iterdir() if f.is_dir()) == [
        ".doctrees",
        ".jupyter_cache",
        "html",
        "jupyter_execute",
        "kept",
    ]


START = """from sphinx.errors import ExtensionError

def fail(*_):
    raise {kind}('no such luck')

def setup(app):
"""
AT_ONCE = "    fail()"
AS_A_PAGE_IS_WRITTEN = """\
    def written(app, name, *_):
        if name == "chapters/part/second":  # the first is written by another process
            fail()

    app.connect("html-page-context", written)
"""


@pytest.mark.parametrize("kind", ["ExtensionError", "ValueError"])
@pytest.mark.parametrize("when", [AT_ONCE, AS_A_PAGE_IS_WRITTEN])
def test_an_extension_that_fails_is_one_sentence(
    built: Book, when: str, kind: str
) -> None:
    built.write("web/broken.py", START.format(kind=kind) + when)
    config = (built.root / "_config.yml").read_text()
    local = "sphinx: {local_extensions: {broken: web}}\n"
    built.write("_config.yml", config + local)
    done = built.build()
    assert done.returncode == 1
    said = last_line(done)
    assert said.startswith("error: the pages cannot be made: ")
    sentence = ": no such luck" if kind == "ExtensionError" else "no such luck"
    assert said.removesuffix(")").endswith(sentence)
    # A sentence that is ours needs no more; a mistake in the code does.
    assert ("web/broken.py" in done.stdout) == (kind == "ValueError")


def test_a_home_that_cannot_be_written_to_is_not_needed(book: Book) -> None:
    (book.root / "_build" / "kept" / "matplotlib").rename(book.root / "elsewhere")
    book.chapter("first", "First", "import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    nowhere = "/dev/null"  # where nobody can make a folder
    unset = {"MPLCONFIGDIR": "", "XDG_CACHE_HOME": "", "XDG_CONFIG_HOME": ""}
    done = book.build(HOME=nowhere, **unset)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "looking for fonts" in done.stdout
    assert list((book.root / "_build" / "kept" / "matplotlib").glob("fontlist-*"))
    assert "looking for fonts" not in book.build(HOME=nowhere, **unset).stdout


def test_a_chapter_that_is_not_there_is_named(book: Book) -> None:
    (book.root / "chapters" / "part" / "second.md").unlink()
    done = book.build()
    assert done.returncode == 1
    assert last_line(done) == (
        "error: _toc.yml names chapters/part/second, "
        "but there is no chapters/part/second.md."
    )


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("_toc.yml", "root: [\n", "while parsing"),
        ("chapters/first.md", ":tags: [claim", "Code cell 1 at line 7"),
    ],
)
def test_what_cannot_be_read_is_named(
    book: Book, name: str, text: str, why: str
) -> None:
    if name.endswith(".md"):
        book.chapter("first", "First", text)
    else:
        book.write(name, text)
    done = book.build()
    assert done.returncode == 1
    assert last_line(done).startswith(f"error: {name} cannot be read: {why}")


def heed_interrupts() -> None:
    """Undo what a shell does to what it runs in the background: ignore interrupts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def start(book: Book) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tools.book"],
        cwd=book.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_interrupts,
        start_new_session=True,
    )


def wait_for(words: str, stream: IO[str] | None) -> None:
    assert stream
    while words not in (line := stream.readline()):
        assert line and "error:" not in line, f"said {line!r}, and not {words!r}"


@pytest.mark.parametrize("after", [0.2, 3.0], ids=["at once", "later"])
@pytest.mark.parametrize("stage", ["running", "rendering"])
def test_an_interrupt_stops_everything_and_the_site_stands(
    built: Book, stage: str, after: float
) -> None:
    """As a terminal does: all of the build's processes get it, and any time."""
    before = built.page("first").read_bytes()
    if stage == "running":  # so many that they are forked
        built.write("_toc.yml", TOC + "  - file: chapters/third\n")
        for name in ("first", "part/second", "third"):
            built.chapter(name, "Waiting", "import time\ntime.sleep(10000)")
    else:
        built.write(
            "web/slow.py", "import time\n\ndef setup(app):\n    time.sleep(10000)\n"
        )
        config = (built.root / "_config.yml").read_text()
        local = "sphinx: {local_extensions: {slow: web}}\n"
        built.write("_config.yml", config + local)
    with start(built) as process:
        wait_for(stage, process.stdout)
        time.sleep(after)
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert told == "error: interrupted; the book is not built.\n"
    assert built.page("first").read_bytes() == before


def test_a_second_build_waits_for_the_first_and_says_so(book: Book) -> None:
    build = book.root / "_build"
    with (build / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with start(book) as process:
            assert process.stdout
            assert process.stdout.readline().startswith("waiting   for another `make`")
            assert not Path(build, "html").exists()
            fcntl.flock(lock, fcntl.LOCK_UN)
            said, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said + told
    assert book.page("first").exists()
