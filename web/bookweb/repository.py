"""The book's repository, and the buttons that lead there: none known, none shown."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

BRANCH = "main"
# https://host/owner/name(.git), ssh://git@host/owner/name or git@host:owner/name,
# with a user or token left out
_REMOTE = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^@/]+@)?|[\w.-]+@)"
    r"(?P<host>[\w.-]+)(?::\d+(?=/))?[:/](?P<path>[\w./-]+?)(?:\.git)?/?"
)


@dataclass(frozen=True)
class Repository:
    """A repository on a forge."""

    url: str
    provider: str

    def file(self, path: str) -> str:
        """Return the address of one file, as it stands on the main branch."""
        infix = "-/blob" if self.provider == "gitlab" else "blob"
        return f"{self.url}/{infix}/{BRANCH}/{path}"


def _provider(host: str) -> str | None:
    return next(
        (name for name in ("github", "gitlab") if name in host.lower().split(".")), None
    )


def find(environment: Mapping[str, str], remote: str) -> Repository | None:
    """Find the repository that the book is built from.

    Args:
        environment: The process's; its `GITHUB_REPOSITORY` (owner/name) comes first.
        remote: The address of git's remote `origin`, or "".

    Returns:
        The repository, or None where neither leads to GitHub or GitLab.
    """
    if name := environment.get("GITHUB_REPOSITORY"):
        server = environment.get("GITHUB_SERVER_URL", "https://github.com")
        return Repository(f"{server}/{name}", "github")
    match = _REMOTE.fullmatch(remote)
    provider = match and _provider(match["host"])
    if not (match and provider):
        return None
    return Repository(f"https://{match['host']}/{match['path']}", provider)


def pages_address(environment: Mapping[str, str]) -> str:
    """Return where GitHub Pages shows a site that GitHub builds, else nothing."""
    owner, _, name = environment.get("GITHUB_REPOSITORY", "").partition("/")
    return f"https://{owner.lower()}.github.io/{name}/" if name else ""


def _origin(folder: Path) -> str:
    try:
        answer = subprocess.run(
            ["git", "-C", str(folder), "remote", "get-url", "origin"],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:  # no git: a book from an archive
        return ""
    return answer.stdout.strip()


def _show_buttons(app: Sphinx, config: Config) -> None:
    config.book_repository = found = find(os.environ, _origin(Path(app.srcdir)))
    config.html_baseurl = config.html_baseurl or pages_address(os.environ)
    if found:
        config.html_theme_options |= {
            "repository_url": found.url,
            "repository_provider": found.provider,
            "repository_branch": BRANCH,
            "use_repository_button": True,
            "use_edit_page_button": True,
            "use_issues_button": True,
        }


def setup(app: Sphinx) -> None:
    """Register the search for the repository."""
    app.add_config_value(
        "book_repository", None, "html", types=(Repository, type(None))
    )
    app.connect("config-inited", _show_buttons)
