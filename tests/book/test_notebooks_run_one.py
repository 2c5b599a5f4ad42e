"""Notebooks run whole, outside the book's folder: half of those chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from .notebooks import RUN, run


@pytest.mark.slow
@pytest.mark.parametrize("name", RUN[0])
def test_it_runs(name: str, html: Path) -> None:
    assert run(html, name) == ""
