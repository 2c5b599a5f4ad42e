"""Show the built book on localhost: `python -m tools.serve [PORT]`."""

from __future__ import annotations

import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tools.console import fail

HTML = Path(__file__).resolve().parent.parent / "_build" / "html"
PORTS = range(8000, 8100)


class Quiet(SimpleHTTPRequestHandler):
    """Serve files without a line for every one of them."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def main() -> None:
    """Serve on the port asked for, or else on the first that is free from 8000 on."""
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    if asked and not (asked.isdecimal() and 0 < int(asked) < 65536):
        fail(f"PORT must be a number from 1 to 65535, not {asked}.")
    server = listen(HTML, range(int(asked), int(asked) + 1) if asked else PORTS)
    print(f"The book is at http://localhost:{server.server_port}/ (Ctrl-C to stop)")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()


def listen(folder: Path, ports: range) -> ThreadingHTTPServer:
    """Serve a folder, to this machine only, on the first free one of some ports."""
    handler = partial(Quiet, directory=str(folder))
    for port in ports:
        try:
            return ThreadingHTTPServer(("localhost", port), handler)
        except OSError:
            continue
    if len(ports) == 1:
        return fail(f"port {ports[0]} is not to be had; name another: PORT=...")
    return fail(f"no port from {ports[0]} to {ports[-1]} is free; name one: PORT=...")


if __name__ == "__main__":
    main()
