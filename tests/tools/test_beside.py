"""A folder takes another's place whole, or not at all."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tools import beside


def test_the_new_takes_the_place_of_the_old(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "page").write_text("old")
    (site / "gone").write_text("")
    new = beside.begin(site)
    (new / "page").write_text("new")
    assert (site / "page").read_text() == "old"
    beside.finish(site)
    assert {f.name: f.read_text() for f in site.iterdir()} == {"page": "new"}
    assert list(tmp_path.iterdir()) == [site]


def test_it_may_begin_as_a_copy_with_its_times(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "page").write_text("old")
    os.utime(site / "page", ns=(10**18, 10**18))
    new = beside.begin(site, like=site)
    assert (new / "page").stat().st_mtime_ns == 10**18
    (new / "page").write_text("new")
    assert (site / "page").read_text() == "old"


def test_what_an_unfinished_build_left_is_no_part_of_the_next(tmp_path: Path) -> None:
    (beside.begin(tmp_path / "site") / "half").touch()
    assert list(beside.begin(tmp_path / "site").iterdir()) == []


def test_a_site_put_aside_when_the_power_went_comes_back(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (tmp_path / "site.old").mkdir()
    (tmp_path / "site.old" / "page").write_text("old")
    beside.begin(site)
    assert (site / "page").read_text() == "old"


def test_an_interrupt_waits_for_the_end_of_the_exchange() -> None:
    done = False
    with pytest.raises(KeyboardInterrupt):
        with beside.no_interrupt():
            os.kill(os.getpid(), signal.SIGINT)
            done = True
        pytest.fail("the interrupt is lost")
    assert done
