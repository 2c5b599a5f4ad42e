"""Run the cells of the chapters, several chapters at once, into the cache.

Sphinx takes the outputs from there; left to itself it would run one chapter at a time.
"""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL

import yaml
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from sphinx_external_toc.parsing import parse_toc_yaml

from tools.console import fail, plain, say


@dataclass(frozen=True)
class Chapter:
    """A page with cells to run."""

    name: str
    path: Path
    notebook: NotebookNode


def run_changed(root: Path, cache_path: Path) -> None:
    """Run the chapters whose outputs are not in the cache; fail if one of them does."""
    config = yaml.safe_load((root / "_config.yml").read_text())
    cache = get_cache(cache_path)
    chapters = read(root, config["parse"]["myst_enable_extensions"])
    waiting = [chapter for chapter in chapters if not is_cached(cache, chapter)]
    ready = len(chapters) - len(waiting)
    say("chapters", f"{len(waiting)} to run, {ready} from the cache")
    failures = asyncio.run(run(waiting, cache, config["execute"]["timeout"]))
    for name, error in failures.items():
        print(f"\n{name}: a cell failed\n\n{error}")
    if failures:
        fail(f"the book is not built: {', '.join(failures)} failed (see above).")


def read(root: Path, extensions: list[str]) -> list[Chapter]:
    """Read the pages that have cells, in the order of the table of contents.

    Args:
        root: The folder of the book.
        extensions: The MyST extensions in use, so that Sphinx finds the same cells.
    """
    dialect = MdParserConfig(enable_extensions=set(extensions))
    chapters = []
    for docname in parse_toc_yaml(root / "_toc.yml"):
        path = root / f"{docname}.md"
        if not path.exists():
            fail(f"_toc.yml names {docname}, but there is no {docname}.md.")
        text = path.read_text()
        if is_myst_markdown_notebook(text):
            notebook = read_myst_markdown_notebook(text, dialect, path=path)
            chapters.append(Chapter(docname.removeprefix("chapters/"), path, notebook))
    return chapters


def is_cached(cache: JupyterCacheAbstract, chapter: Chapter) -> bool:
    """Whether the outputs of a chapter's cells are in the cache."""
    try:
        cache.match_cache_notebook(chapter.notebook)
    except KeyError:
        return False
    return True


async def run(
    chapters: list[Chapter], cache: JupyterCacheAbstract, timeout: int
) -> dict[str, str]:
    """Run chapters, one a core, and say how it goes; return the errors by chapter."""
    cores = asyncio.Semaphore(os.cpu_count() or 1)
    failures: dict[str, str] = {}
    done = 0

    async def run_one(chapter: Chapter) -> None:
        nonlocal done
        async with cores:
            say("", f"running {chapter.name}")
            start = time.perf_counter()
            error = await execute(chapter, timeout)
            seconds = time.perf_counter() - start
        done += 1
        if error:
            failures[chapter.name] = error
        else:
            data = {"execution_seconds": seconds}
            bundle = CacheBundleIn(chapter.notebook, str(chapter.path), data=data)
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        count = f"[{done}/{len(chapters)}]"
        how = "FAILED" if error else f"{seconds:.1f} s"
        say("", f"{count} {chapter.name}  {how}  ({len(chapters) - done} left)")

    # nbclient would have Ctrl-C stop one kernel, and the build would go on.
    asyncio.get_running_loop().add_signal_handler = no_handler  # type: ignore[method-assign, assignment]
    async with asyncio.TaskGroup() as group:
        for chapter in chapters:
            group.create_task(run_one(chapter))
    return failures


async def execute(chapter: Chapter, timeout: int) -> str | None:
    """Run a chapter's cells in place; return the failing cell and its error, if any."""
    client = NotebookClient(
        chapter.notebook,
        timeout=timeout,
        resources={"metadata": {"path": str(chapter.path.parent)}},
        record_timing=False,  # times in the cells would make every run a different one
    )
    try:
        await client.async_execute(stderr=DEVNULL)  # the kernel's own, not the cells'
    except (CellExecutionError, CellTimeoutError) as error:
        return plain(str(error))
    except DeadKernelError:
        return "Its kernel died; perhaps the memory was not enough."
    return None


def no_handler(*_: object) -> None:
    """Refuse to handle a signal, as an event loop does that cannot."""
    raise RuntimeError
