"""The role `checked`: says that a test proves an equation equal to the code."""

from __future__ import annotations

from docutils import nodes
from docutils.nodes import Node, system_message
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from bookweb.repository import Repository

TEST = "tests/book/test_equations.py"
TEXT = "checked against the code"
_logger = logging.getLogger(__name__)


class CheckedRole(SphinxRole):
    """``{checked}`rule-adam` ``, on a line of its own below that equation."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the note, linked to the test where the repository is known."""
        repository: Repository | None = self.config.book_repository
        note = nodes.inline(classes=["checked"], equation=self.text)
        self.set_source_info(note)
        if repository:
            note += nodes.reference("", TEXT, refuri=repository.file(TEST))
        else:
            note += nodes.Text(TEXT)
        return [note], []


class CheckedLabels(SphinxPostTransform):
    """Warns where a note names an equation that does not exist."""

    default_priority = 5

    def run(self, **kwargs: object) -> None:
        """Look every note's equation up in the book."""
        equations = self.env.domaindata["math"]["objects"]
        for note in self.document.findall(nodes.inline):
            label = note.get("equation")
            if label and label not in equations:
                _logger.warning(
                    "checked: no equation has the label %r", label, location=note
                )


def setup(app: Sphinx) -> None:
    """Register the role and its check."""
    app.add_role("checked", CheckedRole())
    app.add_post_transform(CheckedLabels)
