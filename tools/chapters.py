"""Read the chapters and run their cells, several at once, into the cache that Sphinx reads.

Sphinx would run them one by one. And the cache knows only a chapter's own cells, so everything
else that they depend on is hashed here, and the cache is emptied when that changes.
"""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path

import yaml
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode
from sphinx_external_toc.parsing import parse_toc_yaml

from tools.console import fail, plain, say

QUIET_KERNEL = ["--log-level=ERROR"]  # or each kernel warns that it talks through local ports


@dataclass(frozen=True)
class Chapter:
    """A page with cells to run."""

    name: str
    path: Path
    notebook: NotebookNode


def run_changed(root: Path, cache_path: Path) -> None:
    """Run the chapters whose outputs the cache does not hold; end the program if a cell fails."""
    config = yaml.safe_load((root / "_config.yml").read_text())
    cache = get_cache(cache_path)
    chapters = read(root, config["parse"]["myst_enable_extensions"])
    waiting = [chapter for chapter in chapters if not cached(cache, chapter)]
    say("chapters", f"{len(waiting)} to run, {len(chapters) - len(waiting)} from the cache")
    failures = asyncio.run(run(waiting, cache, config["execute"]["timeout"]))
    for name, error in failures.items():
        print(f"\n{name}: a cell failed\n\n{plain(error)}")
    if failures:
        fail(f"the book is not built: {', '.join(failures)} failed (see above).")


def read(root: Path, extensions: list[str]) -> list[Chapter]:
    """Read every page in the table of contents that has cells, just as Sphinx will read it."""
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


def cached(cache: JupyterCacheAbstract, chapter: Chapter) -> bool:
    """Whether the outputs of a chapter's cells are in the cache."""
    try:
        cache.match_cache_notebook(chapter.notebook)
    except KeyError:
        return False
    return True


async def run(
    chapters: list[Chapter], cache: JupyterCacheAbstract, timeout: int
) -> dict[str, str]:
    """Run chapters, one a core at a time; return what went wrong, by the chapter's name."""
    cores = asyncio.Semaphore(os.cpu_count() or 1)
    failures: dict[str, str] = {}
    done = 0

    async def run_one(chapter: Chapter) -> None:
        nonlocal done
        async with cores:
            say("", f"running {chapter.name}")
            start = time.perf_counter()
            where = {"metadata": {"path": str(chapter.path.parent)}}
            try:
                client = NotebookClient(
                    chapter.notebook,
                    timeout=timeout,
                    resources=where,
                    record_timing=False,  # it would stand in the cells, and no rebuild find them
                    extra_arguments=QUIET_KERNEL,
                )
                await client.async_execute()
            except (CellExecutionError, CellTimeoutError) as error:
                failures[chapter.name] = str(error)
            seconds = time.perf_counter() - start
        done += 1
        left = len(chapters) - done
        if chapter.name in failures:
            say("", f"[{done}/{len(chapters)}] {chapter.name}  FAILED  ({left} left)")
            return
        bundle = CacheBundleIn(
            chapter.notebook, str(chapter.path), data={"execution_seconds": seconds}
        )
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        say("", f"[{done}/{len(chapters)}] {chapter.name}  {seconds:.1f} s  ({left} left)")

    async with asyncio.TaskGroup() as group:
        for chapter in chapters:
            group.create_task(run_one(chapter))
    return failures
