"""The pages of the book, as the table of contents lists them."""

from __future__ import annotations

from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def chapters() -> list[str]:
    """Return the book's pages in reading order, without suffix."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [
        toc["root"],
        *(c["file"] for part in toc["parts"] for c in part["chapters"]),
    ]
