"""What the first page shows of the chapters is theirs, and proved where it is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from bookweb import pip_line, proofs
from bookweb.repository import Repository
from bs4 import BeautifulSoup

from tests.book.chapters import Chapter
from tests.site.contents import ROOT

MOMENTUM = r"""\begin{aligned}
v_t &= \mu v_{t-1} + g_t \\
\theta_t &= \theta_{t-1} + \eta v_t
\end{aligned}"""
CHAPTER = """# One

(claim-one)=
One is one,
and so it stays.

```{code-cell} ipython3
:tags: [claim]

assert 1 == 1
```

Two.

```{code-cell} ipython3
:tags: [claim]

assert 2 == 2
```
"""


def test_the_proof_shows_each_step_and_no_difference() -> None:
    _, _, *rows = proofs.proof(MOMENTUM, "momentum").splitlines()
    cells = [row.strip("| ").split(" | ") for row in rows]
    assert [row[:2] for row in cells] == [["1", "$0$"], ["2", "$0$"], ["3", "$0$"]]
    assert all(r"g_{3}" in text and r"\mu" in text for text in cells[2][2:])


def test_a_wrong_equation_is_not_shown() -> None:
    with pytest.raises(AssertionError, match="the parameter after step 1"):
        proofs.proof(MOMENTUM.replace("+ \\eta", "- \\eta"), "momentum")


def test_a_claim_is_the_paragraph_under_its_label_and_the_cell_below(
    tmp_path: Path,
) -> None:
    chapter = tmp_path / "one.md"
    chapter.write_text(CHAPTER)
    claim = proofs.found(proofs._CLAIM, "claim-one", chapter)
    assert claim["sentences"] == "One is one,\nand so it stays.\n"
    assert claim["code"] == "assert 1 == 1"
    with pytest.raises(ValueError, match="one has nothing of the kind under 'claim-2'"):
        proofs.found(proofs._CLAIM, "claim-2", chapter)


def test_the_package_is_had_from_where_it_is_published() -> None:
    known = Repository("https://github.com/owner/name", "github")
    assert pip_line.command(known) == (
        'pip install "gradient-ascent-book[torch] @ git+https://github.com/owner/name"'
    )
    assert pip_line.command(None).startswith('pip install ".[torch]" ')


@pytest.mark.browser
def test_the_first_page_shows_all_three(html: Path) -> None:
    """The equation with its code, a chapter's claim word for word, an exercise."""
    text = (html / "chapters" / "intro.html").read_text(encoding="utf-8")
    equation, claim, exercise = BeautifulSoup(text, "html.parser").select(
        "details.proof-sample"
    )
    assert equation.select(".math") and "velocity" in equation.pre.text
    differences = [row.select("td")[1].text for row in equation.select("tbody tr")]
    assert len(differences) == 3 and all("0" in each for each in differences)
    learning_rate = Chapter(ROOT / "chapters" / "first-order" / "learning-rate.md")
    asserted = [
        cell.body.strip() for cell in learning_rate.cells if "claim" in cell.tags
    ]
    assert claim.pre.text.strip() in asserted
    assert claim.blockquote.text.lstrip().startswith("In general, a step from")
    assert exercise.select_one(".live-exercise")["data-name"] == "first_step"
