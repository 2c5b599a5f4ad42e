"""The directive `pip-line`: the command that installs the package, with torch."""

from __future__ import annotations

from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from bookweb.repository import Repository

HERE = 'pip install ".[torch]"  # in the book\'s folder'


def requirement(extras: str, repository: Repository) -> str:
    """Return what pip installs: the package, from its repository."""
    return f"gradient-ascent-book[{extras}] @ git+{repository.url}"


def command(repository: Repository | None) -> str:
    """Return the command: from the repository, where it is known."""
    if repository is None:
        return HERE
    return f'pip install "{requirement("torch", repository)}"'


class PipLine(SphinxDirective):
    """```{pip-line}``` takes nothing."""

    def run(self) -> list[Node]:
        """Return the command as code, which has a button that copies it."""
        line = command(self.config.book_repository)
        return [nodes.literal_block(line, line, language="sh")]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("pip-line", PipLine)
