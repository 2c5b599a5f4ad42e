"""Equation = code: every displayed rule is proved equal, and a wrong one is not."""

import inspect
import re
from collections.abc import Iterator

import pytest
from bookweb.equations import parse, prove

from gradient_ascent import rules

from .chapters import Chapter, book


def in_the_chapters() -> dict[str, str]:
    """The blocks labelled `rule-NAME`: the name of a rule, and its LaTeX."""
    found = {}
    for chapter in book():
        for fence in chapter.fences:
            label = fence.options.get("label", "")
            if fence.name == "math" and label.startswith("rule-"):
                found[label.removeprefix("rule-")] = fence.body
    return found


def in_the_docstrings() -> dict[str, str]:
    """Each rule's `.. math::` block."""
    blocks = {}
    for name, rule in rules.RULES.items():
        text = inspect.getdoc(rule)
        match = re.search(r"\.\. math::(.*?)\n\n(?=\S)", text, re.S)
        blocks[name] = match[1]
    del blocks["legacy"]  # its gradient is reassigned: pinned by tests of its faults
    return blocks


CHAPTERS, DOCSTRINGS = in_the_chapters(), in_the_docstrings()


def mutations(latex: str) -> Iterator[str]:
    """The equation with one sign, epsilon or exponent changed, each in turn."""
    wrong = {"+": "-", "-": "+", r"\epsilon": r"\epsilon^3", "^2": "^3", "^t": "^{t+1}"}
    for match in re.finditer(r"(?<!t)(?<!t )[+-]|\\epsilon|\^2|\^t", latex):
        yield latex[: match.start()] + wrong[match[0]] + latex[match.end() :]


def wrong_blocks() -> list[tuple[str, str]]:
    """Every mutation of every block the chapters display."""
    return [(name, bad) for name, latex in CHAPTERS.items() for bad in mutations(latex)]


@pytest.mark.parametrize("name", ["plain", "momentum", "adam"])
def test_rule_chapters_display_their_rule(name: str) -> None:
    assert name in CHAPTERS


@pytest.mark.parametrize("name", CHAPTERS)
def test_chapter_equation_is_the_code(name: str) -> None:
    prove(parse(CHAPTERS[name]), rules.RULES[name])


@pytest.mark.parametrize("name", DOCSTRINGS)
def test_docstring_equation_is_the_code(name: str) -> None:
    prove(parse(DOCSTRINGS[name]), rules.RULES[name])


@pytest.mark.parametrize(("name", "latex"), wrong_blocks())
def test_mutated_equation_fails(name: str, latex: str) -> None:
    with pytest.raises(AssertionError):
        prove(parse(latex), rules.RULES[name])


def test_mutations_touch_sign_epsilon_and_exponent() -> None:
    assert len(list(mutations(r"a - b^2 + \epsilon - \beta^t x_{t-1}"))) == 6


def test_a_flag_changes_what_is_proved() -> None:
    latex = r"""s_t = s_{t-1} + g_t^2 \\
        \theta_t = \theta_{t-1} + \eta \frac{g_t}{\sqrt{s_t + \epsilon}}"""
    prove(parse(latex), rules.adagrad, eps_in_sqrt=True)
    with pytest.raises(AssertionError):
        prove(parse(latex), rules.adagrad)


def test_unknown_symbol_is_named() -> None:
    latex = r"\theta_t = \theta_{t-1} + \omega g_t"
    with pytest.raises(AssertionError, match="omega"):
        prove(parse(latex), rules.plain)


@pytest.mark.parametrize("chapter", book(), ids=lambda chapter: chapter.name)
def test_an_equation_said_to_be_checked_is(chapter: Chapter) -> None:
    said = re.findall(r"\{checked\}`([^`]*)`", "\n".join(chapter.prose))
    assert set(said) <= {f"rule-{name}" for name in CHAPTERS}
    shown = {f.options.get("label", "") for f in chapter.fences if f.name == "math"}
    assert {label for label in shown if label.startswith("rule-")} == set(said)
