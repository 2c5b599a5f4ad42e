"""Write the pages: Sphinx, as Jupyter Book sets it up, in a process of its own."""

from __future__ import annotations

import gc
import hashlib
import os
import re
import signal
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tools.beside import no_interrupt
from tools.console import fail, plain
from tools.environment import ROOT
from tools.forks import FORKS, lead, start

SEEN_BY_OTHERS = (
    "domaindata", "longtitles", "titles", "toc_fignumbers",
    "toc_secnumbers", "tocs", "toctree_includes",
)  # fmt: skip
# Besides the one that hands out the pages; of forks, which macOS forbids here.
WRITERS = (os.cpu_count() or 1) if sys.platform == "linux" else 0
PLACE = re.compile(r" at 0x[0-9a-f]+|\bline=\d+")  # in memory, in a file


@dataclass(frozen=True)
class Pages:
    """What is to be written, and where."""

    html: Path
    doctrees: Path
    reread: list[str]  # pages to parse again, whatever Sphinx thinks
    draft: bool  # to be looked at, and soon; not to be published


class Warnings:
    """Where Sphinx writes its warnings: shown as they come, and kept."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, text: str) -> None:
        """Take one warning."""
        text = plain(text).replace(f"{ROOT}{os.sep}", "").strip()
        if text:
            self.lines.append(text)
            print(text, flush=True)

    def flush(self) -> None:
        """Do nothing: all is shown."""


def render(pages: Pages) -> None:
    """Write the pages, or fail with the first thing that is wrong with them."""
    here, there = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=_render, args=(pages, there), daemon=True)
    try:
        with no_interrupt():  # or it might stop what has begun, and nobody ends that
            start(process)
        there.close()
        wrong: list[str] = here.recv()
    except EOFError:
        wrong = ["Sphinx ended without a word; perhaps the memory was not enough."]
    except OSError as error:
        wrong = [f"Sphinx cannot be started: {error}"]
    finally:
        if process.pid:
            with suppress(ProcessLookupError):  # it has begun nothing yet
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.join()
    if wrong:
        first = wrong[0].partition("\n")[0].replace("WARNING: ", "")
        others = f" (and {len(wrong) - 1} more, see above)" if len(wrong) > 1 else ""
        fail(f"{first}{others}")


def _render(pages: Pages, parent: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this process
    lead()
    # What else is told on stderr is of no use to anyone: what fonts are made of.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    gc.disable()  # a short life, in which little is thrown away
    warnings = Warnings()
    try:
        _sphinx(pages, warnings)
    except Exception as error:
        sentence, trace = told(error)
        if trace:
            print(trace, flush=True)
        parent.send([*warnings.lines, f"the pages cannot be made: {sentence}"])
    else:
        parent.send(warnings.lines)


def told(error: Exception) -> tuple[str, str]:
    """Return what went wrong and, where the mistake is in the code, the traceback.

    It is not where the sentence is Sphinx's own or ours.
    """
    kind, _, sentence = str(error).partition(": ")
    trace = getattr(error, "traceback", None)  # of a process that wrote some pages
    if trace is None:
        ours = getattr(error, "orig_exc", error) is None
        return str(error), "" if ours else traceback.format_exc()
    ours = kind.startswith("sphinx.errors.") and "the direct cause" not in trace
    return sentence, "" if ours else trace


def _sphinx(pages: Pages, warnings: Warnings) -> None:
    # Only this process needs them, and they take seconds.
    import matplotlib
    from jupyter_book.config import get_final_config
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    matplotlib.use("agg")  # a picture for a page needs no window
    config, _ = get_final_config(
        user_yaml=ROOT / "_config.yml",
        sourcedir=ROOT,
        cli_config={
            "external_toc_path": str(ROOT / "_toc.yml"),
            "latex_individualpages": False,
            "nitpicky": True,
        },
    )
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            srcdir=ROOT,
            confdir=None,
            outdir=pages.html,
            doctreedir=pages.doctrees,
            buildername="html",
            confoverrides=config,
            status=None,
            warning=warnings,  # type: ignore[arg-type]
            keep_going=True,
        )
        app.config.book_draft = pages.draft
        neighbours = Neighbours(pages.reread)
        app.connect("env-get-outdated", neighbours.before)
        app.connect("env-get-updated", neighbours.after, priority=900)
        app.connect("env-updated", _write_side_by_side)
        app.build()


def _write_side_by_side(app: Any, env: Any) -> None:
    """Have processes share the writing, though not the parsing: theorems forbid it."""
    app.parallel = 1 + WRITERS


class Neighbours:
    """Has every page written when one has changed in what the others show of it."""

    def __init__(self, reread: list[str]) -> None:
        self.reread = reread
        self.shown = b""

    def before(self, app: Any, env: Any, *_: set[str]) -> list[str]:
        """Keep what is known before anything is parsed; name what must be."""
        self.shown = shown(env)
        return self.reread

    def after(self, app: Any, env: Any) -> list[str]:
        """Name the pages to write besides those that were parsed."""
        return [] if shown(env) == self.shown else sorted(env.found_docs)


def shown(env: Any) -> bytes:
    """Hash what pages show of one another: titles, numbers, labels, lists."""
    known = [flat(getattr(env, name)) for name in SEEN_BY_OTHERS]
    return hashlib.sha256("\n".join(known).encode()).digest()


def flat(value: Any) -> str:
    """Write a value down, whatever the order in which pages came into it."""
    if isinstance(value, dict):
        return f"{sorted(f'{flat(key)}: {flat(each)}' for key, each in value.items())}"
    if isinstance(value, list | set | frozenset):
        return f"{sorted(map(flat, value))}"
    return PLACE.sub("", str(value))
