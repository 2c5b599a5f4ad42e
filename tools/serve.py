"""Show the built book on localhost: `python -m tools.serve [PORT]`.

Files are sent as a good public host sends them: compressed, over connections that stay
open, and again only when they have changed.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
from functools import lru_cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

from tools.console import fail

HTML = Path(__file__).resolve().parent.parent / "_build" / "html"
PORTS = range(8000, 8100)
MISSING = "404.html"
COMPRESSED = (".woff", ".woff2", ".png", ".zip")  # they are so already


def built() -> Path:
    """Return the folder of the built site, or fail where there is none."""
    if not (HTML / "search.html").exists():
        fail("the site is not built: run `make book` first.")
    return HTML


class Server(ThreadingHTTPServer):
    """A server that says nothing when a reader leaves before a file is sent."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report every error but a connection that was closed."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Handler(SimpleHTTPRequestHandler):
    """Sends the files of one folder."""

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012 - as the base class has it
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
        ".woff2": "font/woff2",
    }

    def send_head(self) -> BytesIO | None:
        """Send the head of the answer to a GET or HEAD, and return the body."""
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            if not self.path.partition("?")[0].endswith("/"):
                super().send_head()  # leads to the address with a slash
                return None
            path /= "index.html"
        if path.is_file():
            return self._send(HTTPStatus.OK, path)
        missing = Path(self.directory, MISSING)
        if missing.is_file():
            return self._send(HTTPStatus.NOT_FOUND, missing)
        self.send_error(HTTPStatus.NOT_FOUND)
        return None

    def _send(self, status: HTTPStatus, path: Path) -> BytesIO | None:
        times = path.stat()
        short = "gzip" in self.headers.get("Accept-Encoding", "")
        body, tag = contents(path, short, times.st_mtime_ns, times.st_size)
        if status == HTTPStatus.OK and tag in self.headers.get("If-None-Match", ""):
            status, body = HTTPStatus.NOT_MODIFIED, b""
        self.send_response(status)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", self._type(path))
            self.send_header("Content-Length", str(len(body)))
            if short and path.suffix not in COMPRESSED:
                self.send_header("Content-Encoding", "gzip")
        self.send_header("ETag", tag)
        self.send_header("Vary", "Accept-Encoding")
        # What is asked for by its edition never changes; all else is asked for anew.
        named = "?v=" in self.path
        kept = "max-age=31536000, immutable" if named else "no-cache"
        self.send_header("Cache-Control", kept)
        self.end_headers()
        return BytesIO(body)

    def _type(self, path: Path) -> str:
        kind = self.guess_type(path)
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@lru_cache(maxsize=256)
def contents(path: Path, short: bool, changed: int, size: int) -> tuple[bytes, str]:
    """Return a file as it is sent, and a tag that changes when it does."""
    body = path.read_bytes()
    if short and path.suffix not in COMPRESSED:
        body = gzip.compress(body, mtime=0)
    return body, f'"{hashlib.sha256(body).hexdigest()[:16]}"'


def main() -> None:
    """Serve on the port asked for, or else on the first that is free from 8000 on."""
    server = listen(HTML, ports_asked_for())
    print(f"The book is at http://localhost:{server.server_port}/ (Ctrl-C to stop)")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()


def ports_asked_for() -> range:
    """Return the port that the command line names, or else all that will do."""
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    if asked and not (asked.isdecimal() and 0 < int(asked) < 65536):
        fail(f"PORT must be a number from 1 to 65535, not {asked}.")
    return range(int(asked), int(asked) + 1) if asked else PORTS


def listen(folder: Path, ports: range) -> Server:
    """Serve a folder, to this machine only, on the first free one of some ports."""
    handler = partial(Handler, directory=str(folder))
    for port in ports:
        try:
            return Server(("localhost", port), handler)
        except OSError:
            continue
    if len(ports) == 1:
        return fail(f"port {ports[0]} is not to be had; name another: PORT=...")
    return fail(f"no port from {ports[0]} to {ports[-1]} is free; name one: PORT=...")


if __name__ == "__main__":
    main()
