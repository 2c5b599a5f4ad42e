"""How a page leads to its notebook: a download, and where it opens without one.

Binder and Colab open files of a repository on GitHub. There the notebooks are on a
branch of their own, to which the workflow `book` pushes what it has built and tested.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from bookweb.notebook import place
from bookweb.repository import Repository

BRANCH = "notebooks"
BINDER = "https://mybinder.org/v2/gh/{name}/{branch}?urlpath=lab/tree/{file}"
COLAB = "https://colab.research.google.com/github/{name}/blob/{branch}/{file}"
GITHUB = "https://github.com/"


def download(file: str) -> dict[str, str]:
    """Return the button that fetches a notebook, which lies beside the page."""
    return {
        "type": "link",
        "url": PurePosixPath(file).name,
        "text": "Download notebook",
        "tooltip": "Download this chapter as a notebook",
        "icon": "fas fa-book",
        "label": "download-notebook-button",
    }


def launch(repository: Repository, file: str) -> dict[str, Any]:
    """Return the buttons that open a notebook elsewhere, in one menu."""
    name = repository.url.removeprefix(GITHUB)
    buttons = [
        {
            "type": "link",
            "url": address.format(name=name, branch=BRANCH, file=file),
            "text": where,
            "tooltip": f"Run this chapter in {where}",
            "icon": icon,
        }
        for where, address, icon in (
            ("Binder", BINDER, "_static/images/logo_binder.svg"),
            ("Colab", COLAB, "_static/images/logo_colab.png"),
        )
    ]
    return {
        "type": "group",
        "tooltip": "Run this chapter elsewhere",
        "icon": "fas fa-rocket",
        "buttons": buttons,
        "label": "launch-buttons",
    }


def _add(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    file = place(app, pagename) if doctree is not None else ""
    if not file:
        return
    buttons = context["header_buttons"]
    for group in buttons:
        if group.get("label") == "download-buttons":
            group["buttons"].insert(0, download(file))
    repository: Repository | None = app.config.book_repository
    if repository and repository.url.startswith(GITHUB):
        buttons.insert(0, launch(repository, file))


def setup(app: Sphinx) -> None:
    """Register the buttons, once the theme has made its own."""
    app.connect("html-page-context", _add, priority=910)
