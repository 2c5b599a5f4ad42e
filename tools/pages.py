"""Measure the built pages in a browser: weight, Python's start, redraws, Lighthouse."""

from __future__ import annotations

import gzip
import json
import os
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Response, sync_playwright

from tools.browser import chromium, executable
from tools.console import fail, say
from tools.serve import listen

WEB = Path(__file__).resolve().parent.parent / "web"
MEGABYTE = 1_000_000
JUDGED = ("intro", "adaptive/adam", "momentum/momentum")
REDRAWS = 20
RUNS = 3  # of Lighthouse, whose points vary from run to run
# One more redraw of the page's first lab, and how long the last one took.
NUDGE = """() => {
  const slider = document.querySelector(".trace-lab details[open] input[type=range]");
  slider.stepUp(slider.value === slider.max ? -1 : 1);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}"""
REDRAWN = (
    'performance.getEntriesByType("measure").filter((m) => m.name.startsWith("redraw"))'
)
# The last of the files that the next visit finds here.
KEPT = """async () => {
  const requests = await (await caches.open(`${new URL("/", location)} kept`)).keys();
  return requests.some(({ url }) => url.includes("python_stdlib.zip"));
}"""
ALL_PICTURES = """async () => {
  const pictures = [...document.images];
  for (const picture of pictures) picture.loading = "eager";
  // Not `decode`, whose promise is not always kept.
  const arrived = (picture) => picture.complete || new Promise((done) => {
    picture.onload = picture.onerror = done;
  });
  await Promise.all(pictures.map(arrived));
}"""
Row = tuple[str, float, float, str]  # what, measured, budget (0 for none), unit


def page_rows(html: Path) -> list[Row]:
    """Measure everything, in browsers that have seen none of it before."""
    try:
        with served(html) as address:
            with chromium() as browser:
                rows = [*weights(browser, html, address), *live_times(browser, address)]
            return rows + lighthouse(address)
    except FileNotFoundError as error:
        fail(f"{error}.")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder to this machine, and give its address."""
    with listen(folder, range(1)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


def weights(browser: Browser, html: Path, address: str) -> list[Row]:
    """Load every page, untouched; then all its pictures, as if it were read through."""
    rows: list[Row] = []
    read: list[float] = []
    for path in sorted(html.glob("chapters/**/*.html")):
        name = path.relative_to(html).as_posix()
        say("budgets", f"loading {name}")
        page = browser.new_context().new_page()
        weight, through = (n / MEGABYTE for n in transferred(page, address + name))
        rows.append((f"  {name.removeprefix('chapters/')}", weight, 0.5, "MB"))
        read.append(through)
        page.context.close()
    heaviest = max(rows, key=lambda row: row[1])
    last: Row = ("heaviest page with all its pictures, gzip", max(read), 0, "MB")
    return [("heaviest page, gzip", *heaviest[1:]), *rows, last]


def transferred(page: Page, address: str) -> tuple[int, int]:
    """Load a page; return the bytes of all it asks for, as a server would send them.

    Returns:
        Before it is touched, and with the pictures that come as the reader goes down.
    """
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))
    page.goto(address, wait_until="networkidle")
    untouched = sum(map(sent, responses))
    page.evaluate(ALL_PICTURES)
    return untouched, sum(map(sent, responses))


def sent(response: Response) -> int:
    """Return the bytes of one answer, compressed if that makes it smaller."""
    body = response.body() if response.ok else b""
    return min(len(body), len(gzip.compress(body)))


def live_times(browser: Browser, address: str) -> list[Row]:
    """Touch a lab: how long until it has drawn, on two visits, and to draw again."""
    say("budgets", "touching a lab")
    context = browser.new_context()
    first = until_drawn(page := context.new_page(), address)
    took = []
    for _ in range(REDRAWS):
        before = page.evaluate(f"{REDRAWN}.length")
        page.evaluate(NUDGE)
        page.wait_for_function(f"() => {REDRAWN}.length > {before}")
        took.append(page.evaluate(f"{REDRAWN}.at(-1).duration"))
    while not page.evaluate(KEPT):
        page.wait_for_timeout(100)
    second = until_drawn(context.new_page(), address)
    context.close()
    return [
        ("Python, from the first touch to the picture", first, 3, "s"),
        ("  on the second visit", second, 3, "s"),
        (f"redraw, median of {REDRAWS}", statistics.median(took), 60, "ms"),
    ]


def until_drawn(page: Page, address: str) -> float:
    """Open a page with a lab, touch it, and return the seconds until it is drawn."""
    page.goto(f"{address}chapters/intro.html", wait_until="networkidle")
    page.locator(".trace-lab").first.scroll_into_view_if_needed()
    page.locator(".trace-lab details[open] input[type=range]").first.wait_for()
    began = page.evaluate("performance.now()")
    page.evaluate(NUDGE)
    page.wait_for_function(f"() => {REDRAWN}.length > 0", timeout=120_000)
    ended = page.evaluate(f"{REDRAWN}[0].startTime + {REDRAWN}[0].duration")
    return float(ended - began) / 1000


def lighthouse(address: str) -> list[Row]:
    """Let Lighthouse judge some pages, on the slow phone it imitates: its median."""
    rows: list[Row] = []
    with sync_playwright() as playwright:
        chrome = executable(playwright)
    for name in JUDGED:
        say("budgets", f"Lighthouse on {name}")
        runs = [judged(f"{address}chapters/{name}.html", chrome) for _ in range(RUNS)]
        for category, budget in (("performance", 95), ("accessibility", 100)):
            score = statistics.median(100 * run[category]["score"] for run in runs)
            rows.append((f"Lighthouse {category}: {name}", score, budget, "points"))
    return rows


def judged(url: str, chrome: str) -> dict[str, dict[str, float]]:
    """Run Lighthouse; return its categories."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [
        str(WEB / "node_modules" / ".bin" / "lighthouse"),
        url,
        "--quiet",
        "--output=json",
        "--only-categories=performance,accessibility",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]
    done = subprocess.run(
        command,
        env={**os.environ, "PATH": path, "CHROME_PATH": chrome},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        fail(f"Lighthouse did not judge {url}: {done.stderr.strip()[-300:]}")
    categories: dict[str, dict[str, float]] = json.loads(done.stdout)["categories"]
    return categories
