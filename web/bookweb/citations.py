"""How a list of works looks: by author, without labels, the paper a click away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pybtex.database import Entry
from pybtex.plugin import register_plugin
from pybtex.style.formatting.unsrt import Style as PlainStyle
from pybtex.style.labels import BaseLabelStyle
from sphinx.application import Sphinx


class KeyLabels(BaseLabelStyle):
    """The key as label: unique in the book, and hidden by the style sheet."""

    def format_labels(self, sorted_entries: Iterable[Entry]) -> Iterator[str]:
        """Return each entry's key."""
        return (entry.key for entry in sorted_entries)


class BookStyle(PlainStyle):
    """Plain entries in the order of author, year, title."""

    default_sorting_style = "author_year_title"
    default_label_style = KeyLabels


def setup(app: Sphinx) -> None:
    """Register the style under the name `book`."""
    register_plugin("pybtex.style.formatting", "book", BookStyle)
