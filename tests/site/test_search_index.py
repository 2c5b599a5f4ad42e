"""What the search knows of a page: its sections' headings, prose and code."""

from __future__ import annotations

import pytest
from bookweb.search import plain, sections
from docutils import nodes
from docutils.utils import new_document


def _section(name: str, heading: str, *parts: nodes.Node) -> nodes.section:
    return nodes.section("", nodes.title("", heading), *parts, ids=[name])


def test_a_page_is_its_sections() -> None:
    """The first has the title and the page's own address, each other one its place."""
    deeper = _section("deeper", "Deeper", nodes.paragraph("", "At the bottom."))
    below = _section("below", "Below", nodes.paragraph("", "Under it."), deeper)
    document = new_document("page")
    document += _section("top", "Top", nodes.paragraph("", "It opens."), below)
    assert list(sections(document, "a/page.html")) == [
        {
            "address": "a/page.html",
            "title": "Top",
            "prose": "It opens.",
            "code": "",
        },
        {
            "address": "a/page.html#below",
            "heading": "Below",
            "page": "Top",
            "prose": "Under it.",
            "code": "",
        },
        {
            "address": "a/page.html#deeper",
            "heading": "Deeper",
            "page": "Top",
            "prose": "At the bottom.",
            "code": "",
        },
    ]


def test_prose_is_what_is_read_and_code_its_words() -> None:
    """Lists and captions are prose; outputs, notes, comments, raw HTML are neither."""
    code = nodes.literal_block("", "lr = 0.1\nstep(lr)")
    output = nodes.container(
        "", nodes.literal_block("", "printed"), classes=["cell_output"]
    )
    formula = nodes.paragraph(
        "", "", nodes.Text("Let "), nodes.math("", r"\beta_2"), nodes.Text("\nbe so.")
    )
    item = nodes.list_item("", nodes.paragraph("", "An item."))
    figure = nodes.figure("", nodes.image(alt="seen"), nodes.caption("", "A caption."))
    proof = nodes.section("", nodes.paragraph("", "Proof of it."))  # has no title
    note = nodes.paragraph(
        "", "", nodes.inline("", "checked", classes=["checked"])
    )  # of an equation
    file = nodes.paragraph("", "rules/adam.py", classes=["source-file"])
    unread = [
        note,
        file,
        nodes.comment("", "no"),
        nodes.raw("", "<p>no</p>", format="html"),
    ]
    document = new_document("page")
    document += _section(
        "top", "Top", formula, code, output, nodes.bullet_list("", item), figure,
        proof, nodes.math_block("", r"\theta_t"), *unread,
    )  # fmt: skip
    (found,) = sections(document, "page.html")
    assert found["prose"] == "Let β₂ be so. An item. · A caption. Proof of it. …"
    assert found["code"] == "lr 0.1 step"


@pytest.mark.parametrize(
    ("formula", "line"),
    [
        ("x", "x"),
        (r"\eta < 0.02", "η < 0.02"),
        (r"2\mu", "2μ"),
        (r"\theta_t", "θₜ"),
        (r"p_0^2 + p_1^2", "p₀² + p₁²"),
        (r"\beta^t \le 1", "βᵗ ≤ 1"),
        (r"\theta_{t-1}", "…"),
        (r"\frac{1}{2}", "…"),
        (r"x^a", "…"),
        (r"\nosuchmacro", "…"),
    ],
)
def test_a_formula_is_a_line_or_dots(formula: str, line: str) -> None:
    """Letters and signs where these say it all."""
    assert plain(formula) == line
