"""The role `checked`: an equation that this build has proved equal to the code."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from docutils.nodes import Node, system_message
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from bookweb.edition import named
from bookweb.repository import Repository

PROVER = "web/bookweb/equations.py"
RULE = "rule-"  # what the label of a rule's equation begins with
SCHEDULE = "schedule-"  # and that of a schedule's
_logger = logging.getLogger(__name__)


class CheckedRole(SphinxRole):
    """``{checked}`rule-adam` ``, on a line of its own below that equation.

    A schedule is told by `schedule-` and the name of its function.
    """

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the note, linked to the prover where the repository is known."""
        repository: Repository | None = self.config.book_repository
        note = nodes.inline(classes=["checked"], equation=self.text)
        self.set_source_info(note)
        text = "checked against the code"
        if repository:
            note += nodes.reference("", text, refuri=repository.file(PROVER))
        else:
            note += nodes.Text(text)
        is_rule = self.text.startswith(RULE)
        what = "parameter and state of" if is_rule else "the factor"
        how = "three steps on symbols" if is_rule else "every step, on symbols"
        name = f"rules.{self.text.removeprefix(RULE).removeprefix(SCHEDULE)}"
        note += nodes.Text(f" at this build: {what} ")
        note += nodes.literal(name, name)
        note += nodes.Text(f", {how}")
        return [note], []


class CheckedEquations(SphinxPostTransform):
    """Proves what the notes of a page say; what is not proved stops the build."""

    default_priority = 5

    def run(self, **kwargs: object) -> None:
        """Hold each note's equation, as it is drawn, against its rule."""
        drawn = {
            formula["label"]: formula.astext()
            for formula in self.document.findall(nodes.math_block)
            if formula.get("label")
        }
        for note in self.document.findall(nodes.inline):
            label = note.get("equation")
            if label and (wrong := self.objection(label, drawn.get(label))):
                _logger.warning("checked: %s", wrong, location=note)

    def objection(self, label: str, latex: str | None) -> str | None:
        """Say why an equation may not be called checked; a proof is done once."""
        proved = Path(self.app.doctreedir, "proved")
        proof = proved / named(label, str(latex))
        if proof.exists():
            return None
        if (wrong := objection(label, latex)) is None:
            proved.mkdir(exist_ok=True)
            proof.touch()
        return wrong


def objection(label: str, latex: str | None) -> str | None:
    """Say why an equation may not be called checked, if it may not."""
    from bookweb.equations import parse, prove, prove_schedule  # SymPy takes a second
    from gradient_ascent.rules import RULES, rate_factor

    if latex is None:
        return f"no equation of this page has the label {label!r}"
    rule = RULES.get(label.removeprefix(RULE)) if label.startswith(RULE) else None
    if rule is None and label != f"{SCHEDULE}{rate_factor.__name__}":
        return (
            f"{label!r} must be {RULE!r} and the name of a rule, "
            f"or {SCHEDULE!r} and that of a schedule"
        )
    try:
        if rule is None:
            prove_schedule(parse(latex), rate_factor)
        else:
            prove(parse(latex), rule)
    except Exception as error:  # the parser of LaTeX raises what it likes
        return f"{label} is not the code: {error}"
    return None


def setup(app: Sphinx) -> None:
    """Register the role and its proof."""
    app.add_role("checked", CheckedRole())
    app.add_post_transform(CheckedEquations)
