"""Serve the site as some readers get it: with odd types, under a path, with gaps."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any


@contextmanager
def served(
    html: Path, *, at: str = "/", types: Mapping[str, str] = {}, page_404: bool = False
) -> Iterator[str]:
    """Serve a folder, and give the address of its top.

    Args:
        html: The folder.
        at: The path under which it lies; nothing else is there.
        types: What the server calls the files with these endings.
        page_404: Whether it sends the site's own page for what is missing.
    """

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def translate_path(self, path: str) -> str:
            below = path.removeprefix(at) if path.startswith(at) else "no such folder"
            return super().translate_path(f"/{below}")

        def guess_type(self, path: Any) -> str:
            known = (t for ending, t in types.items() if str(path).endswith(ending))
            return next(known, "") or super().guess_type(path)

        def send_error(self, code: int, *args: Any, **kwargs: Any) -> None:
            if code != HTTPStatus.NOT_FOUND or not page_404:
                super().send_error(code, *args, **kwargs)
                return
            body = (html / "404.html").read_bytes()
            self.send_response(code)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    handler = functools.partial(Handler, directory=str(html))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://localhost:{server.server_port}{at.rstrip('/')}"
        finally:
            server.shutdown()
            thread.join()
