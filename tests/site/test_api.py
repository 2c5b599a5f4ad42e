"""The API's pages: every public name once, made from what it is and what it says."""

from __future__ import annotations

import doctest
import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import Literal

import pytest
from bookweb import proofs
from bookweb.api import shown
from bookweb.api_docstrings import ready
from bookweb.api_facts import cost, facts
from bookweb.api_landscapes import declared, formula
from bookweb.api_links import NOWHERE, Links, elsewhere
from bookweb.api_names import AREAS, PACKAGE, PAGES, every_name, rule_of
from bookweb.api_types import readable, spelled
from bookweb.repository import Repository
from bs4 import BeautifulSoup, Tag
from sphinx.domains.python import ObjectEntry
from sphinx.util.inventory import InventoryFile

import gradient_ascent
from gradient_ascent import Trace, ops, optim, plots, rules
from gradient_ascent.landscapes import LANDSCAPES
from gradient_ascent.rules import RULES
from gradient_ascent.trace import Ending
from tests.site.soup import soup

TWO_STEPS = """
Step.

    x = 1

Returns:
    A pair: of two.

Source: one
    and two.
"""
OPTIMIZERS = [*optim.OPTIMIZERS.values(), optim.SteepestAscent]


def page(html: Path, name: str) -> BeautifulSoup:
    return soup(html / f"{name}.html")


def entry(html: Path, full: str) -> Tag:
    """What the API's page says of a name."""
    found = page(html, f"{PAGES}/{full.split('.')[1]}").find(id=full)
    assert isinstance(found, Tag) and isinstance(found.parent, Tag)
    return found.parent


def test_every_public_name_is_told_once(html: Path) -> None:
    told = [
        str(term["id"])
        for area in AREAS
        for term in page(html, f"{PAGES}/{area}").select("article dt.sig[id]")
        if not term.find_parent("dl", class_="py").find_parent("dl", class_="py")
    ]
    assert sorted(told) == sorted(every_name())


def test_what_the_package_exports_is_an_area_or_a_name_of_one() -> None:
    short = {*gradient_ascent.__all__, "plots"} - {*AREAS}
    areas = {each.name for each in every_name().values()}
    assert short <= areas


def test_every_public_name_says_what_it_is(html: Path) -> None:
    for full in every_name():
        said = entry(html, full).select_one("dd > p")
        assert said and said.text.strip(), full


def test_all_of_it_can_be_read(html: Path) -> None:
    """Nothing that Sphinx has not understood, nothing said of nothing, no odd order."""
    garbage = (
        r"`|\bArgs:|<factory>|<function|<update rule|\(\*args, \*\*kwargs\)|~\w+\."
    )
    for area in AREAS:
        article = page(html, f"{PAGES}/{area}").article
        assert article
        for told in article.select("dl.field-list li > p, dl.field-list > dd > p"):
            assert not told.text.endswith("– "), told.text
        for box in article.select(".api-facts"):
            assert not box.find_next_siblings("dl", class_="field-list")
        shown = [x for x in article.find_all(string=True) if not x.find_parent("pre")]
        assert not re.findall(garbage, "".join(shown)), area


def test_the_inventory_has_the_names(html: Path) -> None:
    with (html / "objects.inv").open("rb") as file:
        inventory = InventoryFile.load(file, "https://book", lambda *at: "/".join(at))
    names = {name: at[2] for kind in inventory.values() for name, at in kind.items()}
    assert {PACKAGE, *every_name(), *(f"{PACKAGE}.{area}" for area in AREAS)} <= {
        *names
    }
    short = [name for name in gradient_ascent.__all__ if name not in (*AREAS, "plots")]
    for name in short:
        assert names[f"{PACKAGE}.{name}"].startswith(f"https://book/{PAGES}/")


@pytest.mark.parametrize("full", rule_of())
def test_a_rule_has_its_chapters_equation_and_leads_there(
    html: Path, full: str
) -> None:
    told, rule = entry(html, full), rule_of()[full]
    formula = told.select_one(".math-box annotation")
    equation = proofs.rule_equation(rule)
    assert formula and equation
    assert formula.text.split() == equation.latex.split()
    chapter = RULES[rule].declaration.chapter
    assert told.select_one(f'.api-facts a[href$="{chapter}.html"]')


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("SGD", "keeps nothing. A step reads and writes 3 numbers"),
        ("Momentum", "(`momentum_buffer`), 4 bytes in float32"),
        ("Adam", "keeps 2 numbers beside each of the parameters (`exp_avg`, `exp"),
        ("Adam", "reads and writes 7 numbers for each of the parameters, 28 bytes"),
        ("AMSGrad", "keeps 3 numbers"),
        ("SteepestAscent", "keeps nothing"),
    ],
)
def test_a_cost_is_that_of_the_rule(html: Path, name: str, said: str) -> None:
    """The parameter and each number kept move both ways, the gradient one way."""
    whole = cost(getattr(optim, name))
    assert said in whole and whole.endswith(".")
    told = entry(html, f"{PACKAGE}.optim.{name}").select_one(".api-facts")
    assert told and said.replace("`", "").split("(")[0] in told.text


def test_lbfgs_keeps_what_the_page_says() -> None:
    import torch

    x = torch.linspace(1, 2, 50, requires_grad=True)
    optimizer = optim.LBFGS([x], lr=0.02, max_iter=20, history_size=3)

    def height() -> torch.Tensor:
        optimizer.zero_grad()
        f = -(x**4).sum()
        f.backward()
        return f

    optimizer.step(height)
    kept = [each for each in optimizer.state[x].values() if each is not None]
    tensors = [y for each in kept for y in (each if isinstance(each, list) else [each])]
    whole = [y for y in tensors if isinstance(y, torch.Tensor) and y.shape == x.shape]
    assert len(whole) == 2 * 3 + 2
    assert "2 × `history_size` + 2 numbers" in cost(optim.LBFGS)


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_an_optimizer_has_an_example(kind: type) -> None:
    """That it gives what it says is what `test_doctests` sees to."""
    assert len(doctest.DocTestParser().get_examples(inspect.getdoc(kind) or "")) > 3


def test_a_source_is_linked_where_the_repository_is_known() -> None:
    full = f"{PACKAGE}.optim.Adam"
    bare = dict(facts(full, optim.Adam, None))
    there = dict(facts(full, optim.Adam, Repository("https://forge/it", "github")))
    assert bare["Code"] == "``gradient_ascent/optim/adam.py``"
    assert "<https://forge/it/blob/main/gradient_ascent/optim/adam.py>" in there["Code"]


def test_a_docstring_is_made_ready() -> None:
    made = ready(TWO_STEPS, r"a &= b \\ c &= d")
    assert ".. code-block:: python\n\n    x = 1" in made
    assert "Returns:\n    : A pair: of two." in made
    assert "Source: one\nand two.\n" in made
    assert made.index("Step.") < made.index(r"\begin{aligned}") < made.index("x = 1")


def test_defaults_are_told_as_a_reader_writes_them() -> None:
    states = "(gradient, state=(0,), *, lr=0.001)"
    assert "=MomentumState(momentum_buffer=0)," in readable(rules.nesterov, states)
    assert "=LionState()," in readable(rules.lion, states)
    assert readable(Trace, "(a, positions=<factory>)") == "(a, positions=[])"
    assert readable(ops.Number, "(*args, **kwargs)") == ""
    assert shown(Ending).startswith("Literal['steps', ")
    assert shown(plots.WIDTH) == "6.0"
    assert shown(LANDSCAPES) == ""


def test_a_landscape_has_its_formula() -> None:
    squares = r"\left(1 - x\right)^{2} + 100 \left(- x^{2} + y\right)^{2}"
    assert formula(LANDSCAPES["rosenbrock"]) == f"f(x, y) = {squares}"
    assert r"\cos{\left(2 \pi x \right)}" in formula(LANDSCAPES["rastrigin"])
    assert dict(declared(LANDSCAPES["saddle"])) == {
        "Domain": r":math:`[-2, 2] \times [-2, 2]`",
        "Start": ":math:`(-1.5, 0.001)`",
        "Saddles": ":math:`(0, 0)`",
    }


def test_types_are_told_as_a_reader_knows_them() -> None:
    from gradient_ascent.constraints import Constraints

    kind = Literal["super", "sub"]
    assert spelled(kind | list[kind], "ops").endswith("| list[Literal['super', 'sub']]")

    assert spelled(Constraints | None, "proximal").startswith(
        "~gradient_ascent.constraints.Constraints | None"
    )
    assert spelled("Axes | None", "plots") == "~matplotlib.axes.Axes | None"


@pytest.mark.parametrize("name", [n for n in elsewhere() if "." in n])
def test_what_is_told_elsewhere_is_there(name: str) -> None:
    """The name imports, so it is no misspelling; its address has its project's form."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:count]))
        except ImportError:
            continue
        for part in parts[count:]:
            found = getattr(found, part)
        break
    address = elsewhere()[name]
    assert address == NOWHERE or re.match(
        r"https://(docs\.python\.org/3/library|docs\.pytorch\.org/docs/stable"
        r"|docs\.scipy\.org/doc/scipy|matplotlib\.org/stable)/[\w./]+\.html#[\w.-]+$",
        address,
    )


def test_what_is_told_elsewhere_is_used(html: Path) -> None:
    used = {
        link["href"]
        for name in ("", *(f"/{area}" for area in AREAS))
        for link in page(html, f"{PAGES}{name}").select("article a.external")
    }
    assert {*elsewhere().values()} - {NOWHERE} <= used


OBJECTS = {
    f"{PACKAGE}.{name}": ObjectEntry("page", name, "class", aliased)
    for name, aliased in (
        ("optim.Adam", False),
        ("minitorch.Adam", False),
        ("optim.adam.Adam", True),
        ("constraints.Box", False),
        ("optim.AdamW", False),
        ("rules.adam", False),
        ("maximization.maximize", False),
        ("maximize", True),
        ("Result", True),
    )
}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("optim.Adam", f"{PACKAGE}.optim.Adam"),
        (f"{PACKAGE}.maximize", f"{PACKAGE}.maximize"),
        ("Box", f"{PACKAGE}.constraints.Box"),
        ("Result", f"{PACKAGE}.Result"),
        ("Adam", None),  # of two areas
        ("AdamW", None),  # torch's, perhaps
        ("adam", None),  # any word
        ("maximize", None),  # an argument, mostly
        ("optim.Adamax", None),
    ],
)
def test_a_chapter_means_what_is_sure(said: str, meant: str | None) -> None:
    links = Links.__new__(Links)
    links.objects = OBJECTS
    assert links.in_chapter(said) == meant


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("adaptive/adamw", "optim.AdamW"),
        ("practice/escaping", "maximization.maximize"),
        ("practice/constraints", "optim.SteepestAscent"),
    ],
)
def test_a_chapter_links_names_and_nothing_in_a_link_or_heading(
    html: Path, name: str, full: str
) -> None:
    links = page(html, f"chapters/{name}").select('article a[href*="reference/api"]')
    told = [link for link in links if link.code]
    assert f"{PACKAGE}.{full}" in {str(a["href"]).partition("#")[2] for a in told}
    for link in told:
        assert not link.find_parent(["a", "pre", *(f"h{n}" for n in range(1, 7))])
