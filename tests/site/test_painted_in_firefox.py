"""Painted = written: every formula of every page, in Firefox, wide and narrow.

Chromium also paints the dark and the printed page, which differ in style sheets alone.
Each browser has a file of its own, so that two workers share them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.contents import chapters
from tests.site.painting import Painter

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def painter() -> Iterator[Painter]:
    with Painter("firefox") as painter:
        yield painter


@pytest.mark.parametrize("name", chapters())
def test_formulas_are_painted_in_firefox(
    painter: Painter, address: str, name: str, tmp_path: Path
) -> None:
    _, found = painter.faults(f"{address}/{name}.html", tmp_path, ("light", "phone"))
    assert not found, "\n".join(found[:20])
