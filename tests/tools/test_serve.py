"""The server sends files as a good host does, on a free port, or says it cannot."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from tools import serve


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Callable[..., HTTPResponse]]:
    """Serve a small site, and return a function that asks it for a path."""
    (tmp_path / "index.html").write_text("hello " * 100)
    (tmp_path / "404.html").write_text("no such page")
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "index.html").write_text("inside")
    for name in ("a.mjs", "a.js", "a.wasm", "a.svg", "a.woff2", "a.json"):
        (tmp_path / name).write_bytes(b"1")
    with serve.listen(tmp_path, range(1)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        lines = HTTPConnection("localhost", server.server_port)

        def ask(path: str, method: str = "GET", **headers: str) -> HTTPResponse:
            named = {name.replace("_", "-"): text for name, text in headers.items()}
            lines.request(method, path, headers=named)
            return lines.getresponse()

        yield ask
        lines.close()
        server.shutdown()
        thread.join()


def test_a_page_is_sent_short_and_only_when_it_has_changed(
    ask: Callable[..., HTTPResponse], tmp_path: Path
) -> None:
    plain = ask("/")
    assert plain.read() == b"hello " * 100
    assert plain.getheader("Content-Encoding") is None
    short = ask("/", Accept_Encoding="gzip, br")
    assert short.getheader("Content-Encoding") == "gzip"
    assert short.getheader("Vary") == "Accept-Encoding"
    assert short.getheader("Cache-Control") == "no-cache"
    body, tag = short.read(), short.getheader("ETag")
    assert gzip.decompress(body) == b"hello " * 100
    again = ask("/", Accept_Encoding="gzip", If_None_Match=tag)
    assert (again.status, again.read()) == (304, b"")
    (tmp_path / "index.html").write_text("hello again")
    new = ask("/", Accept_Encoding="gzip", If_None_Match=tag)
    assert (new.status, gzip.decompress(new.read())) == (200, b"hello again")


def test_what_is_asked_for_by_its_edition_is_kept(
    ask: Callable[..., HTTPResponse],
) -> None:
    answer = ask("/a.js?v=1234")
    assert "immutable" in answer.getheader("Cache-Control")
    answer.read()


def test_a_head_has_no_body_and_a_folder_leads_to_its_page(
    ask: Callable[..., HTTPResponse],
) -> None:
    head = ask("/", "HEAD")
    assert (head.getheader("Content-Length"), head.read()) == ("600", b"")
    moved = ask("/part")
    assert (moved.status, moved.getheader("Location")) == (301, "/part/")
    moved.read()
    assert ask("/part/").read() == b"inside"


@pytest.mark.parametrize("path", ["/none.html", "/a/b/none", "/../secret", "/%2e%2e/x"])
def test_what_is_not_there_is_said_by_the_sites_own_page(
    ask: Callable[..., HTTPResponse], path: str
) -> None:
    answer = ask(path)
    assert (answer.status, answer.read()) == (404, b"no such page")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.mjs", "text/javascript; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.wasm", "application/wasm"),
        ("a.svg", "image/svg+xml"),
        ("a.woff2", "font/woff2"),
        ("a.json", "application/json"),
        ("404.html", "text/html; charset=utf-8"),
    ],
)
def test_files_say_what_they_are(
    ask: Callable[..., HTTPResponse], name: str, kind: str
) -> None:
    answer = ask(f"/{name}", Accept_Encoding="gzip")
    assert answer.getheader("Content-Type") == kind
    assert (answer.getheader("Content-Encoding") is None) == (name == "a.woff2")
    answer.read()


def test_a_reader_who_leaves_is_no_error(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with serve.listen(tmp_path, range(1)) as server:
        for error in (BrokenPipeError(), ConnectionResetError()):
            try:
                raise error
            except ConnectionError:
                server.handle_error(None, None)
        assert capfd.readouterr() == ("", "")
        try:
            raise ValueError
        except ValueError:
            server.handle_error(None, None)
        assert "ValueError" in capfd.readouterr().err


def test_a_port_in_use_is_passed_over_or_named(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("localhost", 0), serve.Handler) as other:
        taken = other.server_port
        with pytest.raises(SystemExit, match=f"error: port {taken} is not to be had"):
            serve.listen(tmp_path, range(taken, taken + 1))
        with serve.listen(tmp_path, range(taken, taken + 100)) as server:
            assert server.server_port > taken


@pytest.mark.parametrize("port", ["x", "0", "65536", "-1"])
def test_a_port_that_is_none(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["serve", port])
    with pytest.raises(SystemExit, match=f"error: PORT must be a number .* not {port}"):
        serve.main()
