"""Pack the built site as one file, to be read without a network: `make zip`."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tools.console import say
from tools.environment import BUILD, ROOT
from tools.serve import COMPRESSED, built

NAME = "gradient-ascent-book"
TARGET = BUILD / f"{NAME}.zip"
READ_ME = """\
Gradient Ascent

Open index.html in a browser. All can be read so, and the search finds. Pictures that
move, and Python in the page, need a server, for a browser runs neither from a file:

    python -m http.server 8000

in this folder, and then http://localhost:8000 in the browser.
"""


def pack(site: Path, target: Path) -> None:
    """Put a site into a zip, in a folder of its own, with a word on how to open it."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(f"{NAME}/READ-ME.txt", READ_ME)
        for file in sorted(path for path in site.rglob("*") if path.is_file()):
            short = file.suffix in COMPRESSED
            how = zipfile.ZIP_STORED if short else zipfile.ZIP_DEFLATED
            packed.write(file, f"{NAME}/{file.relative_to(site)}", how)


def main() -> None:
    """Pack the book."""
    pack(built(), TARGET)
    size = TARGET.stat().st_size / 1_000_000
    say("zip", f"{TARGET.relative_to(ROOT)}, {size:.0f} MB")


if __name__ == "__main__":
    main()
