"""Each chapter's notebook: valid, whole, understood by any Jupyter, and harmless."""

from __future__ import annotations

import ast
import html as markup
import json
import re
import subprocess
import symtable
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from bookweb import notebook_buttons, notebook_cells
from bookweb.notebook import BELOW, MORE, Sheet, image
from bookweb.notebook_blocks import Fold, item, quoted
from bookweb.notebook_cells import Code
from bookweb.notebook_inline import Inline
from bookweb.repository import Repository
from docutils import nodes
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from gradient_ascent.exercises import load

from .notebooks import Notebook, notebook, runnable

FIRST, _, _ = notebook_cells.FIRST.partition("{")
GITHUB = Repository("https://github.com/owner/name", "github")
# What a number, a link or a directive leaves where the build has not settled it.
RAW = re.compile(
    r"\{[a-z:-]+\}`|^ *[`:]{3,}\{|\{\{|^\([\w-]+\)=$|glue:|\\tag\{\}", re.M
)
READER = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
READER.disable("text_join")  # what is escaped stays apart from the text
LEFT = re.compile(r"\]\(|[*_`$]|\| ?---|<\w")
WORD = re.compile(r"[^\W\d_]{2,}")
# What ends no word of a page, and what a term says when it is pointed at.
WITHIN = re.compile(
    r'<span class="meaning">.*?</span>|</?(?:a|b|em|span|strong)\b[^>]*>', re.S
)


@pytest.fixture(params=runnable(), ids=lambda chapter: chapter.name)
def book(request: pytest.FixtureRequest, html: Path) -> Notebook:
    """Each in turn."""
    return notebook(html, request.param)


def test_it_is_a_notebook_that_has_not_been_run(book: Notebook) -> None:
    nbformat.validate(nbformat.from_dict(book.read))  # ids too, and that they differ
    assert book.read["metadata"]["kernelspec"]["name"] == "python3"
    assert all(not c["outputs"] and c["execution_count"] is None for c in book.cells)
    assert book.cells[0]["source"].startswith(FIRST)


def test_it_has_all_cells_of_the_chapter_in_their_order(book: Notebook) -> None:
    cells = [(c.body.strip(), c.tags) for c in book.chapter.cells]
    assert [
        (
            c["source"].replace(notebook_cells.NO_GLUE, notebook_cells.GLUE).strip(),
            c["metadata"].get("tags", []),
        )
        for c in book.own
    ] == cells
    for cell in book.own:
        if "claim" in cell["metadata"].get("tags", []):
            assert cell["metadata"]["jupyter"]["source_hidden"]


def test_what_only_the_build_understands_is_gone(book: Notebook) -> None:
    prose = re.sub(r"^```.*?^```", "", book.text, flags=re.MULTILINE | re.DOTALL)
    assert RAW.findall(prose) == []
    assert "myst_nb" not in "".join(book.code)
    assert book.text.count("<details>") == book.text.count("</details>")


def test_no_two_words_run_together(book: Notebook) -> None:
    """Nor is there any other word that the page has not."""
    page = WORD.findall(markup.unescape(WITHIN.sub("", book.page)))
    text = re.sub(r"\]\(\S+\)|<img[^>]*>|\\(?=\W)", "", book.text)
    words = WORD.findall(text.replace(MORE, "").replace(BELOW, ""))
    assert {*words} - {*page} == set()


def test_it_counts_as_the_page_does(book: Notebook) -> None:
    """Equations, figures, theorems and exercises."""
    tags = re.findall(r"\\tag\{([\d.]+)\}", book.text)
    assert tags == re.findall(r'class="eqno"[^>]*>\(([\d.]+)\)', book.page)
    told = re.findall(r"\*\*((?:Fig\.|Theorem|Lemma|Exercise) [\d.]+)\*\*", book.text)
    shown = re.findall(r'"caption-number">(\w+\.? [\d.]+)\s*<', book.page)
    assert sorted(told) == sorted(shown)


def test_its_links_lead_somewhere(book: Notebook) -> None:
    """To a whole address, or to what the notebook holds."""
    kept = "data:image/svg+xml;base64,"
    for target in re.findall(r"\]\(([^\s)]+)\)", re.sub(r"\$[^$]*\$", "", book.text)):
        assert target.startswith(("https://", "http://")), target
    for source in re.findall(r'<img src="([^"]*)"', book.text):
        assert source.startswith(("https://", kept)), source


def test_any_reader_of_markdown_understands_it(book: Notebook) -> None:
    """Nothing that was to be markup is left in the text."""
    text = [
        part.content
        for token in READER.parse(book.text)
        for part in token.children or []
        if part.type == "text"
    ]
    assert [each[:200] for each in text if LEFT.search(each)] == []


def bound(code: str) -> set[str]:
    """The names that a cell leaves, but for modules and what it takes from them."""
    symbols = symtable.symtable(code, "cell", "exec").get_symbols()
    return {
        each.get_name()
        for each in symbols
        if each.is_assigned() and not each.is_imported()
    }


def test_what_is_added_takes_no_name_from_the_chapter(book: Notebook) -> None:
    """Whatever is run, and in which order: only `run` is imported again."""
    pairs = list(zip(book.cells, book.code))
    ours = set().union(*(bound(code) for cell, code in pairs if cell in book.added))
    theirs = "\n".join(code for cell, code in pairs if cell not in book.added)
    used = {n.id for n in ast.walk(ast.parse(theirs)) if isinstance(n, ast.Name)}
    assert ours.isdisjoint(used)
    labs = [cell for cell in book.added if "import run" in cell["source"]]
    assert not labs or "run" not in bound(theirs)


def test_every_exercise_can_be_solved_in_its_cell(book: Notebook) -> None:
    """And each stands there: the page has no other."""
    stubs = [c["source"] for c in book.cells if c["source"].startswith("%%check")]
    there = [
        each.argument for each in book.chapter.fences if each.name == "live-exercise"
    ]
    assert [stub.split()[1] for stub in stubs] == there
    for name, stub in zip(there, stubs):
        assert stub.partition("\n")[2] == load(name).stub.strip("\n")


def test_the_page_offers_it(book: Notebook) -> None:
    button = re.search(r'<a href="([^"]+)"[^>]*title="[^"]*as a notebook"', book.page)
    assert button
    assert (book.file.parent / button[1]).is_file()


RUNNER = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
for name, cells in json.load(sys.stdin).items():
    for cell in cells:
        print(name, cell.splitlines()[0])
        shell.run_cell(cell).raise_error()
"""


@pytest.mark.slow
def test_what_is_added_runs(html: Path, tmp_path: Path) -> None:
    """In every notebook; all else is what the build has run already."""
    cells = {
        chapter.name: [c["source"] for c in notebook(html, chapter).added]
        for chapter in runnable()
    }
    done = subprocess.run(
        [sys.executable, "-c", RUNNER],
        cwd=tmp_path,
        input=json.dumps(cells),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert done.stdout.count("Not yet. ") == str(cells).count("%%check")
    assert not any(tmp_path.iterdir())


def test_the_first_cell_installs_from_the_repository() -> None:
    """Where that is known; else it says where."""
    known, unknown = notebook_cells.first(GITHUB), notebook_cells.first(None)
    install = re.search(r"^    (%pip install .*)$", known.source, re.MULTILINE)
    assert install
    assert '"gradient-ascent-book[torch,plots,benchmarks] @ git+' in install[1]
    assert "%pip" not in unknown.source


@pytest.mark.parametrize("module", re.findall(r'"([\w.]+)"', FIRST))
def test_the_first_cell_sees_whatever_is_missing(module: str) -> None:
    code, _, _ = notebook_cells.first(None).source.partition("%load_ext")
    exec(code, {})
    with pytest.raises(ImportError, match="in the folder of the book: pip install"):
        exec(code.replace(f'"{module}"', '"no_such_module"'), {})


def sheet() -> Sheet:
    return Sheet(Path("page.html"), "")


def test_what_is_folded_stays_so_around_a_cell() -> None:
    made = sheet()
    for part in (Fold("Solution"), "One.", Code("1 + 1"), "Two.", Fold(), "Three."):
        made.add(part)
    made.end()
    assert [cell["source"] for cell in made.cells] == [
        "<details><summary>Solution</summary>\n\nOne.\n\n</details>",
        "1 + 1",
        "<details><summary>Solution, continued</summary>\n\nTwo.\n\n</details>"
        "\n\nThree.",
    ]
    assert made.cells[1]["metadata"] == {"jupyter": {"source_hidden": True}}


def test_text_is_no_markup() -> None:
    """Unless it was."""
    line = Inline(lambda link: str(link["refuri"]))
    said = nodes.paragraph(
        "",
        "",
        nodes.Text("1. a_b *c* <d> $e "),
        nodes.literal("", "x`y"),
        nodes.math("", "|z|"),
        nodes.reference("", "there", refuri="https://example.org"),
    )
    assert line.paragraph(said) == (
        r"1\. a\_b \*c\* \<d> \$e `` x`y ``$|z|$[there](https://example.org)"
    )
    assert quoted("a\n\nb") == "> a\n>\n> b"
    assert item("10.", "a\n\nb") == "10. a\n\n    b"


def test_a_picture_says_what_it_shows() -> None:
    assert image("a.svg", 'one\n "two" [3] <4>') == (
        '<img src="a.svg" alt="one &quot;two&quot; [3] &lt;4&gt;"'
        ' style="background: white">'
    )


def test_a_bar_in_a_table_is_no_border() -> None:
    formula = nodes.math("", r"|x| + \|y\|")
    nodes.row("", nodes.entry("", nodes.paragraph("", "", formula)))
    assert Inline(lambda _: "").one(formula) == r"$\vert x\vert  + \Vert y\Vert $"


def test_buttons_open_the_notebook_on_its_branch() -> None:
    menu = notebook_buttons.launch(GITHUB, "chapters/adaptive/adam.ipynb")
    assert [each["url"] for each in menu["buttons"]] == [
        "https://mybinder.org/v2/gh/owner/name/notebooks"
        "?urlpath=lab/tree/chapters/adaptive/adam.ipynb",
        "https://colab.research.google.com/github/owner/name/blob/notebooks"
        "/chapters/adaptive/adam.ipynb",
    ]


def test_no_page_without_cells_has_one() -> None:
    env = SimpleNamespace(metadata={"page": {}})
    builder = SimpleNamespace(get_target_uri=lambda page: f"{page}.html")
    app = SimpleNamespace(env=env, builder=builder)
    assert notebook_buttons.place(app, "page") == ""
    env.metadata["page"]["kernelspec"] = {}
    assert notebook_buttons.place(app, "page") == "page.ipynb"
