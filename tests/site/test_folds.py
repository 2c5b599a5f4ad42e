"""What stands folded, and what the title of an exercise says."""

from __future__ import annotations

import pytest
from bookweb.exercises import about
from bs4 import BeautifulSoup, Tag

from tests.site.soup import soup
from tests.site.test_extension import build

PAGE = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
---
# Small

```{prf:theorem} One
:label: thm-one
One is one.
```

```{prf:proof}
:class: dropdown
It *is*. Proof. is a word.
```

```{prf:proof}
This one stands open.
```

````{exercise-start} Which?
:label: ex-small-1
:class: what-if level-3
````

Say it.

```{admonition} Hint
:class: dropdown hint

Look at `x`.
```

````{exercise-end}
````

````{solution-start} ex-small-1
:class: dropdown
````

Because.

```{code-cell} ipython3
print("said")
```

````{solution-end}
````

```{exercise}
:label: ex-small-2
Without a kind.
```

See {numref}`ex-small-1`.
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> BeautifulSoup:
    folder = tmp_path_factory.mktemp("folds")
    code, said = build(folder, PAGE)
    assert code == 0, said
    return soup(folder / "_build/html/chapters/intro.html")


def words(part: Tag | None) -> str:
    assert part is not None
    return " ".join(part.text.split())


@pytest.mark.build
def test_a_proof_is_folded_where_it_says_so(page: BeautifulSoup) -> None:
    folded = page.select_one("details.fold.proof")
    assert words(folded) == "Proof It is. Proof. is a word."
    assert folded and folded.em
    assert words(folded.summary) == "Proof"
    stands = page.select_one("div.proof:not(.theorem)")
    assert words(stands) == "Proof. This one stands open."
    assert words(page.select_one(".theorem")).startswith("Theorem 1 (One)")


@pytest.mark.build
def test_a_hint_and_a_solution_are_folded(page: BeautifulSoup) -> None:
    hint = page.select_one(".exercise details.fold.hint")
    assert words(hint) == "Hint Look at x."
    solution = page.select_one("details.fold.solution")
    assert solution and words(solution.summary) == "Solution"
    assert "said" in words(solution.select_one(".cell_output"))
    assert not solution.find_parent("details")
    assert not page.select(".dropdown.admonition, .toggle-button")
    assert "togglebutton" not in str(page)


@pytest.mark.build
def test_a_title_says_kind_and_level(page: BeautifulSoup) -> None:
    first, second = page.select("div.exercise")
    title = first.select_one(".admonition-title")
    assert words(title) == "Exercise 1 (Which?) what if, level 3"
    assert words(second.select_one(".admonition-title")) == "Exercise 2"
    assert words(page.select("a.reference.internal")[-1]) == "Exercise 1"


@pytest.mark.parametrize(
    ("classes", "said"),
    [
        (["exercise", "prove", "level-1"], "prove, level 1"),
        (["level-2"], "level 2"),
        (["guess", "level-4"], ""),
    ],
)
def test_kinds_and_levels_in_words(classes: list[str], said: str) -> None:
    assert about(classes) == said
