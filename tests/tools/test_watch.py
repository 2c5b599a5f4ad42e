"""`make watch` shows what was saved last; the site itself has no trace of it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.tools.conftest import PATIENCE, Book
from tests.tools.test_book import heed_interrupts, wait_for
from tools import serve, watch

STRICT = "default-src 'none'; script-src 'self'; connect-src 'self'"
PAGE = f"""\
<html><head><meta http-equiv="Content-Security-Policy" content="{STRICT}"></head>
<body><p>{{}}</p></body></html>
"""


@pytest.mark.browser
def test_a_page_with_a_strict_policy_is_loaded_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: Browser
) -> None:
    monkeypatch.setattr(watch, "SHOWN", tmp_path / "shown")
    site, page = tmp_path / "site", browser.new_page()
    watch.show(site)
    with serve.listen(watch.SHOWN, range(1)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page.goto(f"http://localhost:{server.server_port}/index.html")
        expect(page.locator("p")).to_contain_text("is being built")
        for words in ("one", "two"):
            site.mkdir(exist_ok=True)
            (site / "index.html").write_text(PAGE.format(words))
            watch.show(site)
            expect(page.locator("p")).to_have_text(words)
        server.shutdown()
    assert (site / "index.html").read_text() == PAGE.format("two")
    page.close()


def written(book: Book) -> dict[Path, str]:
    """Return the pages, without the checksums of the sheets that they load."""
    pages = book.page("first").parent.rglob("*.html")
    return {page: re.sub(r"\?v=\w+", "", page.read_text()) for page in pages}


@pytest.mark.browser
@pytest.mark.build
def test_what_is_saved_is_shown_and_a_mistake_is_told(
    book: Book, browser: Browser
) -> None:
    page = browser.new_page()
    with subprocess.Popen(
        [sys.executable, "-m", "tools.watch"],
        cwd=book.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=heed_interrupts,
    ) as process:
        assert process.stdout
        found = re.search(r"http://localhost:\d+/", process.stdout.readline())
        assert found
        wait_for("shown after", process.stdout)
        page.goto(f"{found[0]}chapters/part/second.html")
        text = page.locator("article")

        book.chapter("part/second", "Second", "print(6 * 7)", "\nA new word.\n")
        expect(text).to_contain_text("A new word.")
        wait_for("shown after", process.stdout)

        wrong = "\n{ref}`nowhere`\n"
        book.chapter("part/second", "Second", "print(6 * 7)", wrong)
        wait_for("error: chapters/part/second.md:11: undefined label", process.stdout)
        expect(text).to_contain_text("A new word.")

        book.chapter("part/second", "Retitled", "print(7 * 8)", "\nAll is well.\n")
        expect(text).to_contain_text("56")
        expect(text).to_contain_text("All is well.")
        wait_for("shown after", process.stdout)
        assert "Retitled" in book.page("first").read_text()

        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=PATIENCE)[0].strip() == ""
    assert process.returncode == 0
    assert "watch.js" not in book.page("part/second").read_text()
    assert not list((book.root / "_build" / "html").rglob("watch.js"))

    # What was written page by page is what is written in one go.
    shown = written(book)
    assert book.build().returncode == 0
    assert written(book) == shown
    page.close()


@pytest.mark.parametrize("port", ["x", "0", "65536"])
def test_a_port_that_is_none(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["watch", port])
    monkeypatch.setattr(watch, "enter", lambda: None)
    with pytest.raises(SystemExit, match=f"error: PORT must be a number .* not {port}"):
        watch.main()
