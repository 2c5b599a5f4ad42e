"""Run the cells of the chapters, several chapters at once, into the cache.

Sphinx takes the outputs from there; left to itself it would run one chapter at a time.
A chapter is run again when its cells have changed, or what they read (see `reads`).
"""

from __future__ import annotations

import asyncio
import atexit
import os
import re
import time
from ast import literal_eval
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import yaml
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_client.client import KernelClient
from myst_nb.core.read import (
    MystMetadataParsingError,
    is_myst_markdown_notebook,
    read_myst_markdown_notebook,
)
from myst_parser.config.main import MdParserConfig
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml

from tools import reads
from tools.console import fail, plain, say
from tools.environment import ROOT, find_fonts
from tools.forks import fork_kernels

# What the kernel is asked before the first cell and after the last; it leaves no name.
RECORD = (
    "__import__('tools.reads').reads.record()\n"
    "__import__('tools.checks').checks.record(get_ipython())"
)
ASKED = {
    "seen": "__import__('tools.reads').reads.seen()",
    "counted": "__import__('tools.checks').checks.counted()",
}


@dataclass(frozen=True)
class Chapter:
    """A page with cells to run."""

    name: str
    path: Path
    notebook: NotebookNode
    lines: list[int]  # where each cell begins

    def place(self, index: int, within: int = 1) -> tuple[str, str]:
        """Return where a line of a cell is, as `file:line`, and what stands there."""
        text = self.path.read_text(encoding="utf-8").splitlines()
        code = self.notebook.cells[index].source.splitlines()
        fence = self.lines[index]
        # The cell's options may come before its code.
        starts = (n for n in range(fence, len(text)) if text[n : n + len(code)] == code)
        line = next(starts, fence) + within
        return f"{self.path.relative_to(ROOT)}:{line}", text[line - 1].strip()


class CellError(Exception):
    """A cell that stops the build: one sentence, and all there is to show."""

    def __init__(self, sentence: str, shown: str = "") -> None:
        super().__init__(sentence)
        self.shown = shown


def run_changed(cache_path: Path, made_with: str) -> list[str]:
    """Run the chapters whose outputs are not in the cache, or fail at the first error.

    Args:
        cache_path: The folder of the cache.
        made_with: A hash of what all outputs depend on.

    Returns:
        The names of the chapters that were run.
    """
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    outputs = get_cache(cache_path)
    chapters = read(config["parse"]["myst_enable_extensions"])
    waiting = [each for each in chapters if not is_cached(outputs, each, made_with)]
    ready = len(chapters) - len(waiting)
    say("chapters", f"{len(waiting)} to run, {ready} from the cache")
    if waiting:
        find_fonts()
    if len(waiting) > 2:  # what is imported for all takes seconds
        fork_kernels()
    errors: list[CellError] = []
    try:
        asyncio.run(run(waiting, outputs, config["execute"]["timeout"], made_with))
    except* CellError as group:
        errors += [each for each in group.exceptions if isinstance(each, CellError)]
    if errors:
        print(f"\n{errors[0].shown}\n" if errors[0].shown else "", flush=True)
        fail(str(errors[0]))
    return [chapter.name for chapter in waiting]


def read(extensions: list[str]) -> list[Chapter]:
    """Read the pages that have cells, in the order of the table of contents.

    Args:
        extensions: The MyST extensions in use, so that Sphinx finds the same cells.
    """
    try:
        names = list(parse_toc_yaml(ROOT / "_toc.yml"))
    except (MalformedError, yaml.YAMLError) as error:
        fail(f"_toc.yml cannot be read: {one_line(error)}")
    chapters = []
    for name in names:
        path = ROOT / f"{name}.md"
        if not path.exists():
            fail(f"_toc.yml names {name}, but there is no {name}.md.")
        text = path.read_text(encoding="utf-8")
        if is_myst_markdown_notebook(text):
            chapters.append(parse(name, path, text, tuple(extensions)))
    return chapters


@cache  # `make watch` reads all of them after each save
def parse(name: str, path: Path, text: str, extensions: tuple[str, ...]) -> Chapter:
    """Find the cells of a page."""
    dialect = MdParserConfig(enable_extensions=set(extensions))
    try:
        notebook = read_myst_markdown_notebook(
            text, dialect, path=path, add_source_map=True
        )
    except (MystMetadataParsingError, yaml.YAMLError) as error:
        fail(f"{name}.md cannot be read: {one_line(error)}")
    return Chapter(name, path, notebook, notebook.metadata.pop("source_map"))


def is_cached(outputs: JupyterCacheAbstract, chapter: Chapter, made_with: str) -> bool:
    """Whether the cache has a chapter's outputs, and they are what a run would give."""
    try:
        known = outputs.match_cache_notebook(chapter.notebook).data
    except KeyError:
        return False
    return known.get("made with") == made_with and all(
        reads.fingerprint(name) == digest for name, digest in known["reads"].items()
    )


async def run(
    chapters: list[Chapter], outputs: JupyterCacheAbstract, timeout: int, made_with: str
) -> None:
    """Run chapters, one a core, and say how it goes; the first error ends it."""
    cores = asyncio.Semaphore(os.cpu_count() or 1)
    done = 0

    async def run_one(chapter: Chapter) -> None:
        nonlocal done
        title = chapter.name.removeprefix("chapters/")
        async with cores:
            say("", f"running {title}")
            since, start = time.time_ns(), time.perf_counter()
            read, checks = await execute(chapter, timeout)
            seconds = time.perf_counter() - start
        data = {
            "made with": made_with,
            "reads": {name: reads.fingerprint(name, since) for name in sorted(read)},
            "checks": checks,
            "execution_seconds": seconds,
        }
        bundle = CacheBundleIn(chapter.notebook, str(chapter.path), data=data)
        outputs.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        done += 1
        left = len(chapters) - done
        say("", f"[{done}/{len(chapters)}] {title}  {seconds:.1f} s  ({left} left)")

    # nbclient would have Ctrl-C stop one kernel, and the build would go on.
    asyncio.get_running_loop().add_signal_handler = no_handler  # type: ignore[method-assign, assignment]
    async with asyncio.TaskGroup() as group:
        for chapter in chapters:
            group.create_task(run_one(chapter))


async def execute(chapter: Chapter, timeout: int) -> tuple[set[str], int]:
    """Run a chapter's cells in place.

    Returns:
        What they read of the project, and how many checks its claims have made.
    """
    client = NotebookClient(
        chapter.notebook,
        timeout=timeout,
        resources={"metadata": {"path": str(chapter.path.parent)}},
        coalesce_streams=True,  # or where a line came in two pieces it is broken
        record_timing=False,  # times in the cells would make every run a different one
        shutdown_kernel="immediate",
    )
    async with started(client) as kernel:
        about = await reply(client, kernel.kernel_info())
        chapter.notebook.metadata["language_info"] = about["language_info"]
        await reply(client, kernel.execute(RECORD, silent=True))
        for index in range(len(chapter.notebook.cells)):
            await execute_cell(client, chapter, index)
        asked = kernel.execute("", silent=True, user_expressions=ASKED)
        answers = (await reply(client, asked))["user_expressions"]
    seen, counts = (literal_eval(answers[name]["data"]["text/plain"]) for name in ASKED)
    read = reads.named(seen.splitlines(), chapter.path.parent)
    return read, sum(claims_only(chapter.notebook, counts))


def claims_only(notebook: NotebookNode, counts: list[int]) -> Iterator[int]:
    """Pick the counts of those cells that are tagged `claim`."""
    ran = [cell for cell in notebook.cells if cell.get("execution_count")]
    for cell, count in zip(ran, counts, strict=True):
        if "claim" in cell.metadata.get("tags", []):
            yield count


@asynccontextmanager
async def started(client: NotebookClient) -> AsyncIterator[KernelClient]:
    """Start a chapter's kernel, and end it whatever happens."""
    try:
        # What is silenced is the kernel's own stderr, not the cells'.
        async with client.async_setup_kernel(stderr=DEVNULL):
            assert client.kc
            yield client.kc
    finally:
        # nbclient leaves this undone when it is cancelled as a kernel starts or stops.
        if client.km:
            await client._async_cleanup_kernel()
        atexit.unregister(client._cleanup_kernel)


async def reply(client: NotebookClient, asked: str) -> dict[str, Any]:
    """Wait for the kernel's answer to a message, and return what it says."""
    answer = await client.async_wait_for_reply(asked)
    assert answer
    content: dict[str, Any] = answer["content"]
    return content


async def execute_cell(client: NotebookClient, chapter: Chapter, index: int) -> None:
    """Run one cell.

    Raises:
        CellError: It fails, or says something on stderr.
    """
    cell = chapter.notebook.cells[index]
    try:
        count = client.code_cells_executed + 1
        await client.async_execute_cell(cell, index, execution_count=count)
    except CellExecutionError as error:
        raise failed(chapter, index, error) from None
    except CellTimeoutError:
        place, _ = chapter.place(index)
        why = f"this cell ran for more than {client.timeout} s."
        raise CellError(f"{place}: {why}") from None
    except DeadKernelError:
        task = asyncio.current_task()
        if task and task.cancelling():  # nbclient takes one for the other
            raise asyncio.CancelledError from None
        place, _ = chapter.place(index)
        why = "the kernel died in this cell; perhaps the memory was not enough."
        raise CellError(f"{place}: {why}") from None
    said = "".join(
        output.text
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stderr"
    ).strip()
    if said and "remove-stderr" not in cell.metadata.get("tags", []):
        place, _ = chapter.place(index)
        words = f"this cell says on stderr: {said.splitlines()[-1].strip()}"
        raise CellError(f"{place}: {words}", said)


def failed(chapter: Chapter, index: int, error: CellExecutionError) -> CellError:
    """Say where in its file a cell failed, and why."""
    shown = plain(str(error)).strip()
    line = re.search(r"Cell In\[\d+\], line (\d+)", shown)
    place, code = chapter.place(index, int(line[1]) if line else 1)
    # An assertion without words is best told by itself.
    why = plain(error.evalue).strip().partition("\n")[0] or code
    return CellError(f"{place}: {error.ename}: {why}", shown)


def one_line(error: Exception) -> str:
    """Return an error's words on one line."""
    return " ".join(str(error).split())


def no_handler(*_: object) -> None:
    """Refuse to handle a signal, as an event loop does that cannot."""
    raise RuntimeError
