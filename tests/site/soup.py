"""The built pages, parsed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup


@cache
def soup(file: Path) -> BeautifulSoup:
    """Parse a page, once in each module of tests: kept longer, they fill the memory."""
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
