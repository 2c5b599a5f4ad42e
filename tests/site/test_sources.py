"""The package's code as a page shows it, from the package's own files."""

from __future__ import annotations

import ast
import pickle
from pathlib import Path

import pytest
from bookweb import sources
from bs4 import BeautifulSoup

from gradient_ascent.rules import RULES
from tests.site.test_extension import ADDRESS, build

STEP = "gradient_ascent.minitorch.optimizers.Optimizer.step"
HALVE = '''\
"""A module."""


def one():
    """One line."""
    return 1


@property
def two(x):
    """Several.

    Lines.
    """
    # Why.
    text = """No docstring."""

    return text


class Three(int):
    """Several.

    Lines.
    """

    size: int = 3

    def method(self):
        """One line."""

    def other(self):
        """Several.

        Lines.
        """
        return 4
'''
TWO = '# Why.\ntext = """No docstring."""\n\nreturn text'
THREE = '''\
class Three(int):
    size: int = 3

    def method(self):
        """One line."""

    def other(self):
        return 4'''


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with one module among its rules."""
    module = tmp_path / "gradient_ascent" / "rules" / "halve.py"
    module.parent.mkdir(parents=True)
    module.write_text(HALVE)
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    monkeypatch.setattr(sources, "PACKAGE", tmp_path / "gradient_ascent")
    return module


def test_a_body_is_what_stands_below_the_docstring(package: Path) -> None:
    assert sources.body("one") == sources.Excerpt(package, "return 1")
    assert sources.body("two").code == TWO
    assert sources.body("two").file == "gradient_ascent/rules/halve.py"


def test_a_definition_leaves_out_long_docstrings(package: Path) -> None:
    one, two, three, other = (
        sources.definition(f"gradient_ascent.rules.halve.{name}").code
        for name in ("one", "two", "Three", "Three.other")
    )
    assert one == 'def one():\n    """One line."""\n    return 1'
    assert two.startswith("@property\ndef two(x):\n    # Why.\n    text =")
    assert three == THREE
    assert other == "def other(self):\n    return 4"


@pytest.mark.parametrize(
    "name",
    [
        "gradient_ascent.rules.halve.four",
        "gradient_ascent.rules.halve",
        "gradient_ascent.rules.halve.Three.method.deeper",
        "gradient_ascent.nowhere.one",
        "elsewhere.rules.halve.one",
        "one",
        "",
    ],
)
def test_what_is_not_there_is_told(package: Path, name: str) -> None:
    with pytest.raises(ValueError, match=f"there is no '{name}'"):
        sources.definition(name)
    with pytest.raises(ValueError, match=f"no function '{name}.'"):
        sources.body(f"{name}.")


@pytest.mark.parametrize("name", RULES)
def test_a_rule_shows_what_it_runs(name: str) -> None:
    """Statement for statement, and no docstring."""
    found = sources.body(name)
    tree = ast.parse(found.path.read_text(encoding="utf-8"))
    rule = next(n for n in tree.body if getattr(n, "name", "") == name)
    shown = ast.parse(found.code).body
    assert [ast.dump(n) for n in shown] == [ast.dump(n) for n in rule.body[1:]]


PAGE = """# Small

Words.

```{rule-body} adam
```

```{source-of} %s
```
"""


@pytest.mark.build
@pytest.mark.parametrize("address", [ADDRESS, None])
def test_a_page_shows_code_and_file(tmp_path: Path, address: str | None) -> None:
    """Highlighted, with a link where the repository is known."""
    environment = {"GITHUB_REPOSITORY": "owner/name"} if address else {}
    code, said = build(tmp_path / "book", PAGE % STEP, **environment)
    assert code == 0, said
    built = tmp_path / "book" / "_build"
    text = (built / "html" / "chapters" / "intro.html").read_text(encoding="utf-8")
    rule, step = BeautifulSoup(text, "html.parser").select("div.source")
    assert rule.pre.text.rstrip() == sources.body("adam").code
    assert step.pre.text.rstrip() == sources.definition(STEP).code
    assert rule.pre.find("span", class_="k").text == "if"
    file = rule.find(class_="source-file")
    assert file.text == "gradient_ascent/rules/adam.py"
    link = file.a and file.a["href"]
    assert link == (address and f"{address}/blob/main/gradient_ascent/rules/adam.py")
    known = pickle.loads((built / ".doctrees" / "environment.pickle").read_bytes())
    assert str(sources.body("adam").path) in known.dependencies["chapters/intro"]


@pytest.mark.build
def test_an_unknown_name_stops_the_build(tmp_path: Path) -> None:
    code, said = build(tmp_path / "book", PAGE.replace("adam", "adom") % "nowhere")
    assert code != 0
    assert "rule-body: gradient_ascent.rules has no function 'adom'" in said
