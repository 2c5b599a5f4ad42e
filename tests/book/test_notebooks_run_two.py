"""Notebooks run whole, outside the book's folder: the other half of those chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from .notebooks import RUN, run


@pytest.mark.slow
@pytest.mark.parametrize("name", RUN[1])
def test_it_runs(name: str, html: Path) -> None:
    assert run(html, name) == ""
