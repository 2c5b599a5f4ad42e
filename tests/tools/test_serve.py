"""The server takes a free port, or says that it cannot."""

from __future__ import annotations

import threading
import urllib.request
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from tools import serve


def test_a_page_is_served_on_a_free_port(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("hello")
    with serve.listen(tmp_path, range(1)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://localhost:{server.server_port}/"
        with urllib.request.urlopen(address) as answer:
            assert answer.read() == b"hello"
        server.shutdown()
        thread.join()


def test_a_port_in_use_is_passed_over_or_named(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("localhost", 0), serve.Quiet) as other:
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
