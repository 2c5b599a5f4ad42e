"""A chapter runs again when something it uses has changed; no bad output is kept."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, CompletedProcess, Popen

import pytest
from jupyter_cache import get_cache

from tests.tools.conftest import Book

pytestmark = pytest.mark.build

# Each chapter uses the package in a way of its own.
PACKAGE = {
    "__init__": """\
from importlib import import_module

def __getattr__(name):
    if name == "maximize":
        return import_module("gradient_ascent.climbing").maximize
    raise AttributeError(name)
""",
    "climbing": "from gradient_ascent import steps\nmaximize = steps.step\n",
    "steps": "def step(x):\n    return x + 1\n",
    "alone": "ANSWER = 41\n",
    "hidden": "NAME = 'hidden'\n",
    "unused": "UNUSED = True\n",
}
CHAPTERS = {
    "lazily": "from gradient_ascent import maximize\nprint(maximize(1))",
    "directly": "import gradient_ascent.alone as m\nprint(m.ANSWER)",
    "by_name": "m = __import__('gradient_ascent.' + 'hidden').hidden\nprint(m.NAME)",
    "data": "print(open('../data/numbers.txt').read())",
    "source": "import inspect\nfrom gradient_ascent import steps\n"
    "print(inspect.getsource(steps))",
    "folder": "import os\nprint(sorted(os.listdir('../exercises')))",
    "elsewhere": "import subprocess, sys\nsubprocess.run([sys.executable, '-c', ''])",
    "nothing": "import platform\nplatform.processor()\nprint(6 * 7)",
}
TOC = "format: jb-book\nroot: chapters/lazily\nchapters:\n" + "".join(
    f"  - file: chapters/{name}\n" for name in list(CHAPTERS)[1:]
)

RUN = """\
import sys
from tools.book import CACHE, OUTPUTS_DEPEND_ON, digest
from tools.chapters import run_changed
from tools.environment import enter

enter()
for _ in sys.stdin:
    code = 0
    try:
        run_changed(CACHE, digest(OUTPUTS_DEPEND_ON))
    except SystemExit as error:
        print(error, file=sys.stderr, flush=True)
        code = 1
    print("ended", code, flush=True)
"""


class Again(Book):
    """A book whose chapters one process runs again and again, as `make watch` does."""

    def __init__(self, root: Path, fonts: Path) -> None:
        super().__init__(root, fonts)
        self.told = (root / "_build" / "kept" / "told").open("a+")
        self.process = Popen(
            [sys.executable, "-c", RUN],
            cwd=root,
            stdin=PIPE,
            stdout=PIPE,
            stderr=self.told,
            text=True,
        )

    def run(self) -> CompletedProcess[str]:
        """Run the chapters that changed, and make no pages."""
        asked, answer = self.process.stdin, self.process.stdout
        assert asked and answer
        print(file=asked, flush=True)
        said = ""
        while not (line := answer.readline()).startswith("ended "):
            said += line
            assert line, said + self.errors()
        return CompletedProcess([], int(line.split()[1]), said, self.errors())

    def errors(self) -> str:
        """What was told on stderr since this was last asked."""
        self.told.seek(0)
        told = self.told.read()
        self.told.truncate(0)
        return told


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory, fonts: Path) -> Iterator[Again]:
    """A book of so few chapters that their kernels are started by a command."""
    book = Again(tmp_path_factory.mktemp("book"), fonts)
    with book.told, book.process:
        yield book


@pytest.fixture
def book(one: Again) -> Again:
    one.begin()
    return one


def ran(book: Again) -> set[str]:
    """Run what has changed; say which chapters those were."""
    done = book.run()
    assert done.returncode == 0, done.stdout + done.stderr
    names = set(re.findall(r"^ +running ([\w/]+)$", done.stdout, re.MULTILINE))
    assert f"{len(names)} to run" in done.stdout
    return names


def sentence(done: CompletedProcess[str]) -> str:
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    return line


@pytest.fixture
def uses(tmp_path: Path, fonts: Path) -> Iterator[Again]:
    """A book whose chapters use the package each in its own way, in forked kernels."""
    book = Again(tmp_path, fonts)
    for name, text in PACKAGE.items():
        book.write(f"gradient_ascent/{name}.py", text)
    for name, cell in CHAPTERS.items():
        book.chapter(name, name, cell)
    book.write("_toc.yml", TOC)
    book.write("data/numbers.txt", "1 2 3\n")
    book.write("exercises/one.py", "")
    with book.told, book.process:
        yield book


def test_a_change_runs_the_chapters_that_use_what_changed(uses: Again) -> None:
    assert ran(uses) == set(CHAPTERS)
    assert ran(uses) == set()

    def changed(name: str) -> set[str]:
        text = (uses.root / name).read_text() if (uses.root / name).exists() else ""
        uses.write(name, text + "# changed\n")
        found = ran(uses)
        assert "elsewhere" in found  # another process may have read anything
        return found - {"elsewhere"}

    imports = {"lazily", "directly", "by_name", "source"}
    assert changed("gradient_ascent/__init__.py") == imports
    assert changed("gradient_ascent/climbing.py") == {"lazily"}
    assert changed("gradient_ascent/steps.py") == {"lazily", "source"}
    assert changed("gradient_ascent/alone.py") == {"directly"}
    assert changed("gradient_ascent/hidden.py") == {"by_name"}
    assert changed("gradient_ascent/unused.py") == set()
    assert changed("data/numbers.txt") == {"data"}
    assert changed("exercises/two.py") == {"folder"}
    assert changed("chapters/nothing.md") == set()  # its text, not its cells
    # A new module may come before the one that was found so far.
    assert changed("gradient_ascent/inspect.py") == imports
    uses.write("requirements.lock", "# changed\n")
    assert ran(uses) == set(CHAPTERS)


def test_the_checks_that_claims_make_are_counted(book: Again) -> None:
    claim = (
        "\n```{code-cell}\n:tags: [claim]\n\nfor x in (1, 2, 3):\n    assert x\n```\n"
    )
    book.chapter("first", "First", "assert True", claim)
    ran(book)
    records = get_cache(book.root / "_build" / ".jupyter_cache").list_cache_records()
    counts = {Path(each.uri).stem: each.data["checks"] for each in records}
    assert counts == {"first": 3, "second": 0}


def test_a_line_that_comes_in_pieces_is_whole(book: Again) -> None:
    cell = (
        "import time\nprint('six', end='', flush=True)\ntime.sleep(0.5)\n"
        "print(' times', flush=True)\ntime.sleep(0.5)\nprint('\\n  seven')"
    )
    book.chapter("first", "First", cell)
    ran(book)
    cache = get_cache(book.root / "_build" / ".jupyter_cache")
    (record,) = [r for r in cache.list_cache_records() if r.uri.endswith("first.md")]
    (code,) = cache.get_cache_bundle(record.pk).nb.cells[-1:]
    assert [each["text"] for each in code["outputs"]] == ["six times\n\n  seven\n"]


def test_what_was_changed_while_it_was_read_is_read_again(book: Again) -> None:
    book.write("gradient_ascent/late.py", "HERE = __file__\n")
    cell = (
        "import os, time\nfrom gradient_ascent import late\n"
        "os.utime(late.__file__, ns=(time.time_ns(),) * 2)"
    )
    book.chapter("first", "First", cell)
    assert ran(book) == {"first", "part/second"}
    assert ran(book) == {"first"}


def test_a_failing_cell_is_told_by_its_line_and_ends_the_build(book: Again) -> None:
    book.chapter("first", "First", "import time\ntime.sleep(10000)")
    cell = ":tags: [claim]\n\nwrong = 1\nwrong / 0"
    book.chapter("part/second", "Second", cell)
    for done in (book.build(), book.run()):
        assert sentence(done) == (
            "error: chapters/part/second.md:11: ZeroDivisionError: division by zero"
        )
        assert "wrong = 1\nwrong / 0" in done.stdout
        assert not book.page("part/second").exists()
    text = (book.root / "chapters/part/second.md").read_text().splitlines()
    assert text[11 - 1] == "wrong / 0"


def test_a_claim_that_does_not_hold_is_told_by_its_words(book: Again) -> None:
    book.chapter("first", "First", "def half(x):\n    assert x < 1\n\nhalf(2)")
    assert sentence(book.run()).endswith("first.md:11: AssertionError: half(2)")


def test_a_cell_that_speaks_on_stderr_fails_each_time(book: Again) -> None:
    cell = "import sys\nprint('slow\\nno fonts', file=sys.stderr)"
    book.chapter("first", "First", cell)
    for _ in range(2):
        done = book.run()
        assert "slow\nno fonts" in done.stdout
        assert sentence(done) == (
            "error: chapters/first.md:8: this cell says on stderr: no fonts"
        )
    book.chapter("first", "First", f":tags: [remove-stderr]\n{cell}")
    assert book.run().returncode == 0


@pytest.mark.parametrize(
    ("cell", "limit", "why"),
    [
        ("import os\nos._exit(1)", "timeout: 10000", "the kernel died in this cell"),
        ("while True:\n    pass", "timeout: 2", "this cell ran for more than 2 s."),
    ],
)
def test_a_cell_that_does_not_end_well(
    book: Again, cell: str, limit: str, why: str
) -> None:
    config = (book.root / "_config.yml").read_text()
    book.write("_config.yml", config.replace("timeout: 10000", limit))
    book.chapter("first", "First", cell)
    book.chapter("part/second", "Second", "")  # which nothing can be too slow for
    assert sentence(book.run()).startswith(f"error: chapters/first.md:8: {why}")
