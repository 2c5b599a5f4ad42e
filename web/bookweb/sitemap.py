"""`sitemap.xml` and `robots.txt`, where it is known at which address they stand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from sphinx.application import Sphinx

ROBOTS = "User-agent: *\nAllow: /\n\nSitemap: {}\n"


def sitemap(addresses: Iterable[str]) -> str:
    """List a site's pages, as https://www.sitemaps.org/protocol.html asks."""
    found = "".join(f"<url><loc>{escape(each)}</loc></url>\n" for each in addresses)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}\n<urlset xmlns="{space}">\n{found}</urlset>\n'


def _write(app: Sphinx, error: Exception | None) -> None:
    top = app.config.html_baseurl
    if error or app.builder.format != "html" or not top:
        return
    pages = sorted(app.env.found_docs)
    uris = [top + app.builder.get_target_uri(page) for page in pages]
    Path(app.outdir, "sitemap.xml").write_text(sitemap(uris), encoding="utf-8")
    robots = ROBOTS.format(top + "sitemap.xml")
    Path(app.outdir, "robots.txt").write_text(robots, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the two files."""
    app.connect("build-finished", _write)
