"""What pages show of the code holds for one edition of it."""

from __future__ import annotations

import hashlib
from functools import cache

from bookweb.assets import NOTATION, WEB


@cache
def edition() -> str:
    """Hash the package, what draws and proves it, and the table of its symbols."""
    folders = WEB.parent / "gradient_ascent", WEB / "bookweb"
    total = hashlib.sha256(NOTATION.read_bytes())
    for file in sorted(file for folder in folders for file in folder.rglob("*.py")):
        total.update(f"\0{file.relative_to(WEB.parent)}\0".encode())
        total.update(file.read_bytes())
    return total.hexdigest()


def named(*made_from: str) -> str:
    """Return a name for what is made from some texts and this edition."""
    whole = "\0".join([edition(), *made_from])
    return hashlib.sha256(whole.encode()).hexdigest()[:16]
