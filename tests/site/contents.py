"""The pages of the book, as the table of contents lists them."""

from __future__ import annotations

from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def chapters() -> list[str]:
    """Return the book's pages in reading order, without suffix."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    parts = [each for part in toc["parts"] for each in part["chapters"]]
    pages = [page for each in parts for page in (each, *each.get("sections", []))]
    return [toc["root"], *(page["file"] for page in pages)]
