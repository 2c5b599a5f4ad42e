"""Equation = code: every displayed rule is proved equal, and a wrong one is not."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from bookweb.equations import parse, prove, prove_schedule

from gradient_ascent import rules
from gradient_ascent.ops import sign

from .chapters import Chapter, book


def in_the_chapters(kind: str) -> dict[str, str]:
    """The blocks labelled `rule-NAME` or `schedule-NAME`: the name, and the LaTeX."""
    found = {}
    for chapter in book():
        for fence in chapter.fences:
            label = fence.options.get("label", "")
            if fence.name == "math" and label.startswith(kind):
                found[label.removeprefix(kind)] = fence.body
    return found


def in_the_docstrings() -> dict[str, str]:
    """Each rule's `.. math::` block."""
    blocks = {}
    for name, rule in rules.RULES.items():
        text = inspect.getdoc(rule)
        match = re.search(r"\.\. math::(.*?)\n\n(?=\S)", text, re.S)
        assert match, f"the docstring of rules.{name} has no formula, as `.. math::`"
        blocks[name] = match[1]
    return blocks


CHAPTERS, DOCSTRINGS = in_the_chapters("rule-"), in_the_docstrings()
SCHEDULES = in_the_chapters("schedule-")


def mutations(latex: str) -> Iterator[str]:
    """The equation with one sign, epsilon or exponent changed, each in turn."""
    wrong = {"+": "-", "-": "+", r"\epsilon": r"\epsilon^3", "^2": "^3", "^t": "^{t+1}"}
    for match in re.finditer(r"(?<!t)(?<!t )[+-]|\\epsilon|\^2|\^t", latex):
        yield latex[: match.start()] + wrong[match[0]] + latex[match.end() :]


def wrong_blocks() -> list[tuple[str, str]]:
    """Every mutation of every block the chapters display."""
    return [(name, bad) for name, latex in CHAPTERS.items() for bad in mutations(latex)]


@pytest.mark.parametrize("chapter", book(), ids=lambda chapter: chapter.name)
def test_the_chapter_of_a_rule_displays_its_equation_and_its_code(
    chapter: Chapter,
) -> None:
    here = {n for n, r in rules.RULES.items() if r.declaration.chapter == chapter.name}
    shown = {f.options.get("label") for f in chapter.fences if f.name == "math"}
    assert {f"rule-{name}" for name in here} == {
        x for x in shown if f"{x}"[:5] == "rule-"
    }
    assert here <= {f.argument for f in chapter.fences if f.name == "rule-body"}


def test_a_chapter_that_a_rule_names_is_in_the_book() -> None:
    named = {rule.declaration.chapter for rule in rules.RULES.values()} - {None}
    assert named <= {chapter.name for chapter in book()}


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


def sign_ascent(gradient: Any, state: tuple[()] = (), *, lr: Any) -> Any:
    """A rule that looks at the sign alone."""
    return lr * sign(gradient), state


def test_a_sign_is_read_and_proved() -> None:
    latex = r"\theta_t = \theta_{t-1} + \eta \operatorname{sign}(g_t)"
    prove(parse(latex), sign_ascent)
    prove(parse(latex.replace("(g_t)", r"\left( 2 g_t \right)")), sign_ascent)
    for wrong in ("-g_t", "1 + g_t", "g_t^2", r"g_t - \theta_{t-1}"):
        with pytest.raises(AssertionError):
            prove(parse(latex.replace("g_t", wrong)), sign_ascent)


def test_unknown_symbol_is_named() -> None:
    latex = r"\theta_t = \theta_{t-1} + \omega g_t"
    with pytest.raises(AssertionError, match="omega"):
        prove(parse(latex), rules.plain)


@pytest.mark.parametrize("chapter", book(), ids=lambda chapter: chapter.name)
def test_an_equation_said_to_be_checked_is(chapter: Chapter) -> None:
    said = re.findall(r"\{checked\}`([^`]*)`", "\n".join(chapter.prose))
    assert set(said) <= {f"rule-{name}" for name in CHAPTERS} | {
        f"schedule-{name}" for name in SCHEDULES
    }
    shown = {f.options.get("label", "") for f in chapter.fences if f.name == "math"}
    proved = {label for label in shown if label.startswith(("rule-", "schedule-"))}
    assert proved == set(said)


def test_the_schedule_of_the_book_is_the_code_and_stands_once() -> None:
    assert list(SCHEDULES) == ["rate_factor"]
    prove_schedule(parse(SCHEDULES["rate_factor"]), rules.rate_factor)


def test_the_schedule_of_the_docstring_is_the_code() -> None:
    text = inspect.getdoc(rules.rate_factor) or ""
    match = re.search(r"\.\. math::(.*?)\n\n", text, re.S)
    assert match
    prove_schedule(parse(match[1]), rules.rate_factor)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\max(1, w)", "w"),  # t / 0 without a warmup, and decay from step 1 on
        ("(1, ", "(2, "),
        ("t - ", "t + "),
        (r"\gamma^", r"\gamma \gamma^"),
        (r"\eta\, r_t", r"r_t"),
        (r"\eta\, r_t", r"\eta"),
        (r"\min", r"\max"),
    ],
)
def test_a_wrong_schedule_is_not_proved(right: str, wrong: str) -> None:
    latex = SCHEDULES["rate_factor"]
    assert right in latex
    with pytest.raises(AssertionError):
        prove_schedule(parse(latex.replace(right, wrong)), rules.rate_factor)
