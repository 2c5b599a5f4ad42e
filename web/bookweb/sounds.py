"""Sounds that cells have made: files of the site, loaded when they are played."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

FOLDER = "_static/sounds"
_INSIDE = re.compile(r'src="data:audio/wav;base64,([\w+/=]+)"')


def taken_out(body: str) -> tuple[str, dict[str, bytes]]:
    """Return a page whose sounds are named, with `{folder}` before each, and these.

    A name comes from what is in the file: the same sound has one file, and a browser
    that has kept another does not play it.
    """
    files: dict[str, bytes] = {}

    def named(inside: re.Match[str]) -> str:
        sound = base64.b64decode(inside[1])
        name = f"{hashlib.sha256(sound).hexdigest()[:16]}.wav"
        files[name] = sound
        return f'src="{{folder}}/{name}"'

    return _INSIDE.sub(named, body), files


def _write(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    body, files = taken_out(context.get("body", ""))
    if not files:
        return
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, sound in files.items():
        (folder / name).write_bytes(sound)
    above = context["pathto"](FOLDER, resource=True)
    context["body"] = body.replace('src="{folder}/', f'src="{above}/')


def setup(app: Sphinx) -> None:
    """Register the writing, before other parts look at the page."""
    app.connect("html-page-context", _write, priority=400)
