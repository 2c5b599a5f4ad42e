"""The site as one file: all of it, in a folder, with a word on how to open it."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tools.zip import NAME, pack


def test_all_of_the_site_is_in_it(tmp_path: Path) -> None:
    site = tmp_path / "html"
    (site / "a b").mkdir(parents=True)
    (site / "index.html").write_text("<p>" * 1000)
    (site / "a b" / "c.png").write_bytes(bytes(range(256)))
    pack(site, tmp_path / "book.zip")
    with zipfile.ZipFile(tmp_path / "book.zip") as packed:
        assert packed.testzip() is None
        assert sorted(packed.namelist()) == [
            f"{NAME}/READ-ME.txt",
            f"{NAME}/a b/c.png",
            f"{NAME}/index.html",
        ]
        assert packed.read(f"{NAME}/a b/c.png") == bytes(range(256))
        assert packed.getinfo(f"{NAME}/index.html").compress_size < 100
        assert b"http.server" in packed.read(f"{NAME}/READ-ME.txt")
