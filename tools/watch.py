"""Show the book and keep it up to date: `python -m tools.watch [PORT]`.

After each save the book is built again, and the browser loads its page anew. What is
served is a copy of the site, whose pages have one script more; the site itself never
has it. A build that fails says why and leaves the pages as they were.
"""

from __future__ import annotations

import shutil
import sys
import threading
import time
from pathlib import Path

from tools import beside
from tools.alone import alone
from tools.book import HTML, OUTPUTS_DEPEND_ON, PAGES_DEPEND_ON, build, files
from tools.console import say
from tools.environment import BUILD, enter
from tools.serve import listen, ports_asked_for

SHOWN = BUILD / "watched"
WATCHED = ["chapters", *PAGES_DEPEND_ON, *OUTPUTS_DEPEND_ON]
EDITION = "edition.txt"
PAUSE = 0.2
RELOAD = Path(__file__).with_name("watch.js")
WAITING = """\
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Gradient Ascent</title></head>
<body><p>The book is being built; this page will be it.</p></body></html>
"""


def main() -> None:
    """Serve the book and build it whenever a file is saved, until interrupted."""
    enter()
    ports = ports_asked_for()
    try:
        with alone(BUILD):
            show(HTML)
        with listen(SHOWN, ports) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            say("watching", f"http://localhost:{server.server_port}/ (Ctrl-C to stop)")
            keep_up()
    except KeyboardInterrupt:
        print()


def keep_up() -> None:
    """Build now, and again after each save."""
    built: dict[Path, int] = {}
    while True:
        if (now := saved()) != built:
            built = now
            attempt()
        time.sleep(PAUSE)


def saved() -> dict[Path, int]:
    """When each file that the book is made from was last saved."""
    times = {}
    for file in files(WATCHED):
        try:
            times[file] = file.stat().st_mtime_ns
        except FileNotFoundError:  # an editor is just putting the new one there
            continue
    return times


def attempt() -> None:
    """Build and show what is built, or say why it cannot be."""
    start = time.perf_counter()
    try:
        with alone(BUILD):
            build(every_page=False)
            show(HTML)
    except (SystemExit, FileNotFoundError) as error:
        print(error, file=sys.stderr, flush=True)
    else:
        say("watching", f"shown after {time.perf_counter() - start:.1f} s")


def show(site: Path) -> None:
    """Serve a copy of the site that loads itself anew when the next one is there."""
    edition = time.time_ns()
    new = beside.begin(SHOWN, like=site)
    if not site.exists():
        (new / "index.html").write_text(WAITING, encoding="utf-8")
    script = f'<script src="/{RELOAD.name}" data-edition="{edition}"></script></body>'
    for page in new.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace("</body>", script), encoding="utf-8")
    shutil.copy(RELOAD, new)
    (new / EDITION).write_text(str(edition))
    beside.finish(SHOWN)


if __name__ == "__main__":
    main()
